/**
 * Chance for avatars: every feature of a nara's creature is drawn from its id, so that everyone
 * paints the same one (docs/protocol/ui-and-api.md §a, Avatar).
 */

/** Seed of one stream (`geometry`, `noise`, `field`, `motion`): FNV-1a 32 over the UTF-16 units of `label:id`. */
export const avatarSeed = (label: string, id: string): number => {
  const text = `${label}:${id}`;
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0;
};

/** mulberry32: each call draws the next number in [0, 1). */
export const createDraw = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    const first = Math.imul(state ^ (state >>> 15), state | 1);
    const second = first ^ (first + Math.imul(first ^ (first >>> 7), first | 61));
    return ((second ^ (second >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** The height, 0–1, of lattice point (x, y); integers. */
export const latticeNoise = (x: number, y: number, seed: number): number => {
  let hash = seed ^ Math.imul(x, 374761393) ^ Math.imul(y, 668265263);
  hash = Math.imul(hash ^ (hash >>> 13), 1274126177);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4294967295;
};

/** Smooth noise, 0–1, between the lattice points. */
export const valueNoise = (x: number, y: number, seed: number): number => {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const across = smooth(x - left);
  const down = smooth(y - top);
  const above = blend(latticeNoise(left, top, seed), latticeNoise(left + 1, top, seed), across);
  const below = blend(
    latticeNoise(left, top + 1, seed),
    latticeNoise(left + 1, top + 1, seed),
    across,
  );
  return blend(above, below, down);
};

const smooth = (t: number): number => t * t * (3 - 2 * t);

const blend = (from: number, to: number, share: number): number => from + (to - from) * share;
