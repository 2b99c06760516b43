/**
 * What follows from the events about a nara, counted as the reference counts
 * (docs/protocol/events-and-ledger.md §5, Queries). They take every event at its word; who wants
 * facts alone passes a reader of what is proven ({@link provenOnly}).
 *
 * Times in Unix seconds. Of equals the first that came counts.
 */

import type { EventService } from "../events/event-kinds.ts";
import type { ObservationPayload } from "../events/observation.ts";
import type { PingPayload } from "../events/ping.ts";
import type { SyncEvent, SyncEventOf } from "../events/sync-event.ts";
import { latestCheckpoint } from "./latest-checkpoint.ts";
import type { LedgerReader } from "./ledger-types.ts";

export type FactReader = Pick<LedgerReader, "byService" | "newest" | "targeting">;

/** The same ledger without hearsay. */
export function provenOnly(ledger: FactReader & Pick<LedgerReader, "standingOf">): FactReader {
  const isProven = ({ id }: SyncEvent): boolean => ledger.standingOf(id)?.tier === "proven";
  const proven = <Svc extends EventService>(events: readonly SyncEventOf<Svc>[]) =>
    (events as readonly SyncEvent[]).filter(isProven) as SyncEventOf<Svc>[];
  return {
    byService: (svc) => proven(ledger.byService(svc)),
    targeting: (svc, name) => proven(ledger.targeting(svc, name)),
    newest: (limit, wanted = () => true) =>
      ledger.newest(limit, (event) => isProven(event) && wanted(event)),
  };
}

export const latestCheckpointOf = (
  ledger: FactReader,
  name: string,
): SyncEventOf<"checkpoint"> | undefined => latestCheckpoint(ledger.targeting("checkpoint", name));

/** The first observation of it from before there were events. */
export const backfillOf = (ledger: FactReader, name: string): ObservationPayload | undefined =>
  ledger.targeting("observation", name).find(({ payload }) => payload.is_backfill)?.payload;

/** The earliest start that anybody tells of; 0 when nobody does. */
export function firstSeenOf(ledger: FactReader, name: string): bigint {
  const starts = [
    ...ledger.targeting("observation", name).map(({ payload }) => payload.start_time),
    ...ledger.targeting("checkpoint", name).map(({ payload }) => payload.observation.start_time),
  ].filter((start) => start > 0n);
  return starts.reduce((least, start) => (least === 0n || start < least ? start : least), 0n);
}

/**
 * What the latest checkpoint counted and every start after it; without one what the backfill
 * counted and every other start; else every start.
 */
export function restartsOf(ledger: FactReader, name: string): bigint {
  const checkpoint = latestCheckpointOf(ledger, name)?.payload;
  if (checkpoint !== undefined) {
    const { as_of_time, observation } = checkpoint;
    return observation.restarts + startsOf(ledger, name, (start) => start > as_of_time);
  }
  const backfill = backfillOf(ledger, name);
  if (backfill === undefined) return startsOf(ledger, name, () => true);
  const { restart_num, start_time } = backfill;
  return restart_num + startsOf(ledger, name, (start) => start !== start_time);
}

/**
 * Seconds it has been online: from the latest checkpoint on, or else from the backfill's start, or
 * else as far as status changes tell.
 */
export function uptimeOf(ledger: FactReader, name: string, nowS: bigint): bigint {
  const checkpoint = latestCheckpointOf(ledger, name)?.payload;
  if (checkpoint !== undefined) {
    const { as_of_time, observation } = checkpoint;
    return observation.total_uptime + uptimeAfter(ledger, name, as_of_time, nowS);
  }
  const onlineSince = backfillOf(ledger, name)?.start_time ?? 0n;
  return onlineSeconds(changesAfter(ledger, name, 0n), onlineSince, nowS);
}

/** Seconds it has been online by the status changes later than `sinceS`; 0 takes all. */
export const uptimeAfter = (
  ledger: FactReader,
  name: string,
  sinceS: bigint,
  nowS: bigint,
): bigint => onlineSeconds(changesAfter(ledger, name, sinceS), 0n, nowS);

/** The one with the greatest time above 0. */
export function latestPingTo(ledger: FactReader, name: string): PingPayload | undefined {
  let latest: SyncEventOf<"ping"> | undefined;
  for (const ping of ledger.targeting("ping", name)) {
    if (ping.tsNs > (latest?.tsNs ?? 0n)) latest = ping;
  }
  return latest?.payload;
}

/** Mean round trip of all pings to it, ms; 0 when there are none. */
export function meanRttTo(ledger: FactReader, name: string): number {
  const pings = ledger.targeting("ping", name);
  const sum = pings.reduce((total, { payload }) => total + payload.rtt, 0);
  return pings.length === 0 ? 0 : sum / pings.length;
}

/** Pings between the two, in either direction, in order of arrival. */
export const pingsBetween = (ledger: FactReader, one: string, other: string): PingPayload[] =>
  ledger
    .byService("ping")
    .map(({ payload }) => payload)
    .filter(
      ({ observer, target }) =>
        (observer === one && target === other) || (observer === other && target === one),
    );

/** The latest social events, newest first. */
export const recentSocial = (ledger: FactReader, most: number): readonly SyncEvent[] =>
  ledger.newest(most, ({ svc }) => svc === "social");

export interface TeaseCounts {
  readonly given: ReadonlyMap<string, number>;
  readonly received: ReadonlyMap<string, number>;
}

/** How often each nara teased, and was teased. */
export function teaseCounts(ledger: FactReader): TeaseCounts {
  const given = new Map<string, number>();
  const received = new Map<string, number>();
  for (const { payload } of ledger.byService("social")) {
    if (payload.type !== "tease") continue;
    given.set(payload.actor, (given.get(payload.actor) ?? 0) + 1);
    received.set(payload.target, (received.get(payload.target) ?? 0) + 1);
  }
  return { given, received };
}

/** How many different starts its restarts tell of, backfills aside. */
function startsOf(ledger: FactReader, name: string, counts: (start: bigint) => boolean): bigint {
  const starts = ledger
    .targeting("observation", name)
    .filter(({ payload }) => payload.type === "restart" && !payload.is_backfill)
    .map(({ payload }) => payload.start_time)
    .filter(counts);
  return BigInt(new Set(starts).size);
}

interface StatusChange {
  readonly atS: bigint;
  readonly state: string;
}

/** Oldest first. Whole seconds are compared, as in the reference. */
function changesAfter(ledger: FactReader, name: string, sinceS: bigint): readonly StatusChange[] {
  return ledger
    .targeting("observation", name)
    .filter(({ payload }) => payload.type === "status-change")
    .map(({ tsNs, payload }) => ({ atS: tsNs / nsPerS, state: payload.online_state }))
    .filter(({ atS }) => sinceS <= 0n || atS > sinceS)
    .sort((one, other) => Number(one.atS - other.atS));
}

/** @param since when it went online before the first change; 0: it was not. */
function onlineSeconds(changes: readonly StatusChange[], since: bigint, nowS: bigint): bigint {
  let total = 0n;
  let onlineSinceS = since > 0n ? since : 0n;
  for (const { atS, state } of changes) {
    if (state === "ONLINE") {
      if (onlineSinceS === 0n) onlineSinceS = atS;
    } else if (onlineSinceS > 0n) {
      total += atS - onlineSinceS;
      onlineSinceS = 0n;
    }
  }
  return onlineSinceS > 0n ? total + nowS - onlineSinceS : total;
}

const nsPerS = 1_000_000_000n;
