import { bytesToHex } from "@noble/hashes/utils.js";
import { expect, test } from "vitest";
import { createSeededRandom } from "./seeded-random.ts";

test("the same seed tells the same story, another seed another one", () => {
  const story = (seed: number | string) => {
    const random = createSeededRandom(seed);
    return [bytesToHex(random.bytes(32)), random.fraction(), bytesToHex(random.bytes(5))];
  };
  expect(story(7)).toEqual(story(7));
  expect(story("summer")).toEqual(story("summer"));
  expect(new Set([7, 8, 78, "summer", "Summer", ""].map((seed) => story(seed)[0])).size).toBe(6);
});

test("a fork does not depend on what was drawn before, nor on its siblings", () => {
  const early = createSeededRandom(1).fork("alice");
  const later = createSeededRandom(1);
  later.bytes(100);
  later.fork("bob").bytes(100);
  expect(later.fork("alice").bytes(32)).toEqual(early.bytes(32));
  expect(createSeededRandom(1).fork("bob").bytes(32)).not.toEqual(
    createSeededRandom(1).fork("alice").bytes(32),
  );
});

test("fractions lie in [0, 1) and fill it evenly", () => {
  const random = createSeededRandom(3);
  const tenths = new Array<number>(10).fill(0);
  for (let draw = 0; draw < 10_000; draw += 1) {
    const fraction = random.fraction();
    expect(fraction).toBeGreaterThanOrEqual(0);
    expect(fraction).toBeLessThan(1);
    const tenth = Math.floor(fraction * 10);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  expect(Math.min(...tenths)).toBeGreaterThan(850);
  expect(Math.max(...tenths)).toBeLessThan(1150);
});

test("every byte value comes up", () => {
  expect(new Set(createSeededRandom("bytes").bytes(5000)).size).toBe(256);
});
