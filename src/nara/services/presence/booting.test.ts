import { expect, test } from "vitest";
import { isBooting } from "./booting.ts";

test("a nara boots until its first word two minutes in", () => {
  expect(isBooting({ lastSeenS: 1_000_119, lastRestartS: 1_000_000 })).toBe(true);
  expect(isBooting({ lastSeenS: 1_000_120, lastRestartS: 1_000_000 })).toBe(false);
});

test("a nara that never spoke is booting, however long it runs", () => {
  expect(isBooting({ lastSeenS: 0, lastRestartS: 1_000_000 })).toBe(true);
});
