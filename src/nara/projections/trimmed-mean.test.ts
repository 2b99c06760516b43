import { expect, test } from "vitest";
import { trimmedMean, trimmedMeanPositive } from "./trimmed-mean.ts";

test("one liar among five does not move the mean", () => {
  expect(trimmedMean([100, 100, 100, 100, 1_000_000]).mean).toBe(100);
});

test("it tells what is too far off", () => {
  expect(trimmedMean([9, 10, 11])).toEqual({ mean: 10, lowest: 2, highest: 50 });
  expect(trimmedMean([])).toEqual({ mean: 0, lowest: 0, highest: 0 });
});

test("few values or many, in whatever order, it is the same mean", () => {
  const values = Array.from({ length: 99 }, (_, at) => 100 + ((at * 37) % 99));
  expect(trimmedMean(values).mean).toBe(149);
  expect(trimmedMean(values.slice(0, 5))).toEqual(trimmedMean(values.slice(0, 5).reverse()));
  expect(trimmedMean([300, 1, 200, 2, 100]).mean).toBe(200);
});

test("zeros and less say nothing about a count", () => {
  expect(trimmedMeanPositive([0, -5, 7]).mean).toBe(7);
});

test("sums beyond 2^53 are exact", () => {
  const large = Number.MAX_SAFE_INTEGER;
  expect(trimmedMean([large, large - 1, large - 2]).mean).toBe(large - 1);
});
