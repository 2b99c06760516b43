import { expect, test } from "vitest";
import { formatted, median } from "./report.ts";

test("a line holds figure, baseline, ratio, budget and verdict", () => {
  const text = formatted({
    name: "port in Node",
    figure: 19_432.6,
    unit: "/s",
    baseline: 20_000,
    ratio: 0.97163,
    budget: "≥ 85 % of WebCrypto",
    ok: true,
  });
  expect(text.trim().split(/ {2,}/)).toEqual([
    "port in Node",
    "19,433 /s (baseline 20,000 /s)",
    "ratio 0.972",
    "budget ≥ 85 % of WebCrypto",
    "ok",
  ]);
});

test("without a baseline the line still ends in its verdict", () => {
  const text = formatted({
    name: "size",
    figure: 30.512,
    unit: "KB",
    budget: "≤ 30 KB",
    ok: false,
  });
  expect(text.trim().split(/ {2,}/)).toEqual(["size", "30.5 KB", "budget ≤ 30 KB", "miss"]);
});

test("the median is the middle figure, or between the middle two", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([1, 9, 5, 7])).toBe(6);
  expect(median([4])).toBe(4);
  expect(median([])).toBeNaN();
});
