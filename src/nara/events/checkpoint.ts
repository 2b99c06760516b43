/** What several naras agreed on about one: restarts, uptime, first sighting. (events-and-ledger §1–§3) */
import { float64, int64, list, omitEmpty, struct, text, type ValueOf } from "../codec/go-types.ts";
import { attestationText as textOfAttestation } from "../identity/attestation.ts";
import { maxFutureNs, maxRestarts, maxVoters } from "../limits.ts";
import { eventKind } from "./event-kind.ts";

/** A record about a nara, all fields optional (docs/protocol/identity.md §8). Times in Unix seconds. */
export const naraObservation = struct({
  restarts: omitEmpty(int64),
  /** Seconds. */
  total_uptime: omitEmpty(int64),
  start_time: omitEmpty(int64),
  online: omitEmpty(text),
  last_seen: omitEmpty(int64),
  last_restart: omitEmpty(int64),
  cluster_name: omitEmpty(text),
  cluster_emoji: omitEmpty(text),
  /** ms */
  last_ping_rtt: omitEmpty(float64),
  /** ms */
  avg_ping_rtt: omitEmpty(float64),
  last_ping_time: omitEmpty(int64),
});

export type NaraObservation = ValueOf<typeof naraObservation>;

const payload = struct({
  version: int64,
  subject: text,
  subject_id: text,
  previous_checkpoint_id: omitEmpty(text),
  observation: naraObservation,
  /** Unix seconds. */
  as_of_time: int64,
  round: int64,
  voter_ids: omitEmpty(list(text)),
  /** Base64, one per voter. */
  signatures: omitEmpty(list(text)),
});

export type CheckpointPayload = ValueOf<typeof payload>;

const nsPerS = 1_000_000_000n;
/** Clocks may differ by so much, seconds (limits.ts). */
const toleranceS = maxFutureNs / nsPerS;
/** A vote is over after 60 s (docs/protocol/mesh-runtime-checkpoints.md §5); nobody signs when it was told. */
const maxDelayS = 600n;

/** Checkpoints of r2d2 up to this time were wrong (events-and-ledger §5, Add). Unix seconds. */
const spoiltUntilS = 1_768_774_453n;
const spoiltSubject = "r2d2";

export const checkpoint = eventKind({
  payload,
  content: (p) => {
    const { start_time, restarts, total_uptime } = p.observation;
    const subject = p.subject_id || p.subject;
    const facts = `${subject}:${p.as_of_time}:${start_time}:${restarts}:${total_uptime}`;
    if (p.version === 0n || p.version === 1n) return `checkpoint:${facts}`;
    return `checkpoint:v2:${facts}:${p.previous_checkpoint_id}`;
  },
  refuse: (p) => {
    if (p.subject === "") return "subject must be set";
    if (p.as_of_time <= 0n) return "as_of_time must be after 1970";
    if (p.observation.restarts < 0n) return "restarts must not be negative";
    if (p.observation.total_uptime < 0n) return "total_uptime must not be negative";
    return (p.voter_ids?.length ?? 0) === (p.signatures?.length ?? 0)
      ? undefined
      : "there must be one signature per voter";
  },
  isPossible: (p, saidAtNs) => {
    const { restarts, total_uptime, start_time } = p.observation;
    const delayS = saidAtNs / nsPerS - p.as_of_time;
    return (
      p.version >= 0n &&
      delayS >= -toleranceS &&
      delayS <= maxDelayS &&
      restarts <= maxRestarts &&
      start_time >= 0n &&
      start_time <= p.as_of_time &&
      total_uptime <= p.as_of_time &&
      (p.voter_ids?.length ?? 0) <= maxVoters
    );
  },
  covered: (p) => {
    const { restarts, total_uptime, start_time } = p.observation;
    const observation = { ...naraObservation.zero(), restarts, total_uptime, start_time };
    const previous_checkpoint_id = p.version >= 2n ? p.previous_checkpoint_id : "";
    return { ...p, observation, previous_checkpoint_id, round: 0n };
  },
  isSpoilt: (p) => p.subject === spoiltSubject && p.as_of_time <= spoiltUntilS,
  actor: () => "",
  target: (p) => p.subject,
  priority: () => 0,
  alwaysIn: () => true,
  tell: (p) => ({
    icon: "📸",
    text: `${p.subject} sat for a portrait`,
    detail:
      `${p.observation.restarts} restarts, ${p.observation.total_uptime / 3600n} h awake, ` +
      `${p.voter_ids?.length ?? 0} witnesses`,
  }),
});

/** What a voter signed, unhashed (events-and-ledger §3, identity §9). */
export function attestationText(p: CheckpointPayload, voterId: string): string {
  const { restarts, total_uptime, start_time } = p.observation;
  return textOfAttestation({
    version: p.version,
    attesterId: voterId,
    subjectId: p.subject_id,
    asOfS: p.as_of_time,
    restarts,
    totalUptimeS: total_uptime,
    startTimeS: start_time,
    lastSeenCheckpointId: p.version >= 2n ? p.previous_checkpoint_id : "",
  });
}
