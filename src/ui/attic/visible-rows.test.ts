import { expect, test } from "vitest";
import { shownRows, visibleRows } from "./visible-rows.ts";

const sight = { topPx: 0, heightPx: 500, rowPx: 100, total: 20_000, held: -1 };
const ends = (rows: readonly number[]) => [rows[0], rows.at(-1), rows.length];

test("at the top, what is in sight and a few below it", () => {
  expect(ends(visibleRows(sight))).toEqual([0, 13, 14]);
});

test("in the middle, a few on either side", () => {
  expect(ends(visibleRows({ ...sight, topPx: 1_000_050 }))).toEqual([9992, 10_014, 23]);
});

test("at the very end nothing beyond it, even when it is scrolled over", () => {
  expect(ends(visibleRows({ ...sight, topPx: 1_999_500 }))).toEqual([19_987, 19_999, 13]);
  expect(visibleRows({ ...sight, total: 3, topPx: 9000 })).toEqual([2]);
});

test("a row with the focus stays while everything else scrolls by", () => {
  expect(visibleRows({ ...sight, topPx: 100_000, held: 3 })[0]).toBe(3);
  expect(visibleRows({ ...sight, held: 700 }).at(-1)).toBe(700);
  expect(visibleRows({ ...sight, held: 2 })).toEqual(visibleRows(sight));
  expect(visibleRows({ ...sight, held: 30_000 })).toEqual(visibleRows(sight));
});

test("an empty list, or one not measured yet, has no rows", () => {
  expect(visibleRows({ ...sight, total: 0 })).toEqual([]);
  expect(visibleRows({ ...sight, rowPx: 0 })).toEqual([]);
});

test("a list is never higher than browsers can lay out", () => {
  expect(shownRows(320_000, 100)).toBe(150_000);
  expect(shownRows(20_000, 100)).toBe(20_000);
  expect(shownRows(5, 0)).toBe(5);
});
