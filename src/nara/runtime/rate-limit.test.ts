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

test("what costs more than is left goes through once, and makes the next wait longer", async () => {
  const clock = createVirtualClock();
  const allow = createRateLimit(clock, 10);
  expect(allow("alice", 6, 12)).toBe(true);
  expect(allow("alice", 6)).toBe(false);
  await clock.pass({ seconds: 60 });
  expect(allow("alice", 6)).toBe(false);
  await clock.pass({ seconds: 20 });
  expect(allow("alice", 6)).toBe(true);
});

test("what was given back can be taken again, and is never more than a minute's", () => {
  const allow = createRateLimit(createVirtualClock(), 10);
  expect(allow("", 2, 2)).toBe(true);
  expect(allow("", 2)).toBe(false);
  allow("", 2, -2);
  allow("", 2, -2);
  expect([1, 2, 3].map(() => allow("", 2))).toEqual([true, true, false]);
});
