import { expect, test } from "vitest";
import { createVirtualClock } from "../testing/virtual-clock.ts";
import { createRateLimit } from "./rate-limit.ts";

test("each key has its own allowance, refilled over a minute", async () => {
  const clock = createVirtualClock();
  const allow = createRateLimit(clock, 10);
  expect([1, 2, 3, 4].map(() => allow("alice", 3))).toEqual([true, true, true, false]);
  expect(allow("bob", 3)).toBe(true);
  await clock.pass({ seconds: 20 });
  expect([1, 2].map(() => allow("alice", 3))).toEqual([true, false]);
  await clock.pass({ hours: 1 });
  expect([1, 2, 3, 4].map(() => allow("alice", 3))).toEqual([true, true, true, false]);
});

test("only so many keys are watched; the one not heard of for longest is forgotten", () => {
  const allow = createRateLimit(createVirtualClock(), 2);
  expect(allow("alice", 1)).toBe(true);
  expect(allow("alice", 1)).toBe(false);
  allow("bob", 1);
  allow("carol", 1);
  expect(allow("alice", 1)).toBe(true);
});
