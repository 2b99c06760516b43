/**
 * Reading a newspaper, verified under its author's pinned key, and news (presence-and-life.md §2).
 * It is no evidence for the ledger, but its author is seen now.
 */
import { mergeStatus } from "./merge-status.ts";
import type { Neighbour } from "./neighbourhood.ts";
import type { Newspaper } from "./newspaper.ts";
import { withoutRestart } from "./observation.ts";
import { type Listener, type PresenceChange, seenAlive, stranger } from "./presence-change.ts";

export interface NewspaperChange extends PresenceChange {
  /** I never met its author: a nara that feels like talking says hey_there. */
  readonly isFirstMeeting: boolean;
}

/**
 * All of a Status is covered by the signature, so all of it is believed. It is undated, so it counts
 * no restart of who was away: who restarted says hey_there.
 */
export function readNewspaper(
  known: Neighbour | undefined,
  newspaper: Pick<Newspaper, "from" | "status">,
  listener: Listener,
): NewspaperChange {
  const before = known ?? stranger(newspaper.from);
  const author: Neighbour = {
    ...before,
    observation: withoutRestart(before.observation),
    isMet: true,
    status: mergeStatus(before.status, { ...newspaper.status, observations: null }),
  };
  return {
    ...seenAlive(author, known !== undefined, listener.nowS, listener),
    isFirstMeeting: !before.isMet,
  };
}
