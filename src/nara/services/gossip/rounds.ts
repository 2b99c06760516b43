/** When a nara hands out its zine, and to how many. (docs/protocol/events-and-ledger.md §7, Round) */
import { newspaperIntervalS } from "../presence/chattiness.ts";

/** Before the first pause begins. */
export const quietMs = 30_000;

/** Pause before the next round, ms; the same as between two newspapers. @param chattiness 0–100 */
export const roundPauseMs = (chattiness: number): number => 1000 * newspaperIntervalS(chattiness);

/** Whole numbers of takers, each equally likely. */
const takers = { least: 3, choices: 3 };
const takersOfShortMemory = { least: 1, choices: 2 };

/** @param fraction random in [0, 1) */
export function takerCount(hasShortMemory: boolean, fraction: number): number {
  const { least, choices } = hasShortMemory ? takersOfShortMemory : takers;
  return least + Math.floor(choices * fraction);
}
