/**
 * What an avatar looks like, as numbers: no canvas, no clock (docs/protocol/ui-and-api.md §a Avatar,
 * the table of inputs and features). Silhouette comes from the id and stays for life; temper from
 * the personality; nothing here has a face.
 */
import type { NaraLooks } from "../../nara/view.ts";
import { avatarSeed, createDraw, latticeNoise, valueNoise } from "./seeds.ts";

export type Shape = "round" | "tall" | "wide" | "ring" | "cluster";

export interface Silhouette {
  readonly shape: Shape;
  /** Depth of the rim's ripples, .08–.20 of the radius. */
  readonly wobble: number;
  /** −.2–.2; ×.2 of the size, downwards. */
  readonly bias: number;
  /** Lobes of a cluster, 3–6. */
  readonly lobes: number;
  /** Hole of a ring, .35–.55 of the body; 0 for the others. */
  readonly hole: number;
  /** Half width and half height, in parts of the size. */
  readonly halfWidth: number;
  readonly halfHeight: number;
  readonly field: number;
  readonly noise: number;
  /** Where in its breath it began, radians. */
  readonly phase: number;
}

export interface Temper {
  /** Breaths a second, .45 (restless) to .12 (calm). */
  readonly speed: number;
  /** Velocity kept a sixtieth of a second, .72–.90. */
  readonly damping: number;
  /** Parts of the size. */
  readonly bob: number;
  readonly bodyBlur: number;
  readonly haloBlur: number;
  /** Parts of the radius. */
  readonly haloDepth: number;
  readonly haloFrequency: number;
  /** −1 flees the pointer, +1 comes. */
  readonly follow: number;
  /** How much it answers at all, 0–1. */
  readonly response: number;
}

/** `[x0, y0, x1, y1, …]` round the origin, in parts of the size. */
export type Outline = readonly number[];

export interface Lobe {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const shapes: readonly Shape[] = ["round", "tall", "wide", "ring", "cluster"];
const stretch: Readonly<Record<Shape, readonly [number, number]>> = {
  round: [1, 1],
  tall: [0.8, 1.35],
  wide: [1.35, 0.75],
  ring: [1.1, 1.1],
  cluster: [1.1, 1.05],
};
const halfSize = 0.34;
const haloRadius = 0.38;

/** `seed` is the nara's id, or its name while the id is unknown. */
export const silhouetteOf = (seed: string): Silhouette => {
  const draw = createDraw(avatarSeed("geometry", seed));
  const shape = shapes[Math.floor(draw() * shapes.length)] ?? "round";
  const wobble = 0.08 + draw() * 0.12;
  const bias = draw() * 0.4 - 0.2;
  const lobes = 3 + Math.floor(draw() * 4);
  const hole = shape === "ring" ? 0.35 + draw() * 0.2 : 0;
  const [wide, high] = stretch[shape];
  return {
    shape,
    wobble,
    bias,
    lobes,
    hole,
    halfWidth: halfSize * wide,
    halfHeight: halfSize * high,
    field: avatarSeed("field", seed),
    noise: avatarSeed("noise", seed),
    phase: latticeNoise(1, 2, avatarSeed("motion", seed)) * Math.PI * 2,
  };
};

/** Buzz past 12 changes nothing; unknown numbers count as the middle. */
export const temperOf = ({
  personality,
  buzz,
}: Pick<NaraLooks, "personality" | "buzz">): Temper => {
  const chill = share(personality.chill);
  const sociable = share(personality.sociability);
  const agreeable = share(personality.agreeableness);
  const vibe = (sociable + Math.min(Math.max(buzz, 0), 12) / 12) / 2;
  const follow = (0.7 * sociable + 0.3 * agreeable) * 2 - 1;
  return {
    speed: between(0.45, 0.12, chill),
    damping: between(0.72, 0.9, chill),
    bob: between(0.04, 0.02, chill),
    bodyBlur: between(0.28, 0.18, chill),
    haloBlur: between(0.16, 0.26, vibe),
    haloDepth: between(0.04, 0.09, vibe) + 0.03 * chill,
    haloFrequency: between(1.2, 1.8, vibe),
    follow,
    response: (0.35 + 0.65 * Math.abs(follow)) * between(1, 0.3, chill),
  };
};

/** The rim of any shape but a cluster; its ripples sway with `drift`. */
export const rimOf = (silhouette: Silhouette, drift: number, points = 36): Outline => {
  const ripples = 3 + silhouette.wobble * 8;
  const whole = Math.floor(ripples);
  const rest = ripples - whole;
  const depth = silhouette.shape === "ring" ? 0 : silhouette.wobble;
  // To and fro, not round and round: the shape is for life.
  const sway = Math.sin(drift) * 0.4;
  const outline: number[] = [];
  for (let at = 0; at < points; at++) {
    const angle = (at / points) * Math.PI * 2;
    // Two whole counts blended, so that the rim closes without a seam.
    const ripple =
      (1 - rest) * Math.sin(angle * whole + silhouette.phase + sway) +
      rest * Math.sin(angle * (whole + 1) + silhouette.phase * 2.3 - sway);
    outline.push(
      Math.cos(angle) * silhouette.halfWidth * (1 + ripple * depth),
      Math.sin(angle) * silhouette.halfHeight * (1 + ripple * depth * 0.7),
    );
  }
  return outline;
};

/** The lobes of a cluster, swaying with `drift`. */
export const lobesOf = (silhouette: Silhouette, drift: number): readonly Lobe[] =>
  Array.from({ length: silhouette.lobes }, (_, at) => {
    const angle = (at / silhouette.lobes) * Math.PI * 2 + silhouette.phase;
    const reach = silhouette.halfWidth * (0.42 + 0.06 * Math.sin(drift + at));
    const radius = silhouette.halfWidth * (0.5 + 0.06 * Math.sin(drift * 0.8 + at * 1.7));
    return {
      x: Math.cos(angle) * reach,
      y: Math.sin(angle) * reach * 0.8,
      width: radius,
      height: radius * 0.92,
    };
  });

/** The glow's edge: 48 points on slow value noise. */
export const haloOf = (silhouette: Silhouette, temper: Temper, drift: number): Outline => {
  const outline: number[] = [];
  for (let at = 0; at < 48; at++) {
    const angle = (at / 48) * Math.PI * 2;
    const noise = valueNoise(
      Math.cos(angle) * temper.haloFrequency + drift,
      Math.sin(angle) * temper.haloFrequency + drift,
      silhouette.field,
    );
    const radius = haloRadius * (1 + (noise - 0.5) * 2 * temper.haloDepth);
    outline.push(Math.cos(angle) * radius, Math.sin(angle) * radius);
  }
  return outline;
};

const share = (trait: number): number =>
  Number.isFinite(trait) ? Math.min(1, Math.max(0, trait / 100)) : 0.5;

const between = (from: number, to: number, amount: number): number => from + (to - from) * amount;
