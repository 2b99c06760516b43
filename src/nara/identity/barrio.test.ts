import fc from "fast-check";
import { expect, test } from "vitest";
import { barrioOf, cellIndex, gridSize, inSameBarrio, monthAt, vibeOf } from "./barrio.ts";

const march = { year: 2026, month: 3 };
const at = (x: number, y: number) => ({ x, y, height: 0, error: 1 });

test("the grid is as wide as the median round trip, within bounds", () => {
  expect(gridSize([70, 30, 50])).toBe(50);
  expect(gridSize([])).toBe(50);
  expect(gridSize([0, -5, Number.NaN])).toBe(50);
  expect(gridSize([100, 9])).toBe(54.5);
  expect(gridSize([1e300])).toBe(200);
});

test("neighbours in one cell share a barrio", () => {
  const barrios = [at(60, 60), at(70, 80), at(90, 65)].map((coordinate) =>
    barrioOf({ name: "x", coordinate }, { gridMs: 50, month: march }),
  );
  expect(new Set(barrios).size).toBe(1);
});

test("any finite place has a barrio, no other has", () => {
  fc.assert(
    fc.property(fc.double(), fc.double(), fc.double(), (x, y, height) => {
      const index = cellIndex({ x, y, height, error: 1 }, 50);
      const isFinitePlace = [x, y, height].every(Number.isFinite);
      expect(index === undefined).toBe(!isFinitePlace);
      expect(index ?? 0).toBeLessThan(16);
    }),
  );
});

test("places beyond 64 bits fall into one cell, as on the reference's processors", () => {
  expect(cellIndex(at(1e300, 0), 50)).toBe(cellIndex(at(-1e300, 0), 50));
  expect(cellIndex(at(1e300, 0), 50)).toBe(cellIndex(at(-(2 ** 63), 0), 1));
});

test("who has no place lives where the vibe of the month takes it", () => {
  const map = { gridMs: 50, month: march };
  const alice = { name: "alice", coordinate: undefined };
  expect(inSameBarrio(alice, { ...alice }, map)).toBe(true);
  expect(inSameBarrio({ ...alice, coordinate: at(0, 0) }, alice, map)).toBe(true);
  expect(vibeOf("alice", march)).toBe(vibeOf("alice", { year: 2026, month: 3 }));
  expect(vibeOf("alice", march)).not.toBe(vibeOf("alice", { year: 2026, month: 4 }));
  expect(vibeOf("alice", march)).not.toBe(vibeOf("alice", { year: 2027, month: 3 }));
  expect(vibeOf("alice", march)).not.toBe(vibeOf("bob", march));
});

test("a year that is no character counts as the replacement character", () => {
  const nowhen = vibeOf("alice", { year: 0xfffd, month: 1 });
  for (const year of [0xd800, 0xdfff, 0x110000, -1]) {
    expect(vibeOf("alice", { year, month: 1 })).toBe(nowhen);
  }
});

test("the month turns with the observer's own midnight", () => {
  const lastMinuteNs = 1_767_225_540_000_000_000n;
  expect(monthAt(lastMinuteNs, 0)).toEqual({ year: 2025, month: 12 });
  expect(monthAt(lastMinuteNs, 60)).toEqual({ year: 2026, month: 1 });
  expect(monthAt(lastMinuteNs + 60_000_000_000n, -60)).toEqual({ year: 2025, month: 12 });
});
