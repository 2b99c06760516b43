/** What every sign of life has in common: a listener, a record before, a record after. */
import { markOnline, type Opinion, type PresenceReport } from "./mark-online.ts";
import type { Neighbour } from "./neighbourhood.ts";
import { noObservation } from "./observation.ts";
import { zeroStatus } from "./status.ts";

/** Me, hearing something. */
export interface Listener {
  readonly myName: string;
  readonly nowS: number;
  readonly booting: boolean;
  /** What my ledger's events say of the speaker. */
  readonly opinion: Opinion;
}

/** What a verified message changes. */
export interface PresenceChange {
  /** The speaker's record; undefined when the name stays unknown. */
  readonly neighbour: Neighbour | undefined;
  /** What it adds to my own buzz count. */
  readonly buzz: number;
  readonly reports: readonly PresenceReport[];
}

/** A name nobody told me anything about. */
export const stranger = (name: string): Neighbour => ({
  name,
  status: { ...zeroStatus, observations: null },
  observation: noObservation,
  isMet: false,
  greetedMe: false,
});

/** Clocks may differ by this much, seconds, as for events dated ahead (design: "What we accept", 5). */
const clockToleranceS = 60;

/** Said well before its author's last sign of life: old news, which anybody can send again. */
export const isReplay = (saidAtS: number, { observation }: Neighbour): boolean =>
  saidAtS < observation.lastSeenS - clockToleranceS;

/** Wires hold nothing back for longer, seconds. */
const onTheWayS = 5;

/** Undated words that come right after their author's chau were said before it. */
export const isLateWord = (known: Neighbour | undefined, nowS: number): boolean =>
  known?.observation.online === "OFFLINE" && nowS - known.observation.lastSeenS <= onTheWayS;

/**
 * The speaker proved to be alive at `seenAtS`. `speaker` is its record with all that the message
 * told; `isKnown` says whether there was one before.
 */
export function seenAlive(
  speaker: Neighbour,
  isKnown: boolean,
  seenAtS: number,
  listener: Listener,
): PresenceChange {
  const marked = markOnline({
    name: speaker.name,
    isMe: false,
    isKnown,
    observation: speaker.observation,
    seenAtS,
    nowS: listener.nowS,
    booting: listener.booting,
    opinion: listener.opinion,
  });
  return {
    neighbour: marked.isKnown ? { ...speaker, observation: marked.observation } : undefined,
    buzz: marked.buzz,
    reports: marked.reports,
  };
}
