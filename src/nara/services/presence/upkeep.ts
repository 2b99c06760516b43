/** Whom to forget: those who have been away too long for how long they were known (presence-and-life.md §5). */
import type { OnlineState } from "../../view.ts";

/** Times in Unix seconds, 0 while unknown. */
export interface Acquaintance {
  readonly online: OnlineState;
  readonly startTimeS: number;
  readonly lastSeenS: number;
  /** It has flair, buzz or chattiness: it said something of itself once. */
  readonly hasSpoken: boolean;
}

/** A record about a nara, mine or another's. Times in Unix seconds; zero and less is nothing. */
export interface Testimony {
  readonly online: OnlineState;
  readonly startTimeS: number;
  readonly restarts: number;
  readonly lastRestartS: number;
}

const hourS = 3600;
const dayS = 86_400;
/** Neighbours who must be asked before a ghost may go. */
const minWitnesses = 3;

/** Never true of those who are here. */
export function isForgettable(known: Acquaintance, nowS: number): boolean {
  if (known.online === "ONLINE") return false;
  const ageS = known.startTimeS > 0 ? nowS - known.startTimeS : 0;
  if (known.lastSeenS === 0) {
    return known.startTimeS > 0 ? ageS > hourS : known.startTimeS === 0 && !known.hasSpoken;
  }
  const awayS = known.lastSeenS > 0 ? nowS - known.lastSeenS : 0;
  if (ageS < 2 * dayS) return awayS > dayS;
  return ageS < 30 * dayS && awayS > 7 * dayS;
}

/** Nobody knows anything of its life. */
export const isGhost = (mine: Testimony, witnesses: readonly Testimony[]): boolean =>
  [mine, ...witnesses].every(
    ({ startTimeS, restarts, lastRestartS }) =>
      startTimeS <= 0 && restarts <= 0 && lastRestartS <= 0,
  );

/**
 * A ghost that nobody sees, asked of enough neighbours to be sure.
 *
 * @param askWitnesses only of one I know nothing of myself, and have not seen for long.
 */
export function isDeletableGhost(
  mine: Testimony & { readonly lastSeenS: number },
  askWitnesses: () => readonly Testimony[],
  nowS: number,
): boolean {
  if (!isGhost(mine, []) || mine.lastSeenS > nowS - dayS) return false;
  const witnesses = askWitnesses();
  return (
    witnesses.length >= minWitnesses &&
    isGhost(mine, witnesses) &&
    [mine, ...witnesses].every(({ online }) => online !== "ONLINE")
  );
}
