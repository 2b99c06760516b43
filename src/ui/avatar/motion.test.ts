import fc from "fast-check";
import { expect, test } from "vitest";
import { temperOf } from "./geometry.ts";
import { createMotion, nobodyNear } from "./motion.ts";

const temper = (sociability: number, chill: number) =>
  temperOf({ personality: { agreeableness: sociability, sociability, chill }, buzz: 0 });

const watch = (sociability: number, pointerX: number): number => {
  const motion = createMotion(temper(sociability, 10), 0);
  let x = 0;
  for (let frame = 0; frame < 120; frame++) {
    x = motion.step(1 / 60, { x: pointerX, y: 0, near: true }).haloX;
  }
  return x;
};

test("a sociable nara comes to the pointer, a hermit flees it", () => {
  expect(watch(100, 1)).toBeGreaterThan(0.01);
  expect(watch(100, -1)).toBeLessThan(-0.01);
  expect(watch(0, 1)).toBeLessThan(-0.01);
});

test("it comes to rest once the pointer has gone", () => {
  const motion = createMotion(temper(100, 0), 0);
  for (let frame = 0; frame < 60; frame++) motion.step(1 / 60, { x: 1, y: 1, near: true });
  let last = motion.step(1 / 60, nobodyNear).haloX;
  for (let frame = 0; frame < 600; frame++) last = motion.step(1 / 60, nobodyNear).haloX;
  expect(Math.abs(last)).toBeLessThan(0.001);
});

test("whatever happens, it stays near its place and keeps its size", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          seconds: fc.double({ min: 0, max: 30, noNaN: true }),
          x: fc.double({ min: -1, max: 1, noNaN: true }),
          y: fc.double({ min: -1, max: 1, noNaN: true }),
          near: fc.boolean(),
          pat: fc.boolean(),
        }),
      ),
      (story) => {
        const motion = createMotion(temper(90, 0), 1);
        for (const { seconds, x, y, near, pat } of story) {
          if (pat) motion.pat();
          const pose = motion.step(seconds, { x, y, near });
          expect(Math.abs(pose.x)).toBeLessThan(0.2);
          expect(Math.abs(pose.y)).toBeLessThan(0.2);
          expect(Math.abs(pose.tilt)).toBeLessThanOrEqual(0.16);
          expect(pose.haloScale).toBeGreaterThan(0);
        }
      },
    ),
  );
});

test("a pat is felt, and forgotten", () => {
  const motion = createMotion(temper(50, 50), 0);
  const still = createMotion(temper(50, 50), 0);
  motion.pat();
  motion.step(1 / 60, nobodyNear);
  still.step(1 / 60, nobodyNear);
  const felt = motion.step(1 / 60, nobodyNear).scaleX - still.step(1 / 60, nobodyNear).scaleX;
  expect(felt).toBeGreaterThan(0.01);
  let rest = 1;
  for (let frame = 0; frame < 600; frame++) {
    rest = motion.step(1 / 60, nobodyNear).scaleX - still.step(1 / 60, nobodyNear).scaleX;
  }
  expect(Math.abs(rest)).toBeLessThan(0.001);
});
