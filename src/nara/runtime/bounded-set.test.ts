import { expect, test } from "vitest";
import { createBoundedSet } from "./bounded-set.ts";

test("it remembers at least half its bound, and never holds more than its bound", () => {
  const set = createBoundedSet(10);
  for (let n = 0; n < 1000; n++) {
    set.add(String(n));
    expect(set.size).toBeLessThanOrEqual(10);
    for (let back = 0; back < 5 && back <= n; back++) expect(set.has(String(n - back))).toBe(true);
  }
  expect(set.has("0")).toBe(false);
});
