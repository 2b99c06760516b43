import fc from "fast-check";
import { expect, test } from "vitest";
import { coolBuzz, publishedBuzz, raiseBuzz, startingBuzz } from "./buzz.ts";

test("the count stays between 0 and 182", () => {
  expect(raiseBuzz(180, 10)).toBe(182);
  expect(coolBuzz(10, 1)).toBe(0);
});

test("a night asleep cools it at once", () => {
  expect(coolBuzz(startingBuzz, 3)).toBe(10);
  expect(coolBuzz(startingBuzz, 2880)).toBe(0);
});

test("half of mine, a fifth of the average, three tenths of the loudest, each cut to a whole", () => {
  expect(publishedBuzz(101, 0, [{ buzz: 7, online: "ONLINE" }])).toBe(50 + 1 + 2);
  expect(publishedBuzz(0, 0, [{ buzz: -7, online: "ONLINE" }])).toBe(-1);
});

test("who is not online is not heard", () => {
  const away = (["OFFLINE", "MISSING", ""] as const).map((online) => ({ buzz: 182, online }));
  expect(publishedBuzz(100, 10, away)).toBe(53);
});

test("what is published is a whole number, at most 182", () => {
  const peer = fc.record({
    buzz: fc.integer({ min: -1000, max: 1_000_000 }),
    online: fc.constantFrom("ONLINE" as const, "MISSING" as const),
  });
  fc.assert(
    fc.property(fc.nat(182), fc.nat(182), fc.array(peer), (count, published, peers) => {
      const value = publishedBuzz(count, published, peers);
      expect(Number.isInteger(value)).toBe(true);
      expect(value).toBeLessThanOrEqual(182);
    }),
  );
});
