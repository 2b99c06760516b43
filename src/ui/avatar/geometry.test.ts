import fc from "fast-check";
import { expect, test } from "vitest";
import { coatOf } from "./coat.ts";
import { haloOf, lobesOf, rimOf, silhouetteOf, temperOf } from "./geometry.ts";

const trait = fc.integer({ min: 0, max: 100 });
const personality = fc.record({ agreeableness: trait, sociability: trait, chill: trait });

test("a silhouette is the same every time, and within its ranges", () => {
  fc.assert(
    fc.property(fc.string(), (id) => {
      const one = silhouetteOf(id);
      expect(silhouetteOf(id)).toEqual(one);
      expect(one.wobble).toBeGreaterThanOrEqual(0.08);
      expect(one.wobble).toBeLessThan(0.2);
      expect(Math.abs(one.bias)).toBeLessThanOrEqual(0.2);
      expect(one.lobes).toBeGreaterThanOrEqual(3);
      expect(one.lobes).toBeLessThanOrEqual(6);
      if (one.shape === "ring") expect(one.hole).toBeGreaterThanOrEqual(0.35);
      else expect(one.hole).toBe(0);
    }),
  );
});

test("all five shapes are born", () => {
  const born = new Set(Array.from({ length: 100 }, (_, at) => silhouetteOf(`nara-${at}`).shape));
  expect([...born].sort()).toEqual(["cluster", "ring", "round", "tall", "wide"]);
});

test("the whole creature stays on its canvas while it breathes", () => {
  fc.assert(
    fc.property(
      fc.string(),
      personality,
      fc.nat(182),
      fc.double({ min: 0, max: 100, noNaN: true }),
      (id, p, buzz, drift) => {
        const silhouette = silhouetteOf(id);
        const temper = temperOf({ personality: p, buzz });
        const edge = [...rimOf(silhouette, drift), ...haloOf(silhouette, temper, drift)];
        for (const lobe of lobesOf(silhouette, drift)) {
          edge.push(Math.abs(lobe.x) + lobe.width, Math.abs(lobe.y) + lobe.height);
        }
        for (const part of edge) expect(Math.abs(part)).toBeLessThan(0.6);
      },
    ),
  );
});

test("the rim closes without a seam", () => {
  const rim = rimOf(silhouetteOf("alice"), 0.3, 360);
  const gap = Math.hypot(rim[0]! - rim[718]!, rim[1]! - rim[719]!);
  expect(gap).toBeLessThan(0.01);
});

test("a calm nara is slow and hardly answers, a sociable one comes, a hermit flees", () => {
  const calm = temperOf({
    personality: { agreeableness: 50, sociability: 100, chill: 100 },
    buzz: 0,
  });
  const wild = temperOf({ personality: { agreeableness: 50, sociability: 0, chill: 0 }, buzz: 0 });
  expect(calm.speed).toBeCloseTo(0.12);
  expect(wild.speed).toBeCloseTo(0.45);
  expect(calm.response).toBeLessThan(wild.response);
  expect(calm.follow).toBeGreaterThan(0);
  expect(wild.follow).toBeLessThan(0);
});

test("buzz past twelve changes nothing, so a busy nara is not jolted", () => {
  const p = { agreeableness: 50, sociability: 50, chill: 50 };
  expect(temperOf({ personality: p, buzz: 12 })).toEqual(temperOf({ personality: p, buzz: 182 }));
});

test("an aura that is no colour still gives a coat", () => {
  const p = { agreeableness: 50, sociability: 50, chill: 50 };
  const coat = coatOf({ aura: { primary: "", secondary: "" }, personality: p });
  expect(coat.dominant.l).toBeGreaterThan(0.3);
  expect(coat.shadow.l).toBeLessThan(coat.dominant.l);
});
