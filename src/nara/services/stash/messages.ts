/**
 * The messages of the stash, each declared once.
 *
 * | kind | goes | says |
 * |---|---|---|
 * | stash:store | owner → confidant | keep this for me |
 * | stash:ack | confidant → owner | I do, or why not |
 * | stash:request | owner → confidant | give it back |
 * | stash:response | confidant → owner | here it is, or I have none; also unasked, to who returns |
 * | stash-refresh | owner → plaza | I am back: whoever keeps something for me, bring it |
 * | stash:recovered | nowhere: heard within this nara | what I left with friends is back |
 *
 * Wire: docs/protocol/mesh-runtime-checkpoints.md §4. Rules of ours: docs/differences.md, Stash.
 */
import { bytes } from "../../codec/go-bytes.ts";
import {
  bool,
  type GoType,
  omitEmpty,
  safeInt,
  struct,
  text,
  type ValueOf,
} from "../../codec/go-types.ts";
import { type JsonLimits, plazaLimits } from "../../codec/json-reader.ts";
import { nonceLength } from "../../identity/seal.ts";
import { type Behaviour, behaviour } from "../../runtime/behaviour.ts";
import { runtimeMessage } from "../../runtime/envelopes/runtime-message.ts";
import { drop, proceed, type ReceiveStage } from "../../runtime/stage.ts";
import {
  forMe,
  fromAnother,
  inTime,
  type KeyFinder,
  live,
  once,
  rateLimited,
  signed,
  toListeners,
  toPeer,
  toPlaza,
  verified,
} from "../../runtime/stages.ts";

/** Field order as on the wire: it is signed. Times are Unix seconds. */
export const stashPayloads = {
  "stash:store": struct({
    owner_id: text,
    owner: omitEmpty(text),
    nonce: bytes,
    ciphertext: bytes,
    ts: safeInt,
  }),
  "stash:ack": struct({
    owner_id: text,
    stored_at: safeInt,
    success: bool,
    reason: omitEmpty(text),
  }),
  "stash:request": struct({ owner_id: text, request_id: omitEmpty(text) }),
  "stash:response": struct({
    owner_id: text,
    request_id: omitEmpty(text),
    found: bool,
    nonce: omitEmpty(bytes),
    ciphertext: omitEmpty(bytes),
    stored_at: omitEmpty(safeInt),
  }),
  "stash-refresh": struct({ owner_id: text, owner: omitEmpty(text) }),
};

export type StorePayload = ValueOf<(typeof stashPayloads)["stash:store"]>;
export type AckPayload = ValueOf<(typeof stashPayloads)["stash:ack"]>;
export type RequestPayload = ValueOf<(typeof stashPayloads)["stash:request"]>;
type RefreshPayload = ValueOf<(typeof stashPayloads)["stash-refresh"]>;
export type ResponsePayload = ValueOf<(typeof stashPayloads)["stash:response"]>;

/**
 * Bytes of one ciphertext that are kept for somebody. The reference knows no cap; with its base64 a
 * stash of this size fills a third of the largest message (limits.ts, `maxFrameBytes`).
 */
export const maxStashBytes = 64 * 1024;

/** Room for the base64 of the largest stash, and to see of a larger one that it is too large. */
const stashLimits: JsonLimits = { ...plazaLimits, stringBytes: plazaLimits.size };

/** Of one kind by one author in a minute; an owner stores and asks a few times an hour. */
const perMinute = { store: 30, ack: 60, request: 20, response: 30, refresh: 6 };

// ── What a payload must hold, in the reference's words ──────────────────────────────────────

export function whyNoStore({ owner_id, nonce, ciphertext }: StorePayload): string | undefined {
  if (owner_id === "") return noOwner;
  if (nonce?.length !== nonceLength) return "nonce must be 24 bytes for XChaCha20-Poly1305";
  return ciphertext === null || ciphertext.length === 0 ? "ciphertext required" : undefined;
}

/** Of a request or a refresh. */
export function whyNoRequest({ owner_id }: Pick<RequestPayload, "owner_id">): string | undefined {
  return owner_id === "" ? noOwner : undefined;
}

const noOwner = "owner_id required";

// ── Behaviours ──────────────────────────────────────────────────────────────────────────────

/**
 * The key pinned for the author's id; while no key is, the one pinned for its name: who holds it may
 * say which id it has, as in a newspaper.
 */
const byIdOrName: KeyFinder = ({ from, fromId }, keyring) => {
  const publicKey =
    keyring.keyOfId(fromId) ?? (keyring.idOf(from) === "" ? keyring.keyOf(from) : undefined);
  return publicKey === undefined || fromId === "" ? { reason: "unknown_sender" } : { publicKey };
};

/** The signature covers the id and not the name: they must belong together, or come to. */
const knownById: ReceiveStage = {
  name: "id",
  run({ message: { from, fromId }, tools: { keyring } }) {
    const name = keyring.nameOfId(fromId);
    if (name !== undefined) return name === from ? proceed : drop("not_its_author");
    const verdict = keyring.pin(from, fromId, keyring.keyOf(from) ?? "", false);
    return verdict === "pinned" || verdict === "known" ? proceed : drop(verdict);
  },
};

const proven = (rate: number): readonly ReceiveStage[] => [
  ...[live, fromAnother, forMe, verified(byIdOrName), inTime, knownById, once],
  rateLimited(rate),
];

function peerToPeer<Payload>(
  kind: string,
  payload: GoType<Payload>,
  rate: number,
): Behaviour<Payload> {
  return behaviour(kind, {
    envelope: runtimeMessage({ 1: payload }, stashLimits),
    emit: [signed, toPeer],
    receive: proven(rate),
  });
}

export const stashStore = peerToPeer("stash:store", stashPayloads["stash:store"], perMinute.store);
export const stashAck = peerToPeer("stash:ack", stashPayloads["stash:ack"], perMinute.ack);
export const stashRequest = peerToPeer(
  "stash:request",
  stashPayloads["stash:request"],
  perMinute.request,
);
export const stashResponse = peerToPeer(
  "stash:response",
  stashPayloads["stash:response"],
  perMinute.response,
);

export const refreshTopic = "nara/plaza/stash_refresh";

/**
 * Everybody hears it and few are meant: it is verified only where something is kept for its owner.
 *
 * @param keepsFor whether something is kept for this id.
 */
export const createStashRefresh = (keepsFor: (ownerId: string) => boolean) => {
  const forMine: ReceiveStage = {
    name: "kept",
    // The kind says what it holds.
    prepare: ({ message }) =>
      keepsFor((message.payload as RefreshPayload).owner_id) ? proceed : drop("not_for_me"),
    run: () => proceed,
  };
  return behaviour("stash-refresh", {
    envelope: runtimeMessage({ 1: stashPayloads["stash-refresh"] }),
    plaza: { filter: refreshTopic, topic: () => refreshTopic, qos: 0 },
    emit: [signed, toPlaza],
    receive: [forMine, ...proven(perMinute.refresh)],
  });
};

/** @see seed sample-service-stash §4, §7. `count`: copies that came back and could be read. */
export const stashRecovered = behaviour("stash:recovered", {
  envelope: runtimeMessage({ 1: struct({ count: safeInt }) }),
  emit: [toListeners],
  receive: [],
});

/** All but stash-refresh, which depends on what is kept. */
export const stashBehaviours = [
  ...[stashStore, stashAck, stashRequest, stashResponse, stashRecovered],
] as const;
