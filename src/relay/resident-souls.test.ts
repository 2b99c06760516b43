import { expect, test } from "vitest";
import type { Random } from "../nara/ports.ts";
import { mintResidents } from "./resident-souls.ts";

/** Different bytes at each call, the same in each run. */
function countingRandom(): Random {
  let count = 0;
  return {
    bytes: (length) => {
      count += 1;
      return Uint8Array.from({ length }, (_, index) => (count * 31 + index * 7) % 256);
    },
    fraction: () => 0.5,
  };
}

test("as many residents are minted as are wanted, each with a family name of its own", () => {
  const residents = mintResidents(5, countingRandom());
  const families = residents.map(({ name }) => name.replace(/-\d+$/, ""));
  expect(new Set(families).size).toBe(5);
  expect(residents.every(({ bondValid }) => bondValid)).toBe(true);
  expect(mintResidents(0, countingRandom())).toEqual([]);
  expect(new Set(mintResidents(100, countingRandom()).map(({ name }) => name)).size).toBe(100);
});

test("residents differ: any two are further apart than two strangers may be", () => {
  const traits = mintResidents(5, countingRandom()).map(({ personality }) => personality);
  const distances = traits.flatMap((a, index) =>
    traits
      .slice(index + 1)
      .map((b) =>
        Math.hypot(
          a.agreeableness - b.agreeableness,
          a.sociability - b.sociability,
          a.chill - b.chill,
        ),
      ),
  );
  // Ten distances between five random points of the cube average 65 and nearly always hold one below 35.
  expect(Math.min(...distances)).toBeGreaterThan(50);
});
