import fc from "fast-check";
import { expect, test } from "vitest";
import { auraOf } from "./aura.ts";

const trait = fc.integer({ min: 0, max: 100 });
const anySource = fc.record({
  soulText: fc.string({ unit: "binary" }),
  name: fc.string({ unit: "binary" }),
  personality: fc.record({ agreeableness: trait, sociability: trait, chill: trait }),
  uptimeS: fc.maxSafeInteger(),
});

test("every nara at any age has two colours, always the same", () => {
  fc.assert(
    fc.property(anySource, (source) => {
      const aura = auraOf(source);
      expect(aura.primary).toMatch(/^#[0-9A-F]{6}$/);
      expect(aura.secondary).toMatch(/^#[0-9A-F]{6}$/);
      expect(auraOf(source)).toEqual(aura);
    }),
  );
});

test("an uptime below zero wraps: the nara looks as old as can be", () => {
  const source = {
    soulText: "soul",
    name: "alice",
    personality: { agreeableness: 50, sociability: 50, chill: 50 },
  };
  const ancient = auraOf({ ...source, uptimeS: 2_592_000 });
  expect(auraOf({ ...source, uptimeS: -1 })).toEqual(ancient);
  expect(auraOf({ ...source, uptimeS: Number.MIN_SAFE_INTEGER })).toEqual(ancient);
  expect(auraOf({ ...source, uptimeS: 0 })).not.toEqual(ancient);
});
