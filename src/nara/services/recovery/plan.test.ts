import { expect, test } from "vitest";
import { planFor } from "./plan.ts";
import { secondTry } from "./slices.ts";

test("what is asked for follows the kind of memory, and never exceeds it", () => {
  expect(planFor("short", 20_000)).toMatchObject({
    wanted: 5000,
    page: 1000,
    calls: 5,
    mostPeers: 4,
  });
  expect(planFor("medium", 80_000)).toMatchObject({ wanted: 50_000, calls: 10, parallel: 10 });
  expect(planFor("hog", 320_000)).toMatchObject({ wanted: 80_000, page: 5000, calls: 16 });
  expect(planFor("custom", 12_000)).toMatchObject({ wanted: 12_000, calls: 2 });
  expect(planFor("custom", 10)).toMatchObject({ calls: 1 });
});

test("failed slices go in turn to those who answered", () => {
  const again = secondTry([1, 3, 5, 7, 9], ["a", "b", "c"]).map(({ name }) => name);
  expect(again).toEqual(["a", "b", "c", "a", "b"]);
  expect(secondTry([1, 3], [])).toEqual([]);
});
