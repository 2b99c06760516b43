import { expect, test } from "vitest";
import { maxCoordinateMs } from "../../limits.ts";
import { distanceMs } from "../../projections/proximity.ts";
import { createSeededRandom } from "../../testing/seeded-random.ts";
import { nextPing, type PingTarget } from "./next-ping.ts";
import { averageRtt, movedBy, onTheMap, startingPlace } from "./vivaldi.ts";

const random = createSeededRandom("map");
const half = { fraction: () => 0.5 };
const target = (name: string, triedAtS: number, error?: number): PingTarget => ({
  name,
  triedAtS,
  error,
});

test("four naras on a 10 ms square find their places within 4 ms", () => {
  const corners = [0, 1, 2, 3].map((n) => ({ x: (n % 2) * 10, y: Math.floor(n / 2) * 10 }));
  const places = corners.map(() => startingPlace(random));
  const truth = (a: number, b: number) =>
    Math.hypot(
      (corners[a]?.x ?? 0) - (corners[b]?.x ?? 0),
      (corners[a]?.y ?? 0) - (corners[b]?.y ?? 0),
    );
  const pairs = corners.flatMap((_, a) => corners.map((_, b) => [a, b] as const));
  const others = pairs.filter(([a, b]) => a !== b);
  for (let round = 0; round < 200; round++) {
    for (const [a, b] of others) places[a] = movedBy(places[a]!, places[b]!, truth(a, b), random);
  }
  for (const [a, b] of others) {
    expect(Math.abs((distanceMs(places[a], places[b]) ?? 0) - truth(a, b))).toBeLessThan(4);
  }
});

test("two on the same spot part in a drawn direction", () => {
  const spot = { x: 1, y: 1, height: 1, error: 1 };
  const moved = movedBy(spot, spot, 10, half);
  expect(moved.x).toBeLessThan(1);
  expect(moved.y).toBeCloseTo(1, 12);
});

test("nobody is pushed off the map", () => {
  const far = onTheMap({ x: 1e9, y: -1e9, height: 1e9, error: 1 });
  const most = maxCoordinateMs;
  expect(far).toEqual({ x: most, y: -most, height: most, error: 1 });
});

test("an average takes in three tenths of what is new", () => {
  expect(averageRtt(0, 40)).toBe(40);
  expect(averageRtt(40, 20)).toBeCloseTo(34, 12);
});

test("strangers are pinged first, then who waits longest, the doubtful sooner", () => {
  expect(nextPing([], 5000, half)).toBeUndefined();
  expect(nextPing([target("bob", 4900), target("carol", 0)], 5000, half)).toBe("carol");
  expect(nextPing([target("bob", 4900), target("carol", 4950)], 5000, half)).toBe("bob");
  expect(nextPing([target("bob", 4900), target("carol", 4950, 2)], 5000, half)).toBe("carol");
  expect(nextPing([target("bob", 4900), target("carol", 4950, 0.5)], 5000, half)).toBe("bob");
});

test("who was tried in vain waits like all others", () => {
  expect(nextPing([target("silent", 4990), target("bob", 4900)], 5000, half)).toBe("bob");
});
