/**
 * What to think of a nara's life: when it began, how often it restarted, when last, how long it
 * was up (docs/protocol/events-and-ledger.md §8, Opinion).
 *
 * | | how |
 * |---|---|
 * | start time | trimmed mean of the voices (voices.ts); a checkpoint's, where there is one |
 * | restarts | trimmed mean of the voices, or the highest told while one observer speaks; a checkpoint's and what came since, where there is one |
 * | last restart | the latest that anybody tells |
 * | uptime | uptime.ts |
 *
 * A checkpoint in the ledger is a verified one: several naras agreed on it, so it anchors what
 * single voices say (docs/differences.md).
 */
import type { SyncEvent, SyncEventOf } from "../events/sync-event.ts";
import { plausibleTimeS } from "./plausible.ts";
import type { Reason, Share } from "./provenance.ts";
import { type Trimmed, trimmedMean, trimmedMeanPositive } from "./trimmed-mean.ts";
import type { Uptimes } from "./uptime.ts";
import { createVoices, type Statement, toldBy, type Voice, type Voices } from "./voices.ts";

/** Zeros while nothing is known. */
export interface Opinion {
  /** Unix seconds. */
  readonly startTimeS: number;
  readonly restarts: number;
  /** Unix seconds. */
  readonly lastRestartS: number;
  readonly totalUptimeS: number;
}

export interface Opinions {
  /** @param voucher who vouches for an event that its observer did not sign; else undefined. */
  feed(event: SyncEvent, voucher: string | undefined): void;
  /** The event, fed with the same voucher, is no longer remembered. */
  forget(event: SyncEvent, voucher: string | undefined): void;
  /** @param nowS Unix seconds. */
  opinionOf(subject: string, nowS: number): Opinion;
  /** What is behind it, the newest first. */
  why(subject: string, belief: "start-time" | "restarts" | "last-restart"): readonly Reason[];
}

/** What voices and checkpoint amount to. */
interface Judgement {
  readonly startTimeS: number;
  readonly restarts: number;
  readonly lastRestartS: number;
  /** Id of the checkpoint that anchors it, "" without one. */
  readonly anchorId: string;
}

interface Subject {
  readonly voices: Voices;
  /** Undefined while something was said since. */
  judgement: Judgement | undefined;
}

/** @param uptimes fed with the same events, but for those that nobody signed. */
export function createOpinions(uptimes: Uptimes): Opinions {
  const subjects = new Map<string, Subject>();

  const judgementOf = (name: string): Judgement => {
    const checkpoint = uptimes.checkpointOf(name);
    const anchorId = checkpoint?.id ?? "";
    const subject = subjects.get(name);
    if (subject?.judgement?.anchorId === anchorId) return subject.judgement;
    const judgement = { ...judged(subject?.voices ?? createVoices(), checkpoint), anchorId };
    if (subject !== undefined) subject.judgement = judgement;
    return judgement;
  };

  return {
    feed(event, voucher) {
      const told = toldBy(event, voucher);
      if (told === undefined) return;
      const subject = subjects.get(told.subject) ?? {
        voices: createVoices(),
        judgement: undefined,
      };
      subjects.set(told.subject, subject);
      subject.voices.add(told);
      subject.judgement = undefined;
    },
    forget(event, voucher) {
      const told = toldBy(event, voucher);
      const subject = told === undefined ? undefined : subjects.get(told.subject);
      if (told === undefined || subject === undefined) return;
      subject.voices.remove(told);
      subject.judgement = undefined;
      if (subject.voices.size === 0) subjects.delete(told.subject);
    },
    opinionOf(name, nowS) {
      const { startTimeS, restarts, lastRestartS, anchorId } = judgementOf(name);
      const isKnown = anchorId !== "" || subjects.has(name);
      const totalUptimeS = isKnown ? uptimes.uptimeOf(name, nowS) : 0;
      return { startTimeS, restarts, lastRestartS, totalUptimeS };
    },
    why(name, belief) {
      const voices = subjects.get(name)?.voices ?? createVoices();
      const checkpoint = uptimes.checkpointOf(name);
      if (belief === "start-time") return whyStartTime(voices, checkpoint);
      if (belief === "restarts") return whyRestarts(voices, checkpoint);
      return whyLastRestart(voices, judgementOf(name).lastRestartS);
    },
  };
}

type Checkpoint = SyncEventOf<"checkpoint">;

function judged(spoken: Voices, checkpoint: Checkpoint | undefined): Omit<Judgement, "anchorId"> {
  const voices = spoken.all();
  return {
    startTimeS: anchoredStartS(checkpoint) || startTimeBand(voices).mean,
    restarts: checkpoint === undefined ? restartsBy(voices) : restartsSince(spoken, checkpoint),
    lastRestartS: voices.reduce((latest, voice) => Math.max(latest, voice.lastRestartS), 0),
  };
}

const anchoredStartS = (checkpoint: Checkpoint | undefined): number =>
  checkpoint === undefined
    ? 0
    : plausibleTimeS(checkpoint.payload.observation.start_time, checkpoint.tsNs);

const startTimeBand = (voices: readonly Voice[]): Trimmed =>
  trimmedMeanPositive(voices.map(({ startTimeS }) => startTimeS));

const restartBand = (voices: readonly Voice[]): Trimmed =>
  trimmedMeanPositive(voices.map(({ restarts }) => restarts));

/** A lone observer is believed its highest: nobody is there to weigh it against. */
function restartsBy(voices: readonly Voice[]): number {
  return isLone(voices)
    ? voices.reduce((most, voice) => Math.max(most, voice.mostRestarts), 0)
    : restartBand(voices).mean;
}

const isLone = (voices: readonly Voice[]): boolean =>
  voices.filter(({ restarts }) => restarts > 0).length < 2;

/**
 * A checkpoint, moved on by what came after it: every later start time is one more restart, and
 * two voices or more who count higher since are believed.
 */
function restartsSince(spoken: Voices, { payload }: Checkpoint): number {
  const later = since(spoken.all(), payload.as_of_time);
  const counted = later.length < 2 ? 0 : restartBand(later).mean;
  const starts = laterStarts(spoken, Number(payload.as_of_time));
  return Math.max(Number(payload.observation.restarts) + starts.size, counted);
}

/** Those whose count was told after `asOfS`, Unix seconds. */
const since = (voices: readonly Voice[], asOfS: bigint): readonly Voice[] =>
  voices.filter(
    ({ restartsWord: word }) => word !== undefined && word.tsNs > asOfS * 1_000_000_000n,
  );

/** Start times after `asOfS`, but of those who tell five times as many as others do. */
function laterStarts(spoken: Voices, asOfS: number): ReadonlySet<number> {
  const told = spoken
    .all()
    .map(({ name }) => new Set(startsAfter(spoken.statementsOf(name), asOfS)))
    .filter(({ size }) => size > 0);
  const { lowest, highest } = trimmedMean(told.map(({ size }) => size));
  const heard = told.filter(({ size }) => size >= lowest && size <= highest);
  return new Set(heard.flatMap((starts) => [...starts]));
}

const startsAfter = (statements: readonly Statement[], asOfS: number): readonly number[] =>
  statements
    .filter(({ isRestart, startTimeS }) => isRestart && startTimeS > asOfS)
    .map(({ startTimeS }) => startTimeS);

// ── Provenance ────────────────────────────────────────────────────────────────────────────────

type Question = (statement: Statement, voice: Voice) => { value: number; share: Share };

function whyStartTime(spoken: Voices, checkpoint: Checkpoint | undefined): readonly Reason[] {
  const anchorS = anchoredStartS(checkpoint);
  const band = startTimeBand(spoken.all());
  const reasons = asked(spoken, (statement, voice) => {
    const value = statement.startTimeS;
    const isWord = anchorS === 0 && statement === voice.startTimeWord;
    return { value, share: isWord ? shareWithin(band, value) : "superseded" };
  });
  if (checkpoint === undefined || anchorS === 0) return reasons;
  return [{ id: checkpoint.id, share: "kept", voice: "", value: anchorS }, ...reasons];
}

function whyRestarts(spoken: Voices, checkpoint: Checkpoint | undefined): readonly Reason[] {
  const voices = spoken.all();
  if (checkpoint === undefined) {
    const band = restartBand(voices);
    const highest = isLone(voices) ? restartsBy(voices) : undefined;
    return asked(spoken, (statement, voice) => {
      const value = statement.restarts;
      if (highest !== undefined) return { value, share: value === highest ? "kept" : "superseded" };
      const isWord = statement === voice.restartsWord;
      return { value, share: isWord ? shareWithin(band, value) : "superseded" };
    });
  }
  const { as_of_time, observation } = checkpoint.payload;
  const later = since(voices, as_of_time);
  const band = restartBand(later);
  const starts = laterStarts(spoken, Number(as_of_time));
  const reasons = asked(spoken, (statement, voice) => {
    const value = statement.restarts;
    if (starts.has(statement.startTimeS)) return { value, share: "kept" };
    const isWord = later.length >= 2 && later.includes(voice) && statement === voice.restartsWord;
    return { value, share: isWord ? shareWithin(band, value) : "superseded" };
  });
  const value = Number(observation.restarts);
  return [{ id: checkpoint.id, share: "kept", voice: "", value }, ...reasons];
}

const whyLastRestart = (spoken: Voices, latestS: number): readonly Reason[] =>
  asked(spoken, ({ lastRestartS: value }) => ({
    value,
    share: value === latestS ? "kept" : "superseded",
  }));

const shareWithin = ({ lowest, highest }: Trimmed, value: number): Share =>
  value >= lowest && value <= highest ? "kept" : "outlier";

/** Every statement that says something on the question, the newest first. */
function asked(spoken: Voices, question: Question): readonly Reason[] {
  return spoken
    .all()
    .flatMap((voice) => spoken.statementsOf(voice.name).map((statement) => ({ statement, voice })))
    .sort((one, other) => Number(other.statement.tsNs - one.statement.tsNs))
    .map(({ statement, voice }) => ({
      id: statement.id,
      voice: voice.name,
      ...question(statement, voice),
    }))
    .filter(({ value }) => value > 0);
}
