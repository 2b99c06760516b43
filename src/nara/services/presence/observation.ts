/**
 * What one nara remembers of another, kept by name.
 * Wire: howdys and newspapers (docs/protocol/presence-and-life.md, notation; identity.md §8).
 */
import {
  decodeGo,
  encodeGo,
  float64,
  type GoType,
  omitEmpty,
  safeInt,
  struct,
  text,
} from "../../codec/go-types.ts";
import { viewed } from "../../codec/go-view.ts";
import { maxRestarts } from "../../limits.ts";
import type { Outcome } from "../../outcome.ts";
import type { DropReason } from "../../runtime/drops.ts";
import type { OnlineState } from "../../view.ts";

/** Times are Unix seconds, 0 for never. */
export interface Observation {
  readonly restarts: number;
  readonly totalUptimeS: number;
  /** First seen by anyone. */
  readonly startTimeS: number;
  /** "" while never seen. */
  readonly online: OnlineState;
  readonly lastSeenS: number;
  readonly lastRestartS: number;
  readonly clusterName: string;
  readonly clusterEmoji: string;
  readonly lastPingRttMs: number;
  readonly avgPingRttMs: number;
  readonly lastPingTimeS: number;
}

export const noObservation: Observation = {
  restarts: 0,
  totalUptimeS: 0,
  startTimeS: 0,
  online: "",
  lastSeenS: 0,
  lastRestartS: 0,
  clusterName: "",
  clusterEmoji: "",
  lastPingRttMs: 0,
  avgPingRttMs: 0,
  lastPingTimeS: 0,
};

/** Order and omissions of the reference (docs/protocol/identity.md §8). */
export const observationType: GoType<Observation> = viewed(
  struct({
    restarts: omitEmpty(safeInt),
    total_uptime: omitEmpty(safeInt),
    start_time: omitEmpty(safeInt),
    online: omitEmpty(text),
    last_seen: omitEmpty(safeInt),
    last_restart: omitEmpty(safeInt),
    cluster_name: omitEmpty(text),
    cluster_emoji: omitEmpty(text),
    last_ping_rtt: omitEmpty(float64),
    avg_ping_rtt: omitEmpty(float64),
    last_ping_time: omitEmpty(safeInt),
  }),
  (wire): Observation => ({
    restarts: wire.restarts,
    totalUptimeS: wire.total_uptime,
    startTimeS: wire.start_time,
    online: onlineState(wire.online),
    lastSeenS: wire.last_seen,
    lastRestartS: wire.last_restart,
    clusterName: wire.cluster_name,
    clusterEmoji: wire.cluster_emoji,
    lastPingRttMs: wire.last_ping_rtt,
    avgPingRttMs: wire.avg_ping_rtt,
    lastPingTimeS: wire.last_ping_time,
  }),
  (ours) => ({
    restarts: ours.restarts,
    total_uptime: ours.totalUptimeS,
    start_time: ours.startTimeS,
    online: ours.online,
    last_seen: ours.lastSeenS,
    last_restart: ours.lastRestartS,
    cluster_name: ours.clusterName,
    cluster_emoji: ours.clusterEmoji,
    last_ping_rtt: ours.lastPingRttMs,
    avg_ping_rtt: ours.avgPingRttMs,
    last_ping_time: ours.lastPingTimeS,
  }),
);

export const encodeObservation = (observation: Observation): string =>
  encodeGo(observationType, observation);

export const decodeObservation = (json: string): Outcome<Observation, DropReason> =>
  decodeGo(observationType, json);

/**
 * What I remember once a neighbour's memory is added: a start time where I have none, and the
 * larger of the counters and times. (docs/protocol/presence-and-life.md §2, Howdy)
 */
export function mergeObservation(mine: Observation, theirs: Observation): Observation {
  return {
    ...mine,
    startTimeS:
      mine.startTimeS === 0 && theirs.startTimeS > 0 ? theirs.startTimeS : mine.startTimeS,
    lastSeenS: Math.max(mine.lastSeenS, theirs.lastSeenS),
    restarts: Math.max(mine.restarts, theirs.restarts),
    lastRestartS: Math.max(mine.lastRestartS, theirs.lastRestartS),
  };
}

/**
 * What I remember of somebody I met myself once hearsay is added: it fills blanks, and moves
 * nothing that I know. No restarts of one I hold for absent are no blank: others may count one
 * already that I count when I hear of it. (design: "What we accept", 6; docs/differences.md)
 */
export function fillObservation(mine: Observation, theirs: Observation): Observation {
  const merged = mergeObservation(mine, theirs);
  return {
    ...merged,
    lastSeenS: mine.lastSeenS || merged.lastSeenS,
    restarts: mine.restarts || (isAbsent(mine) ? 0 : merged.restarts),
    lastRestartS: mine.lastRestartS || merged.lastRestartS,
  };
}

/** Somebody held for gone is here, and need not have restarted. */
export const withoutRestart = (observation: Observation): Observation =>
  isAbsent(observation) ? { ...observation, online: "ONLINE" } : observation;

/** Held for gone, with or without a goodbye. */
export const isAbsent = (observation: Observation | undefined): boolean =>
  observation?.online === "OFFLINE" || observation?.online === "MISSING";

/** Somebody else's memory within what is possible: nothing negative, nothing after `nowS`. */
export function plausible(observation: Observation, nowS: number): Observation {
  const past = (timeS: number): number => (timeS > 0 && timeS <= nowS ? timeS : 0);
  return {
    ...observation,
    restarts: Math.min(maxRestarts, Math.max(0, observation.restarts)),
    totalUptimeS: past(observation.totalUptimeS),
    startTimeS: past(observation.startTimeS),
    lastSeenS: past(observation.lastSeenS),
    lastRestartS: past(observation.lastRestartS),
    lastPingTimeS: past(observation.lastPingTimeS),
  };
}

function onlineState(wire: string): OnlineState {
  return wire === "ONLINE" || wire === "OFFLINE" || wire === "MISSING" ? wire : "";
}
