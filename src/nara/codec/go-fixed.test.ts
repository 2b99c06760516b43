import fc from "fast-check";
import { expect, test } from "vitest";
import { goFixed } from "./go-fixed.ts";

test("exact ties go to the even digit", () => {
  expect([0.25, 0.35, 0.75, 1.25, 2.25, 2.5e-1].map((value) => goFixed(value, 1))).toEqual([
    "0.2",
    "0.3",
    "0.8",
    "1.2",
    "2.2",
    "0.2",
  ]);
  expect(goFixed(0.5, 0)).toBe("0");
  expect(goFixed(1.5, 0)).toBe("2");
});

test("signs, zeros and the very large print as in Go", () => {
  expect(goFixed(-0, 1)).toBe("-0.0");
  expect(goFixed(-0.04, 1)).toBe("-0.0");
  expect(goFixed(5e-324, 1)).toBe("0.0");
  expect(goFixed(1e22, 1)).toBe("10000000000000000000000.0");
  expect(goFixed(Number.NaN, 1)).toBe("NaN");
  expect(goFixed(Number.NEGATIVE_INFINITY, 1)).toBe("-Inf");
});

test("it is the exact value, rounded to the nearest, ties to even", () => {
  const values = fc.oneof(
    fc.double({ min: 1, max: 1e20, noNaN: true }),
    fc.double({ min: 1, max: 1000, noNaN: true }),
    fc.integer({ min: 8, max: 80_000 }).map((eighths) => eighths / 8),
  );
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 5 }), (value, digits) => {
      // From 1 on there are at most 52 binary digits behind the point, and so many decimal ones.
      const exact = BigInt(value.toFixed(52).replace(".", ""));
      const unit = 10n ** BigInt(52 - digits);
      const floor = exact / unit;
      const twiceRest = 2n * (exact % unit);
      const isUp = twiceRest > unit || (twiceRest === unit && floor % 2n === 1n);
      const printed = goFixed(value, digits);
      expect(printed.split(".")[1]).toHaveLength(digits);
      expect(BigInt(printed.replace(".", ""))).toBe(isUp ? floor + 1n : floor);
    }),
    { numRuns: 1000 },
  );
});
