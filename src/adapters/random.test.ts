import { expect, test } from "vitest";
import { createSystemRandom } from "./random.ts";

test("as many bytes come as were asked for, beyond one engine call too", () => {
  const random = createSystemRandom();
  for (const length of [0, 1, 32, 65_536, 65_537, 200_000]) {
    expect(random.bytes(length)).toHaveLength(length);
  }
  expect(random.bytes(200_000).subarray(131_072)).not.toEqual(new Uint8Array(200_000 - 131_072));
});

test("two draws differ", () => {
  const random = createSystemRandom();
  expect(random.bytes(32)).not.toEqual(random.bytes(32));
  expect(random.fraction()).not.toBe(random.fraction());
});

test("fractions lie in [0, 1) and fill it evenly", () => {
  const random = createSystemRandom();
  const draws = Array.from({ length: 20_000 }, random.fraction);
  expect(draws.every((draw) => draw >= 0 && draw < 1)).toBe(true);
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
  // 0.5 ± 12 standard errors of 0.29 / √20 000.
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.025);
});
