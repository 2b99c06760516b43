import { expect, test } from "vitest";
import { isQuiet, openManners } from "./manners.ts";

const at = (fromMinute: number, toMinute: number) => ({
  ...openManners,
  quietHours: { fromMinute, toMinute },
});

test("quiet hours last from one time to the other, over midnight too", () => {
  const noon = at(12 * 60, 13 * 60);
  expect([719, 720, 779, 780].map((minute) => isQuiet(noon, minute))).toEqual([
    ...[false, true, true, false],
  ]);
  const night = at(22 * 60, 7 * 60);
  expect([1319, 1320, 1439, 0, 419, 420].map((minute) => isQuiet(night, minute))).toEqual([
    ...[false, true, true, true, true, false],
  ]);
});

test("without quiet hours, or where nobody knows the time, it is never quiet", () => {
  expect(isQuiet(openManners, 0)).toBe(false);
  expect(isQuiet(at(0, 1439), undefined)).toBe(false);
});
