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

test("away from ties it is what JavaScript prints", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1e20, noNaN: true }),
      fc.integer({ min: 1, max: 5 }),
      (value, digits) => {
        fc.pre(!Number.isInteger(value * 2 ** (digits + 1)));
        expect(goFixed(value, digits)).toBe(value.toFixed(digits));
      },
    ),
  );
});
