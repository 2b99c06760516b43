/**
 * The event that naras gossip: a dated, mostly signed statement (events-and-ledger §1, §3).
 *
 * | on the wire | here |
 * |---|---|
 * | `id` `ts` `svc` `emitter` `emitter_id` `sig` | `id` `tsNs` `svc` `emitter` `emitterId` `sig` |
 * | one of seven payload keys, named after svc | `payload`, its fields named as on the wire |
 */
import { sha256 } from "#sha256";
import { encodeBase64 } from "../codec/base64.ts";
import {
  decodeGo,
  encodeGo,
  type GoType,
  int64,
  omitEmpty,
  plainMembers,
  pointer,
  struct,
  text,
  type ValueOf,
} from "../codec/go-types.ts";
import { hashId } from "../codec/hash-id.ts";
import { type JsonLimits, type JsonReader, plazaLimits } from "../codec/json-reader.ts";
import { type PlainReader, plainReader, plainStruct, plainWord } from "../codec/plain-form.ts";
import { accept, type Outcome, refuse } from "../outcome.ts";
import type { KeyPair } from "../ports.ts";
import type { DropReason } from "../runtime/drops.ts";
import type { EventKind, Priority, Telling } from "./event-kind.ts";
import {
  type EventPayload,
  type EventService,
  eventKinds,
  isEventService,
  type Payloads,
} from "./event-kinds.ts";

interface Envelope<Svc extends EventService> {
  /** 32 lower-case hex digits, derived from time, service and content. */
  readonly id: string;
  /** Unix nanoseconds. */
  readonly tsNs: bigint;
  readonly svc: Svc;
  /** Name of the signer, "" while unsigned. */
  readonly emitter: string;
  /** A hint for finding the key, never signed; "" in all that the reference sends. */
  readonly emitterId: string;
  /** Base64 Ed25519, "" while unsigned. */
  readonly sig: string;
  readonly payload: Payloads[Svc];
}

export type SyncEventOf<Svc extends EventService> = { [S in Svc]: Envelope<S> }[Svc];
export type SyncEvent = SyncEventOf<EventService>;

const envelope = {
  id: text,
  ts: int64,
  svc: text,
  emitter: omitEmpty(text),
  emitter_id: omitEmpty(text),
  sig: omitEmpty(text),
};

const wireFields = struct({
  ...envelope,
  social: omitEmpty(pointer(eventKinds.social.payload)),
  ping: omitEmpty(pointer(eventKinds.ping.payload)),
  observation: omitEmpty(pointer(eventKinds.observation.payload)),
  hey_there: omitEmpty(pointer(eventKinds["hey-there"].payload)),
  chau: omitEmpty(pointer(eventKinds.chau.payload)),
  seen: omitEmpty(pointer(eventKinds.seen.payload)),
  checkpoint: omitEmpty(pointer(eventKinds.checkpoint.payload)),
});

export type WireEvent = ValueOf<typeof wireFields>;

const blank: WireEvent = Object.freeze(wireFields.zero());

/** An event exactly as Go decodes it, for lists of events inside other messages. */
export const wireEvent: GoType<WireEvent> = {
  ...wireFields,
  zero: () => blank,
  // What was read before, under a repeated key, must be merged: not a case for the fast lane.
  read: (reader, before) =>
    (before === blank ? readPlainEvent(reader) : undefined) ?? wireFields.read(reader, before),
};

/**
 * Reads what the reference would read, and refuses what it could not live with: an unknown
 * service, a missing payload. Whether it is valid is for `refusalOf` to say.
 */
export function decodeSyncEvent(
  source: string,
  limits: JsonLimits = plazaLimits,
): Outcome<SyncEvent, DropReason> {
  const wire = decodeGo(wireEvent, source, limits);
  return wire.ok ? fromWire(wire.value) : wire;
}

/** An event as Go prints it. */
export function encodeSyncEvent(event: SyncEvent): string {
  const { id, tsNs: ts, svc, emitter, emitterId: emitter_id, sig, payload } = event;
  const fields = { id, ts, svc, emitter, emitter_id, sig, [payloadKeys[svc]]: payload };
  return encodeGo(printedTypes[svc], fields);
}

/** Payloads of other services are dropped: only the one that matches svc counts. */
export function fromWire(wire: WireEvent): Outcome<SyncEvent, "unknown_kind" | "invalid"> {
  const { id, ts, svc, emitter, emitter_id, sig } = wire;
  if (!isEventService(svc)) return refuse("unknown_kind");
  const payload = wire[payloadKeys[svc]];
  if (payload === undefined) return refuse("invalid");
  return accept(assembled({ id, tsNs: ts, svc, emitter, emitterId: emitter_id, sig, payload }));
}

export function toWire(event: SyncEvent): WireEvent {
  return {
    ...wireEvent.zero(),
    id: event.id,
    ts: event.tsNs,
    svc: event.svc,
    emitter: event.emitter,
    emitter_id: event.emitterId,
    sig: event.sig,
    [payloadKeys[event.svc]]: event.payload,
  };
}

/** A new unsigned event with its id. Payload fields that are left out are empty. */
export function newSyncEvent<Svc extends EventService>(
  svc: Svc,
  tsNs: bigint,
  payload: Partial<Payloads[Svc]>,
): SyncEventOf<Svc> {
  const zero = eventKinds[svc].payload.zero();
  const draft = assembled({ ...unsigned, tsNs, svc, payload: { ...zero, ...payload } });
  return { ...draft, id: eventId(draft) } as SyncEventOf<Svc>;
}

/** The event signed by `emitter`. The id must be the right one already: it is covered. */
export function signSyncEvent<Event extends SyncEvent>(
  event: Event,
  emitter: string,
  keyPair: Pick<KeyPair, "sign">,
): Event {
  const named: Event = { ...event, emitter };
  return { ...named, sig: encodeBase64(keyPair.sign(signedDigest(named))) };
}

export const isSigned = (event: SyncEvent): boolean => event.emitter !== "" && event.sig !== "";

/** The id the event ought to have: 32 hex digits of SHA-256(`{ts}:{svc}:{content}`) (§3). */
export const eventId = (event: SyncEvent): string =>
  hashId(`${event.tsNs}:${event.svc}:${contentOf(event)}`);

/** The text whose SHA-256 is signed (§3). */
export const signableText = (event: SyncEvent): string =>
  `${event.id}:${event.tsNs}:${event.svc}:${event.emitter}:${contentOf(event)}`;

/** The 32 bytes that are signed. */
export const signedDigest = (event: SyncEvent): Uint8Array => sha256(signableText(event));

/** The canonical content string (§2). */
export const contentOf = (event: SyncEvent): string => kindOf(event).content(event.payload);

/** Why the event is not well formed (§1, §2), undefined when it is. */
export const refusalOf = (event: SyncEvent): string | undefined =>
  event.tsNs === 0n ? "ts must not be 0" : kindOf(event).refuse(event.payload);

/** Name of who did it; "" for checkpoints. */
export const actorOf = (event: SyncEvent): string => kindOf(event).actor(event.payload);

/** Name of whom it is about. */
export const targetOf = (event: SyncEvent): string => kindOf(event).target(event.payload);

/** Every nara the payload names. */
export const mentionsOf = (event: SyncEvent): readonly string[] =>
  kindOf(event).mentions(event.payload);

/** How long the ledger holds on to it; 0 is the most precious (§5). */
export const priorityOf = (event: SyncEvent): Priority => kindOf(event).priority(event.payload);

/** Always part of a sample (§6). */
export const isAlwaysIn = (event: SyncEvent): boolean => kindOf(event).alwaysIn(event.payload);

/** The event in words, for people. */
export const tellEvent = (event: SyncEvent): Telling => kindOf(event).tell(event.payload);

/** The kind of an event. */
export const kindOf = (event: SyncEvent): EventKind<EventPayload> => eventKinds[event.svc];

const payloadKeys = {
  social: "social",
  ping: "ping",
  observation: "observation",
  "hey-there": "hey_there",
  chau: "chau",
  seen: "seen",
  checkpoint: "checkpoint",
} as const satisfies Record<EventService, keyof WireEvent>;

/** How an event is printed: without the payloads that those of other services would have. */
const printedType = (svc: EventService): GoType<{ readonly [field: string]: unknown }> =>
  struct({ ...envelope, [payloadKeys[svc]]: eventKinds[svc].payload });

const printedTypes = {
  social: printedType("social"),
  ping: printedType("ping"),
  observation: printedType("observation"),
  "hey-there": printedType("hey-there"),
  chau: printedType("chau"),
  seen: printedType("seen"),
  checkpoint: printedType("checkpoint"),
} as const satisfies Record<EventService, unknown>;

/** One fast reader per service whose payload has a plain form, by the service's name. */
const plainReaders: ReadonlyMap<string, PlainReader<WireEvent>> = new Map(
  Object.entries(eventKinds).flatMap(([svc, { payload }]) => {
    // Everything about an event is looked up by svc, which is fastest by a text that is known.
    const service = { ...text, plain: plainWord(svc) };
    const fields = { ...envelope, svc: service, [payloadKeys[svc as EventService]]: payload };
    const form = plainStruct<WireEvent>(plainMembers(fields), blank);
    return form === undefined ? [] : [[svc, plainReader(form)] as const];
  }),
);

const serviceAhead = /\{"id":"[^"]*","ts":-?\d+,"svc":"([^"]*)"/y;

/** An event as Go prints it, with the payload that matches svc and no other. */
function readPlainEvent(reader: JsonReader): WireEvent | undefined {
  serviceAhead.lastIndex = reader.at;
  const svc = serviceAhead.exec(reader.text)?.[1] ?? "";
  return plainReaders.get(svc)?.(reader);
}

const unsigned = { id: "", emitter: "", emitterId: "", sig: "" };

interface Loose extends Omit<Envelope<EventService>, "payload" | "svc"> {
  readonly svc: EventService;
  readonly payload: EventPayload;
}

/** Callers pair svc and payload through the same key, which the type system cannot follow. */
const assembled = (parts: Loose): SyncEvent => parts as SyncEvent;
