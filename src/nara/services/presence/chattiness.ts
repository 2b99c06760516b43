/** How much a nara feels like talking, and how often its newspaper appears. */

/** Buzz never lifts chattiness above this (docs/protocol/presence-and-life.md §4). */
export const maxChattiness = 100;
/** What an idle machine adds (docs/protocol/presence-and-life.md §4). */
const idleBonus = 20;
/** Bounds of the newspaper interval, seconds (docs/protocol/presence-and-life.md §2). */
const shortestIntervalS = 30;
const longestIntervalS = 300;

/**
 * Chattiness, 0–100 (docs/protocol/presence-and-life.md §4).
 *
 * @param state `buzz`: the published value, 0–182; `load`: one-minute load per core.
 */
export function chattiness(state: {
  readonly buzz: number;
  readonly load: number;
  readonly booting: boolean;
}): number {
  if (state.booting) return maxChattiness;
  const bonus = state.load < 1 ? Math.trunc(idleBonus * (1 - state.load)) : 0;
  return Math.min(maxChattiness, state.buzz + bonus);
}

/**
 * Seconds between two newspapers, without jitter (docs/protocol/presence-and-life.md §2).
 *
 * @param chattiness 0–100
 */
export function newspaperIntervalS(chattiness: number): number {
  const range = longestIntervalS - shortestIntervalS;
  return shortestIntervalS + Math.trunc((range * (maxChattiness - chattiness)) / maxChattiness);
}
