import { expect, test } from "vitest";
import { roundPauseMs, takerCount } from "./rounds.ts";

test("the chatty hand out a zine every 30 s, the silent every 5 min", () => {
  expect([100, 99, 50, 1, 0].map(roundPauseMs)).toEqual([
    30_000, 32_000, 165_000, 297_000, 300_000,
  ]);
});

test("three to five get it, one or two where memory is short", () => {
  const fractions = [0, 0.34, 0.67, 0.999];
  expect(fractions.map((fraction) => takerCount(false, fraction))).toEqual([3, 4, 5, 5]);
  expect(fractions.map((fraction) => takerCount(true, fraction))).toEqual([1, 1, 2, 2]);
});
