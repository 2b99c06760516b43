import { expect, test } from "vitest";
import { createSeededRandom } from "./seeded-random.ts";
import { createWeather } from "./weather.ts";

test("calm weather brings everything once and at once", () => {
  const { journey } = createWeather(createSeededRandom(1));
  expect(Array.from({ length: 100 }, () => journey("alice", "bob"))).toEqual(
    new Array(100).fill([0]),
  );
});

test("bad weather loses, doubles and overtakes by the shares that were asked for", () => {
  const weather = createWeather(createSeededRandom(2));
  weather.turn({ loss: 0.2, duplicates: 0.1, latencyMs: { least: 20, most: 120 } });
  const journeys = Array.from({ length: 10_000 }, () => weather.journey("alice", "bob"));
  const copies = (count: number) => journeys.filter(({ length }) => length === count).length;
  expect(copies(0)).toBeGreaterThan(1800);
  expect(copies(0)).toBeLessThan(2200);
  expect(copies(2)).toBeGreaterThan(700);
  expect(copies(2)).toBeLessThan(900);
  const waits = journeys.flat();
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(20);
  expect(Math.max(...waits)).toBeLessThan(120);
  expect(waits.some((wait, at) => wait > (waits[at + 1] ?? wait))).toBe(true);
});

test("nothing passes between groups until they heal", () => {
  const weather = createWeather(createSeededRandom(3));
  weather.split([["alice", "bob"], ["carol"]]);
  const passes = () => [
    weather.journey("alice", "bob").length,
    weather.journey("alice", "carol").length,
    weather.journey("carol", "bob").length,
    weather.journey("alice", "dora").length,
    weather.journey("dora", "emil").length,
  ];
  expect(passes()).toEqual([1, 0, 0, 0, 1]);
  weather.heal();
  expect(passes()).toEqual([1, 1, 1, 1, 1]);
});
