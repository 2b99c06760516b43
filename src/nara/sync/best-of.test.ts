import fc from "fast-check";
import { expect, test } from "vitest";
import { createBestOf } from "./best-of.ts";

test("it keeps what sorting would have kept", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true })),
      fc.integer({ min: 0, max: 12 }),
      fc.integer({ min: 0, max: 12 }),
      (scores, size, count) => {
        const best = createBestOf<number>(size);
        for (const score of scores) best.offer(score, score);
        const sorted = scores.toSorted((a, b) => b - a).slice(0, Math.min(size, count));
        expect([...best.best(count)].sort((a, b) => b - a)).toEqual(sorted);
      },
    ),
  );
});

test("it wants anything until it has enough, then only what is better than its worst", () => {
  const best = createBestOf<string>(2);
  expect(best.wants(Number.NEGATIVE_INFINITY)).toBe(true);
  best.offer("a", 3);
  best.offer("b", 5);
  expect([best.wants(3), best.wants(3.1)]).toEqual([false, true]);
  expect(createBestOf(0).wants(1)).toBe(false);
});
