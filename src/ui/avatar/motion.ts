/** How an avatar idles and how it answers a pointer: a spring, stepped in time, no canvas. */
import type { Temper } from "./geometry.ts";

/** Where the pointer is, −1..1 from the avatar's middle, and whether it is there at all. */
export interface Pointer {
  readonly x: number;
  readonly y: number;
  readonly near: boolean;
}

/** Offsets in parts of the size, tilt in radians. */
export interface Pose {
  x: number;
  y: number;
  scaleX: number;
  scaleY: number;
  tilt: number;
  haloX: number;
  haloY: number;
  haloScale: number;
  glint: number;
  /** Turns the ripples of rim and halo. */
  drift: number;
}

export interface Motion {
  /** Passes `seconds` (longer pauses count as a tenth) and tells the pose after them. */
  step(seconds: number, pointer: Pointer): Readonly<Pose>;
  /** Another temper from now on; the breath goes on where it is. */
  become(temper: Temper): void;
  /** A pat: it is squashed and rings out. */
  pat(): void;
}

export const nobodyNear: Pointer = { x: 0, y: 0, near: false };

/** Spring offset never goes further than this (docs/protocol/ui-and-api.md §a Avatar). */
const farthest = 0.12;

export const createMotion = (born: Temper, phase: number): Motion => {
  let temper = born;
  let turn = phase;
  let seenX = 0;
  let seenY = 0;
  let attention = 0;
  let x = 0;
  let y = 0;
  let speedX = 0;
  let speedY = 0;
  let squash = 0;
  let squashSpeed = 0;
  const pose: Pose = {
    x: 0,
    y: 0,
    scaleX: 1,
    scaleY: 1,
    tilt: 0,
    haloX: 0,
    haloY: 0,
    haloScale: 1,
    glint: 1,
    drift: 0,
  };

  const tick = (frames: number, pointer: Pointer): void => {
    const ease = 1 - (pointer.near ? 0.88 : 0.95) ** frames;
    seenX += ((pointer.near ? pointer.x : 0) - seenX) * ease;
    seenY += ((pointer.near ? pointer.y : 0) - seenY) * ease;
    attention += ((pointer.near ? 1 : 0) - attention) * (1 - 0.92 ** frames);
    const pull = temper.follow * temper.response * farthest;
    const stiffness = 0.08 + attention * 0.06;
    const kept = temper.damping ** frames;
    speedX = (speedX + (seenX * pull - x) * stiffness * frames) * kept;
    speedY = (speedY + (seenY * pull - y) * stiffness * frames) * kept;
    x = clamp(x + speedX * frames, farthest);
    y = clamp(y + speedY * frames, farthest);
    squashSpeed = (squashSpeed - squash * 0.09 * frames) * 0.9 ** frames;
    squash += squashSpeed * frames;
  };

  return {
    step(seconds, pointer) {
      const passed = Math.min(Math.max(seconds, 0), 0.1);
      const near = Math.min(1, Math.hypot(seenX, seenY)) * attention;
      turn += passed * (1 + near * 0.8) * temper.speed * Math.PI * 2;
      for (let rest = passed * 60; rest > 0; rest -= 1) tick(Math.min(1, rest), pointer);

      const breath = 0.99 + 0.06 * Math.sin(turn);
      const startle = near * (0.04 + 0.5 * temper.bob);
      pose.x = x + Math.sin(turn * 0.31) * 0.01 + Math.cos(turn * 1.9) * startle * 0.2;
      pose.y = y + Math.sin(turn * 0.5 + 1.2) * temper.bob + Math.sin(turn * 2.3) * startle * 0.3;
      pose.scaleX = breath * (1 + squash) * (1 - Math.abs(x) * 0.3);
      pose.scaleY = (2 - breath) * 0.5 * (1 - squash) + breath * 0.5;
      pose.tilt = clamp(Math.sin(turn * 0.25 + 0.9) * 0.07 + x * 0.6 + squash * 0.1, 0.16);
      pose.haloX = x * 0.35;
      pose.haloY = y * 0.35;
      pose.haloScale = 0.98 + 0.04 * Math.sin(turn * 0.5 + 0.4) + squash * 0.3;
      pose.glint = 1 + startle * 6 + Math.abs(squash);
      pose.drift = turn * 0.16;
      return pose;
    },
    become(changed) {
      temper = changed;
    },
    pat() {
      squashSpeed += 0.05;
    },
  };
};

const clamp = (value: number, most: number): number => Math.min(most, Math.max(-most, value));
