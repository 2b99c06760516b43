/** What one nara noticed about another's life: restarts, first sightings, comings and goings. (events-and-ledger §1, §2) */
import { bool, int64, omitEmpty, struct, text, uint64, type ValueOf } from "../codec/go-types.ts";
import { maxFutureNs, maxRestarts } from "../limits.ts";
import { eventKind, type Priority, type Telling } from "./event-kind.ts";

const payload = struct({
  observer: omitEmpty(text),
  observer_id: omitEmpty(text),
  subject: omitEmpty(text),
  subject_id: omitEmpty(text),
  /** restart, first-seen, status-change */
  type: text,
  /** 1 casual, 2 normal, 3 critical */
  importance: int64,
  is_backfill: omitEmpty(bool),
  /** When the subject was first seen, Unix seconds. */
  start_time: omitEmpty(int64),
  restart_num: omitEmpty(int64),
  /** Unix seconds. */
  last_restart: omitEmpty(int64),
  /** ONLINE, OFFLINE, MISSING */
  online_state: omitEmpty(text),
  cluster_name: omitEmpty(text),
  /** Seconds. */
  observer_uptime: omitEmpty(uint64),
});

export type ObservationPayload = ValueOf<typeof payload>;

const nsPerS = 1_000_000_000n;
/** How far clocks and delays may put the times in an event from its own, seconds (limits.ts). */
const toleranceS = maxFutureNs / nsPerS;

/** Importance of what must not be missed (events-and-ledger §2). */
export const criticalImportance = 3n;

export const observation = eventKind({
  payload,
  content: (p) =>
    p.type === "restart"
      ? `${p.subject}:restart:${p.restart_num}:${p.start_time}`
      : `${p.observer}:${p.subject}:${p.type}:${p.online_state}:${p.start_time}:${p.restart_num}`,
  refuse,
  isPossible: (p, saidAtNs) => {
    const latestS = saidAtNs / nsPerS + toleranceS;
    return (
      p.restart_num <= maxRestarts &&
      p.start_time >= 0n &&
      p.start_time <= latestS &&
      p.last_restart >= 0n &&
      p.last_restart <= latestS &&
      p.observer_uptime <= latestS
    );
  },
  covered,
  actor: (p) => p.observer,
  target: (p) => p.subject,
  words: (p) => [p.online_state],
  priority,
  alwaysIn: (p) => p.importance === criticalImportance,
  tell,
});

function refuse(p: ObservationPayload): string | undefined {
  if (p.observer === "" || p.subject === "") return "observer and subject must be named";
  if (p.importance < 1n || p.importance > criticalImportance) return "importance must be 1, 2 or 3";
  switch (p.type) {
    case "restart":
      if (p.restart_num < 0n) return "restart_num must not be negative";
      return p.start_time > 0n ? undefined : "start_time must be after 1970";
    case "first-seen":
      return p.start_time > 0n ? undefined : "start_time must be after 1970";
    case "status-change":
      return moods.has(p.online_state) ? undefined : `"${p.online_state}" is no online state`;
    default:
      return `"${p.type}" is no type of observation`;
  }
}

/**
 * What naras that sign write into the rest: importance by type, no backfill, and in a restart the
 * time at which it was told (events-and-ledger §2, "Actually emitted").
 */
function covered(p: ObservationPayload, saidAtNs: bigint): ObservationPayload {
  const importance = p.type === "status-change" ? 2n : criticalImportance;
  const told = p.type === "restart" ? saidAtNs / nsPerS : 0n;
  const isTold = p.last_restart >= told - toleranceS && p.last_restart <= told;
  const last_restart = isTold ? p.last_restart : told;
  const online_state = p.type === "restart" ? "" : p.online_state;
  const isCovered =
    p.online_state === online_state &&
    p.importance === importance &&
    p.last_restart === last_restart &&
    !p.is_backfill &&
    p.observer_uptime === 0n &&
    p.observer_id + p.subject_id + p.cluster_name === "";
  if (isCovered) return p;
  const blank = { observer_id: "", subject_id: "", cluster_name: "", is_backfill: false };
  return { ...p, ...blank, online_state, importance, last_restart, observer_uptime: 0n };
}

function priority(p: ObservationPayload): Priority {
  if (p.type === "restart" || p.type === "first-seen") return 0;
  return p.type === "status-change" ? 1 : 2;
}

const moods: ReadonlyMap<string, Omit<Telling, "text"> & { readonly verb: string }> = new Map([
  ["ONLINE", { icon: "🟢", verb: "is here", detail: "the lamp is lit again" }],
  ["OFFLINE", { icon: "🔴", verb: "is away", detail: "the shutters are closed" }],
  ["MISSING", { icon: "❓", verb: "is missing", detail: "nobody has heard a step" }],
]);

function tell(p: ObservationPayload): Telling {
  if (p.type === "restart") {
    const detail =
      p.restart_num > 1n ? `for the ${ordinal(p.restart_num)} time` : "a first time for everything";
    return { icon: "🔄", text: `${p.subject} woke up again`, detail };
  }
  if (p.type === "first-seen") {
    return {
      icon: "✨",
      text: `${p.subject} is new around here`,
      detail: "never seen before tonight",
    };
  }
  const mood = moods.get(p.online_state);
  return {
    icon: mood?.icon ?? "❓",
    text: `${p.subject} ${mood?.verb ?? "is somewhere"}`,
    detail: mood?.detail ?? "",
  };
}

function ordinal(count: bigint): string {
  const lastTwo = count % 100n;
  if (lastTwo >= 11n && lastTwo <= 13n) return `${count}th`;
  return `${count}${{ 1: "st", 2: "nd", 3: "rd" }[Number(count % 10n)] ?? "th"}`;
}
