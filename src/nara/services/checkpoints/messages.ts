/**
 * The messages of a vote, as the reference says them, published with QoS 1
 * (docs/protocol/mesh-runtime-checkpoints.md §5).
 *
 * | kind | place | proves itself by |
 * |---|---|---|
 * | checkpoint:propose | `nara/checkpoint/propose` | the key pinned for its subject's id |
 * | checkpoint:vote | `nara/checkpoint/vote` | the key pinned for the attester's id |
 * | checkpoint | `nara/checkpoint/final` | its voters; the gate asks them (trust/gate.ts) |
 *
 * A signature covers ids, figures, time and reference. So names must be the ones known for the
 * ids, and of the rest only what can be checked is believed.
 */
import {
  bool,
  decodeGo,
  encodeGo,
  type GoType,
  int64,
  omitEmpty,
  struct,
  text,
  type ValueOf,
} from "../../codec/go-types.ts";
import { hashId } from "../../codec/hash-id.ts";
import { utf8 } from "../../codec/utf8.ts";
import { type CheckpointPayload, checkpoint, naraObservation } from "../../events/checkpoint.ts";
import { decodeSyncEvent, encodeSyncEvent, newSyncEvent } from "../../events/sync-event.ts";
import { attestationText } from "../../identity/attestation.ts";
import { maxFieldBytes } from "../../limits.ts";
import { accept, refuse } from "../../outcome.ts";
import { type Behaviour, behaviour, type Envelope } from "../../runtime/behaviour.ts";
import type { DropReason } from "../../runtime/drops.ts";
import type { Keyring } from "../../runtime/keyring.ts";
import type { Message } from "../../runtime/message.ts";
import {
  drop,
  proceed,
  type ReceiveContext,
  type ReceiveStage,
  type StageResult,
  type StageTools,
} from "../../runtime/stage.ts";
import {
  byId,
  fromAnother,
  live,
  once,
  rateLimited,
  signed,
  toPlaza,
  verified,
} from "../../runtime/stages.ts";
import type { Figures } from "./figures.ts";

const attestationFields = {
  version: int64,
  subject: text,
  subject_id: text,
  observation: naraObservation,
  attester: text,
  attester_id: text,
  last_seen_checkpoint_id: omitEmpty(text),
  /** Unix seconds. */
  as_of_time: int64,
  /** Base64. */
  signature: text,
};
const attestation = struct(attestationFields);
const proposalWire = struct({ ...attestationFields, round: int64 });
const voteWire = struct({
  ...attestationFields,
  /** The proposal's `as_of_time`. */
  proposal_ts: int64,
  round: int64,
  approved: bool,
});

export type Attestation = ValueOf<typeof attestation>;
export type Proposal = ValueOf<typeof proposalWire>;
export type Vote = ValueOf<typeof voteWire>;

/** The version that we sign (§5). Version 3 and up read like it; 1 and 0 are not answered. */
export const ownVersion = 2n;
/** A proposal is open for votes so long (§5), seconds. */
export const voteWindowS = 60n;
/** Clocks may differ so much, seconds (design "What we accept" 5). */
const clockToleranceS = 60n;
/** Messages of one author in a minute. A nara proposes twice at most, and votes once for each. */
const perMinute = { proposals: 6, votes: 12, finals: 6 };
/** Signatures that a final must bring (§5, Accept final). */
const fewestSignatures = 5;

/** What an attestation would settle. */
export const settledBy = (said: Attestation): CheckpointPayload => ({
  ...checkpoint.payload.zero(),
  version: said.version,
  subject: said.subject,
  subject_id: said.subject_id,
  previous_checkpoint_id: said.last_seen_checkpoint_id,
  observation: said.observation,
  as_of_time: said.as_of_time,
});

export const figuresIn = ({ observation }: Pick<Attestation, "observation">): Figures => ({
  restarts: observation.restarts,
  totalUptimeS: observation.total_uptime,
  startTimeS: observation.start_time,
});

export const observationOf = (figures: Figures): Attestation["observation"] => ({
  ...naraObservation.zero(),
  restarts: figures.restarts,
  total_uptime: figures.totalUptimeS,
  start_time: figures.startTimeS,
});

/** What is signed, unhashed. */
export const signedText = (said: Attestation): string =>
  attestationText({
    version: said.version,
    attesterId: said.attester_id,
    subjectId: said.subject_id,
    asOfS: said.as_of_time,
    restarts: said.observation.restarts,
    totalUptimeS: said.observation.total_uptime,
    startTimeS: said.observation.start_time,
    lastSeenCheckpointId: said.last_seen_checkpoint_id,
  });

const envelopeOf = <Said extends Attestation & { readonly round: bigint }>(
  name: string,
  type: GoType<Said>,
): Envelope<Said> => {
  const idOf = (said: Said): string => hashId(`${name}:${said.round}:${signedText(said)}`);
  return {
    name,
    id: ({ payload }) => idOf(payload),
    signedBytes: ({ payload }) => utf8(signedText(payload)),
    encode: ({ payload, signature }) => encodeGo(type, { ...payload, signature }),
    decode(source) {
      const read = decodeGo(type, source);
      if (!read.ok) return read;
      const payload = read.value;
      const message: Message<Said> = {
        ...{ kind: name, version: 1, id: idOf(payload), contentKey: "", payload },
        ...{ from: payload.attester, fromId: payload.attester_id },
        ...{ to: "", toId: "", inReplyTo: "" },
        tsNs: payload.as_of_time * 1_000_000_000n,
        signature: payload.signature,
      };
      return accept({ message, signedBytes: utf8(signedText(payload)) });
    },
  };
};

/** Refuses by a rule that asks nobody's key: before any signature of the batch is looked at. */
const unless = (
  name: string,
  why: (said: never, tools: StageTools) => DropReason | undefined,
): ReceiveStage => {
  // Stages see messages of their own behaviour only, so the payload is the one declared here.
  const ask = why as (said: unknown, tools: StageTools) => DropReason | undefined;
  const run = ({ message, tools }: ReceiveContext): StageResult => {
    const reason = ask(message.payload, tools);
    return reason === undefined ? proceed : drop(reason);
  };
  return { name, prepare: run, run };
};

const possible = unless("possible", (said: Proposal | Vote, { clock }) => {
  const nowS = clock.nowNs() / 1_000_000_000n;
  if (said.version < ownVersion) return "unsupported_version";
  if (said.round !== 1n && said.round !== 2n) return "out_of_range";
  if (said.as_of_time - nowS > clockToleranceS) return "future";
  if (nowS - said.as_of_time > voteWindowS + clockToleranceS) return "stale";
  if (said.last_seen_checkpoint_id.length > maxFieldBytes) return "too_long";
  const settled = settledBy(said);
  if (checkpoint.refuse(settled) !== undefined) return "invalid";
  return checkpoint.isPossible?.(settled, said.as_of_time * 1_000_000_000n) === false
    ? "out_of_range"
    : undefined;
});

/** Nobody proposes for another. */
const ofItself = unless("of itself", ({ subject, subject_id, attester, attester_id }: Proposal) =>
  subject === attester && subject_id === attester_id ? undefined : "not_its_author",
);

/** A vote about me, and about nobody else who bears my name or my id. */
const aboutMe = unless("about me", ({ subject, subject_id }: Vote, { me }) => {
  if (subject !== me.name) return "not_for_me";
  return subject_id === me.id ? undefined : "id_conflict";
});

/** The name is the one known for the id, and both ways; by then, for the batch may bring a key. */
const named: ReceiveStage = {
  name: "named",
  run({ message, tools }) {
    const reason = whyNotNamed(message.from, message.fromId, tools.keyring);
    return reason === undefined ? proceed : drop(reason);
  },
};

function whyNotNamed(name: string, id: string, keyring: Keyring): DropReason | undefined {
  const known = keyring.nameOfId(id);
  if (known === undefined) return keyring.idOf(name) === "" ? "unknown_sender" : "id_conflict";
  return known === name && keyring.idOf(name) === id ? undefined : "id_conflict";
}

const place = <Payload>(topic: string): NonNullable<Behaviour<Payload>["plaza"]> => ({
  filter: topic,
  topic: () => topic,
  qos: 1,
});

export const proposal = behaviour<Proposal>("checkpoint:propose", {
  envelope: envelopeOf("checkpoint:propose", proposalWire),
  plaza: place("nara/checkpoint/propose"),
  emit: [signed, toPlaza],
  receive: [
    ...[live, fromAnother, ofItself, possible, named],
    ...[verified(byId), rateLimited(perMinute.proposals), once],
  ],
});

export const vote = behaviour<Vote>("checkpoint:vote", {
  envelope: envelopeOf("checkpoint:vote", voteWire),
  plaza: place("nara/checkpoint/vote"),
  emit: [signed, toPlaza],
  receive: [
    ...[live, fromAnother, aboutMe, possible, named],
    ...[verified(byId), rateLimited(perMinute.votes)],
  ],
});

/** Nobody signs the whole; who publishes it is not told. */
const finalEnvelope: Envelope<CheckpointPayload> = {
  name: "final checkpoint",
  id: ({ tsNs, payload }) => newSyncEvent("checkpoint", tsNs, payload).id,
  signedBytes: () => new Uint8Array(),
  encode: ({ tsNs, payload }) => encodeSyncEvent(newSyncEvent("checkpoint", tsNs, payload)),
  decode(source) {
    const decoded = decodeSyncEvent(source);
    if (!decoded.ok) return decoded;
    const event = decoded.value;
    if (event.svc !== "checkpoint") return refuse("wrong_topic");
    const message: Message<CheckpointPayload> = {
      ...{ kind: "checkpoint", version: 1, id: event.id, contentKey: "", signature: "" },
      ...{ from: event.payload.subject, fromId: event.payload.subject_id },
      ...{ to: "", toId: "", inReplyTo: "", tsNs: event.tsNs, payload: event.payload },
    };
    return accept({ message, signedBytes: new Uint8Array() });
  },
};

const signedByEnough = unless("signatures", ({ signatures }: CheckpointPayload) =>
  (signatures?.length ?? 0) < fewestSignatures ? "too_few_voters" : undefined,
);

/** The handler gives it to the gate; mine I keep when I make it. */
export const finalCheckpoint = behaviour<CheckpointPayload>("checkpoint", {
  envelope: finalEnvelope,
  plaza: place("nara/checkpoint/final"),
  emit: [toPlaza],
  receive: [live, fromAnother, signedByEnough, rateLimited(perMinute.finals)],
});
