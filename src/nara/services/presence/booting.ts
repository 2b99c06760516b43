/** The first two minutes, in which a nara listens before it judges. */

/** Seconds (docs/protocol/presence-and-life.md §3). */
const bootingS = 120;

/**
 * Whether I am booting, from my own record. Last seen moves only when I announce or say hey_there.
 *
 * @param own Unix seconds, 0 for never (docs/protocol/presence-and-life.md §3).
 */
export function isBooting(own: {
  readonly lastSeenS: number;
  readonly lastRestartS: number;
}): boolean {
  return own.lastSeenS - own.lastRestartS < bootingS;
}
