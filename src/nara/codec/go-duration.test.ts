import { expect, test } from "vitest";
import { goDuration } from "./go-duration.ts";

test("spans read as Go prints them, in the largest unit that fits", () => {
  const printed = [
    0n,
    1n,
    -1n,
    1500n,
    2_000_000n,
    1_500_000_000n,
    -60_000_000_000n,
    3_600_000_000_000n,
    476_505_000_000n,
    2n ** 70n,
    -(2n ** 70n),
  ].map(goDuration);
  expect(printed).toEqual([
    "0s",
    "1ns",
    "-1ns",
    "1.5µs",
    "2ms",
    "1.5s",
    "-1m0s",
    "1h0m0s",
    "7m56.505s",
    "2562047h47m16.854775807s",
    "-2562047h47m16.854775808s",
  ]);
});
