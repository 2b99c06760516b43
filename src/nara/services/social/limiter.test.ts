import { expect, test } from "vitest";
import { createSubjectLimiter } from "./limiter.ts";

const limits = { events: 2, windowS: 300, subjects: 3 };

test("a subject has its share, and a new one when the window has passed", () => {
  const limiter = createSubjectLimiter(limits);
  expect([limiter.allow("bob", 0), limiter.allow("bob", 300), limiter.allow("bob", 300)]).toEqual([
    true,
    true,
    false,
  ]);
  expect(limiter.allow("carol", 300)).toBe(true);
  expect(limiter.allow("bob", 301)).toBe(true);
});

test("however many subjects are invented, few are remembered, the latest", () => {
  const limiter = createSubjectLimiter(limits);
  limiter.allow("bob", 0);
  limiter.allow("bob", 0);
  for (let index = 0; index < 1000; index++) limiter.allow(`ghost-${index}`, 0);
  expect(limiter.size).toBe(3);
  expect(limiter.allow("bob", 0)).toBe(true);
});
