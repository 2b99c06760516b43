/**
 * Reading a newspaper, verified under its author's pinned key, and news (presence-and-life.md §2).
 * It is no evidence for the ledger, but its author is seen now.
 */
import { mergeStatus } from "./merge-status.ts";
import type { Neighbour } from "./neighbourhood.ts";
import type { Newspaper } from "./newspaper.ts";
import { type Listener, type PresenceChange, seenAlive, stranger } from "./presence-change.ts";
import type { NaraStatus } from "./status.ts";

export interface NewspaperChange extends PresenceChange {
  /** I never met its author: a nara that feels like talking says hey_there. */
  readonly isFirstMeeting: boolean;
}

/** All of a Status is covered by the signature, so all of it is believed. */
export function readNewspaper(
  known: Neighbour | undefined,
  newspaper: Pick<Newspaper, "from" | "status">,
  listener: Listener,
): NewspaperChange {
  const before = known ?? stranger(newspaper.from);
  const author: Neighbour = {
    ...before,
    observation: livedOn(before, newspaper.status, listener.nowS)
      ? { ...before.observation, online: "ONLINE" }
      : before.observation,
    isMet: true,
    status: mergeStatus(before.status, { ...newspaper.status, observations: null }),
  };
  return {
    ...seenAlive(author, known !== undefined, listener.nowS, listener),
    isFirstMeeting: !before.isMet,
  };
}

/**
 * Missing, but up for longer than it was silent: it was out of earshot, and did not restart. Who did
 * says hey_there first.
 */
const livedOn = (
  { observation: { online, lastSeenS } }: Neighbour,
  { hostStats }: NaraStatus,
  nowS: number,
): boolean => online === "MISSING" && lastSeenS > 0 && hostStats.uptimeS >= nowS - lastSeenS;
