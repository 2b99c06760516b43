/**
 * Buzz: how excited a nara is. What happens to it raises the count, time cools it down, and what
 * it publishes is coloured by the buzz around it (docs/protocol/presence-and-life.md §4).
 */
import type { OnlineState } from "../../view.ts";

/** The count a nara is born with. */
export const startingBuzz = 100;
export const lowestBuzz = 0;
export const highestBuzz = 182;
/** Buzz cools, and is published anew, once per this long. */
export const buzzPeriodS = 10;

/** What one period takes away. */
const coolingPerPeriod = 30;

export interface BuzzPeer {
  readonly buzz: number;
  readonly online: OnlineState;
}

/** The count after something exciting. */
export function raiseBuzz(count: number, by: number): number {
  return Math.min(highestBuzz, count + by);
}

/** The count after whole periods have passed: more than one after a sleep. */
export function coolBuzz(count: number, periods: number): number {
  return Math.max(lowestBuzz, count - periods * coolingPerPeriod);
}

/**
 * The value to publish.
 *
 * @param published what I published last.
 * @param peers everyone else; only those ONLINE count. Their values are taken as they are.
 */
export function publishedBuzz(
  count: number,
  published: number,
  peers: readonly BuzzPeer[],
): number {
  const around = peers.filter((peer) => peer.online === "ONLINE").map((peer) => peer.buzz);
  const total = around.reduce((sum, buzz) => sum + buzz, 0);
  const average = around.length === 0 ? 0 : Math.trunc(total / around.length);
  const highest = around.reduce((most, buzz) => Math.max(most, buzz), published);
  const mixed = Math.trunc(count * 0.5) + Math.trunc(average * 0.2) + Math.trunc(highest * 0.3);
  return Math.min(highestBuzz, mixed);
}
