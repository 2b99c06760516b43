/**
 * Who says what about one nara's life. An observer has one voice, however often it speaks: its
 * newest word on each question. What nobody signed is the voice of who vouches for it, and yields
 * to what that nara signed itself (design "What we accept" 3; docs/differences.md).
 */
import type { SyncEvent } from "../events/sync-event.ts";
import { plausibleRestarts, plausibleTimeS } from "./plausible.ts";
import { createSortedList, type Ordering, type SortedList } from "./sorted-list.ts";

/** What one event says about its subject's life; 0 where it says nothing that could be. */
export interface Statement {
  readonly id: string;
  readonly tsNs: bigint;
  /** By its observer; else somebody vouches for it. */
  readonly isSigned: boolean;
  readonly isRestart: boolean;
  /** Unix seconds. */
  readonly startTimeS: number;
  readonly restarts: number;
  /** Unix seconds. */
  readonly lastRestartS: number;
}

/** What an observer's voice amounts to. */
export interface Voice {
  readonly name: string;
  /** The newest last. */
  readonly statements: readonly Statement[];
  /** Its word on the start time. */
  readonly startTime: Statement | undefined;
  /** Its word on the count, by a restart. */
  readonly restarts: Statement | undefined;
  /** The highest count it ever told. */
  readonly mostRestarts: number;
  /** The latest restart it tells, Unix seconds. */
  readonly lastRestartS: number;
}

/** All who speak about one nara. */
export interface Voices {
  add(told: Told): void;
  remove(told: Told): void;
  all(): readonly Voice[];
  readonly size: number;
}

export interface Told {
  readonly subject: string;
  readonly voice: string;
  readonly statement: Statement;
}

/** @param voucher who vouches for an event that its observer did not sign. */
export function toldBy(event: SyncEvent, voucher: string | undefined): Told | undefined {
  if (event.svc !== "observation") return undefined;
  const { id, tsNs, payload } = event;
  const isRestart = payload.type === "restart";
  if (!isRestart && payload.type !== "first-seen") return undefined;
  return {
    subject: payload.subject,
    voice: voucher ?? payload.observer,
    statement: {
      id,
      tsNs,
      isSigned: voucher === undefined,
      isRestart,
      startTimeS: plausibleTimeS(payload.start_time, tsNs),
      restarts: plausibleRestarts(payload),
      lastRestartS: plausibleTimeS(payload.last_restart, tsNs),
    },
  };
}

interface Speaker {
  readonly statements: SortedList<Statement>;
  /** Undefined while something changed since it was heard. */
  voice: Voice | undefined;
}

export function createVoices(): Voices {
  const speakers = new Map<string, Speaker>();
  return {
    add({ voice, statement }) {
      const speaker = speakers.get(voice) ?? {
        statements: createSortedList(worthiestLast),
        voice: undefined,
      };
      speakers.set(voice, speaker);
      speaker.statements.add(statement);
      speaker.voice = undefined;
    },
    remove({ voice, statement }) {
      const speaker = speakers.get(voice);
      if (speaker === undefined) return;
      speaker.statements.remove(statement);
      speaker.voice = undefined;
      if (speaker.statements.size === 0) speakers.delete(voice);
    },
    all() {
      const voices: Voice[] = [];
      for (const [name, speaker] of speakers) {
        speaker.voice ??= voiceOf(name, speaker.statements.items());
        voices.push(speaker.voice);
      }
      return voices;
    },
    get size() {
      return speakers.size;
    },
  };
}

/** What is signed counts more than what is not, then the newer; of equal ones the first that came. */
const worthiestLast: Ordering<Statement> = {
  compare(one, other) {
    if (one.isSigned !== other.isSigned) return one.isSigned ? 1 : -1;
    return one.tsNs < other.tsNs ? -1 : one.tsNs > other.tsNs ? 1 : 0;
  },
  isSame: (one, other) => one.id === other.id,
  newcomers: "before",
};

function voiceOf(name: string, list: readonly Statement[]): Voice {
  const statements = [...list];
  let mostRestarts = 0;
  let lastRestartS = 0;
  for (const statement of statements) {
    mostRestarts = Math.max(mostRestarts, statement.restarts);
    lastRestartS = Math.max(lastRestartS, statement.lastRestartS);
  }
  return {
    name,
    statements,
    startTime: statements.findLast(({ startTimeS }) => startTimeS > 0),
    restarts: statements.findLast(({ isRestart, restarts }) => isRestart && restarts > 0),
    mostRestarts,
    lastRestartS,
  };
}
