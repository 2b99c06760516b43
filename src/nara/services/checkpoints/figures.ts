/**
 * What I would sign of a nara's life: how often it restarted, how long it was up, when it was
 * first seen (docs/protocol/mesh-runtime-checkpoints.md §5, Vote).
 *
 * The reference takes every word in its ledger for true, the earliest start for instance. Here a
 * lone liar moves nothing further than voters tolerate: what a checkpoint settled stays, and
 * voices are weighed by their median (docs/differences.md, Checkpoints).
 */
import type { SyncEventOf } from "../../events/sync-event.ts";
import { latestCheckpointOf, provenOnly } from "../../ledger/queries.ts";
import type { ServiceContext } from "../../runtime/service.ts";

/** Times in Unix seconds, uptime in seconds; zeros while nothing is known. */
export interface Figures {
  readonly restarts: bigint;
  readonly totalUptimeS: bigint;
  readonly startTimeS: bigint;
}

export type FiguresSource = Pick<ServiceContext, "ledger" | "projections">;

/** How far a proposal may be off for a voter to sign it, inclusive (§5). */
export const tolerance: Figures = { restarts: 5n, totalUptimeS: 60n, startTimeS: 60n };

export const agrees = (one: Figures, other: Figures): boolean =>
  isNear(one.restarts, other.restarts, tolerance.restarts) &&
  isNear(one.totalUptimeS, other.totalUptimeS, tolerance.totalUptimeS) &&
  isNear(one.startTimeS, other.startTimeS, tolerance.startTimeS);

/** Nobody has told anything. */
export const isNothing = ({ restarts, totalUptimeS, startTimeS }: Figures): boolean =>
  restarts === 0n && totalUptimeS === 0n && startTimeS === 0n;

/** The latest one that proved itself. */
export const provenCheckpointOf = (
  ledger: FiguresSource["ledger"],
  name: string,
): SyncEventOf<"checkpoint"> | undefined => latestCheckpointOf(provenOnly(ledger), name);

/** @param nowS Unix seconds. */
export function figuresOf(nara: FiguresSource, name: string, nowS: bigint): Figures {
  const anchor = provenCheckpointOf(nara.ledger, name)?.payload;
  const voices = voicesAbout(nara, name);
  const startTimeS =
    anchor !== undefined && anchor.observation.start_time > 0n
      ? anchor.observation.start_time
      : median(voices.flatMap(({ startTimeS: told }) => (told > 0n ? [told] : [])));
  const restarts =
    anchor === undefined
      ? median(voices.flatMap(({ restarts: told }) => (told > 0n ? [told] : [])))
      : anchor.observation.restarts + startsSince(voices, anchor.as_of_time);
  const seenS = BigInt(nara.projections.uptimes.uptimeOf(name, Number(nowS)));
  const longestS =
    anchor === undefined
      ? atLeastZero(startTimeS === 0n ? 0n : nowS - startTimeS)
      : anchor.observation.total_uptime + atLeastZero(nowS - anchor.as_of_time);
  return { restarts, startTimeS, totalUptimeS: seenS < longestS ? seenS : longestS };
}

/** What one observer said, or one peer vouches for, its newest word on each question. */
interface Voice {
  startTimeS: bigint;
  restarts: bigint;
  startToldNs: bigint;
  restartsToldNs: bigint;
  readonly starts: Set<bigint>;
}

function voicesAbout({ ledger }: FiguresSource, name: string): readonly Voice[] {
  const voices = new Map<string, Voice>();
  for (const { id, emitter, tsNs, payload } of ledger.targeting("observation", name)) {
    const standing = ledger.standingOf(id);
    const names = standing?.tier === "vouched" ? standing.vouchers : [emitter];
    for (const speaker of names) {
      const voice = voices.get(speaker) ?? silent();
      voices.set(speaker, voice);
      const { start_time, restart_num, type } = payload;
      if (start_time > 0n && tsNs >= voice.startToldNs) {
        voice.startTimeS = start_time;
        voice.startToldNs = tsNs;
      }
      if (type !== "restart") continue;
      if (!payload.is_backfill) voice.starts.add(start_time);
      if (tsNs < voice.restartsToldNs) continue;
      voice.restarts = restart_num;
      voice.restartsToldNs = tsNs;
    }
  }
  return [...voices.values()];
}

const silent = (): Voice => ({
  ...{ startTimeS: 0n, restarts: 0n, startToldNs: 0n, restartsToldNs: 0n },
  starts: new Set(),
});

/**
 * Later start times, each one restart more. Of those that a single voice tells no more count than
 * voters tolerate: usually one tells, and the others keep quiet (events-and-ledger §5).
 */
function startsSince(voices: readonly Voice[], asOfS: bigint): bigint {
  const tellers = new Map<bigint, number>();
  for (const { starts } of voices) {
    for (const start of starts) {
      if (start > asOfS) tellers.set(start, (tellers.get(start) ?? 0) + 1);
    }
  }
  let shared = 0n;
  for (const count of tellers.values()) if (count > 1) shared += 1n;
  return voices.reduce((sum, { starts }) => {
    const alone = BigInt([...starts].filter((start) => tellers.get(start) === 1).length);
    return sum + (alone < tolerance.restarts ? alone : tolerance.restarts);
  }, shared);
}

/** The lower one of two; 0 of none. */
export function median(values: readonly bigint[]): bigint {
  const sorted = [...values].sort((one, other) => (one < other ? -1 : one > other ? 1 : 0));
  return sorted[(sorted.length - 1) >> 1] ?? 0n;
}

export const isNear = (one: bigint, other: bigint, by: bigint): boolean =>
  one - other <= by && other - one <= by;

const atLeastZero = (value: bigint): bigint => (value > 0n ? value : 0n);
