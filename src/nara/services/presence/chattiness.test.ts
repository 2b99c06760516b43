import { expect, test } from "vitest";
import { chattiness, newspaperIntervalS } from "./chattiness.ts";

test("a booting nara talks as much as it can", () => {
  expect(chattiness({ buzz: 0, load: 3, booting: true })).toBe(100);
});

test("an idle machine adds up to twenty to the buzz", () => {
  expect(chattiness({ buzz: 30, load: 0, booting: false })).toBe(50);
  expect(chattiness({ buzz: 30, load: 0.28, booting: false })).toBe(44);
  expect(chattiness({ buzz: 30, load: 1, booting: false })).toBe(30);
});

test("chattiness ends at a hundred", () => {
  expect(chattiness({ buzz: 182, load: 0, booting: false })).toBe(100);
});

test("the chattier the nara, the sooner its next newspaper", () => {
  expect(newspaperIntervalS(100)).toBe(30);
  expect(newspaperIntervalS(50)).toBe(165);
  expect(newspaperIntervalS(0)).toBe(300);
});
