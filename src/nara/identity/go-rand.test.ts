import fc from "fast-check";
import { expect, test } from "vitest";
import { createGoRand } from "./go-rand.ts";

test("seed 1 draws what every Go programmer has seen", () => {
  const random = createGoRand(1n);
  expect(Array.from({ length: 6 }, () => random.intn(100))).toEqual([81, 87, 47, 59, 81, 18]);
});

test("a seed and its unsigned reading are the same seed", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: -1n }), (seed) => {
      expect(createGoRand(seed).int63()).toBe(createGoRand(seed + 2n ** 64n).int63());
    }),
    { numRuns: 20 },
  );
});

test("every draw lies within its bounds", () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      (seed, n) => {
        const random = createGoRand(seed);
        for (let draw = 0; draw < 10; draw++) {
          const drawn = random.intn(n);
          expect(Number.isInteger(drawn) && drawn >= 0 && drawn < n).toBe(true);
        }
        expect(random.int63()).toBeGreaterThanOrEqual(0n);
        expect(random.int63()).toBeLessThan(2n ** 63n);
      },
    ),
    { numRuns: 50 },
  );
});

test("two generators never meet", () => {
  const one = createGoRand(7n);
  const first = one.int63();
  const other = createGoRand(7n);
  one.int63();
  expect(other.int63()).toBe(first);
});

test("the register is read round and round", () => {
  const random = createGoRand(42n);
  const drawn = new Set(Array.from({ length: 5000 }, () => random.int63()));
  expect(drawn.size).toBe(5000);
});
