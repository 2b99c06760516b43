/**
 * Who says what about one nara's life. An observer has one voice, however often it speaks: its
 * newest word on each question. What nobody signed is the voice of who vouches for it, and yields
 * to what that nara signed itself (design "What we accept" 3; docs/differences.md).
 */
import type { SyncEvent } from "../events/sync-event.ts";
import { plausibleRestarts, plausibleTimeS } from "./plausible.ts";
import { indexIn, insert, type Ordering } from "./sorted-list.ts";

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
  /** Its word on the start time, Unix seconds; 0 when it has none. */
  readonly startTimeS: number;
  readonly startTimeWord: Statement | undefined;
  /** Its word on the count, by a restart; 0 when it has none. */
  readonly restarts: number;
  readonly restartsWord: Statement | undefined;
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
  /** All that the voice said, its newest word last. Not to be kept. */
  statementsOf(voice: string): readonly Statement[];
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

/** Its voice and what it said, in one piece of memory: everybody is asked at once, and often. */
interface Speaker extends Writable<Voice> {
  /** In order of worth. There are many speakers, most of few words: a plain list is smallest. */
  readonly statements: Statement[];
  /** Something other than its newest word changed since it was heard. */
  isStale: boolean;
}

type Writable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

export function createVoices(): Voices {
  const speakers = new Map<string, Speaker>();
  return {
    add({ voice, statement }) {
      const speaker = speakers.get(voice) ?? newSpeaker(voice);
      speakers.set(voice, speaker);
      insert(speaker.statements, statement, worthiestLast);
      if (speaker.statements.at(-1) === statement) say(speaker, statement);
      else speaker.isStale = true;
    },
    remove({ voice, statement }) {
      const speaker = speakers.get(voice);
      if (speaker === undefined) return;
      const at = indexIn(speaker.statements, statement, worthiestLast);
      if (at >= 0) speaker.statements.splice(at, 1);
      speaker.isStale = true;
      if (speaker.statements.length === 0) speakers.delete(voice);
    },
    all() {
      const voices: Voice[] = [];
      for (const speaker of speakers.values()) {
        if (speaker.isStale) repeat(speaker);
        voices.push(speaker);
      }
      return voices;
    },
    statementsOf: (voice) => speakers.get(voice)?.statements ?? [],
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

const newSpeaker = (name: string): Speaker => ({
  name,
  ...nothingSaid,
  statements: [],
  isStale: false,
});

const nothingSaid = {
  startTimeS: 0,
  startTimeWord: undefined,
  restarts: 0,
  restartsWord: undefined,
  mostRestarts: 0,
  lastRestartS: 0,
};

/** Says all again, from the first word. */
function repeat(speaker: Speaker): void {
  Object.assign(speaker, nothingSaid);
  for (const statement of speaker.statements) say(speaker, statement);
  speaker.isStale = false;
}

/** Adds its newest word to the voice. */
function say(speaker: Speaker, statement: Statement): void {
  const { startTimeS, isRestart, restarts, lastRestartS } = statement;
  if (startTimeS > 0) {
    speaker.startTimeS = startTimeS;
    speaker.startTimeWord = statement;
  }
  if (isRestart && restarts > 0) {
    speaker.restarts = restarts;
    speaker.restartsWord = statement;
  }
  speaker.mostRestarts = Math.max(speaker.mostRestarts, restarts);
  speaker.lastRestartS = Math.max(speaker.lastRestartS, lastRestartS);
}
