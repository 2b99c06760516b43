/**
 * The runtime's own envelope, for kinds that go from peer to peer.
 * (docs/protocol/mesh-runtime-checkpoints.md §3 "Message")
 *
 * | | |
 * |---|---|
 * | id | first 16 characters of base58(SHA-256(kind ‖ from_id ‖ timestamp ‖ payload)) |
 * | signed | id, kind, from_id, to_id?, timestamp, payload, as JSON |
 * | not signed | version, content_key, from, to, in_reply_to |
 *
 * Payload and time are printed anew before they are hashed or verified, as the reference does:
 * what its types do not know cannot be covered.
 */
import { sha256 } from "#sha256";
import { encodeBase58 } from "../../codec/base58.ts";
import { decodeBase64, encodeBase64 } from "../../codec/base64.ts";
import { bytes } from "../../codec/go-bytes.ts";
import { goString } from "../../codec/go-json.ts";
import {
  decodeGo,
  type GoType,
  omitEmpty,
  raw,
  safeInt,
  struct,
  text,
  type ValueOf,
} from "../../codec/go-types.ts";
import { type JsonLimits, plazaLimits, readRaw, refuseJson } from "../../codec/json-reader.ts";
import { formatRfc3339, parseRfc3339, reencodeRfc3339 } from "../../codec/rfc3339.ts";
import { utf8, utf8Length } from "../../codec/utf8.ts";
import { maxStringBytes } from "../../limits.ts";
import { accept, type Outcome, refuse } from "../../outcome.ts";
import type { Decoded, Envelope } from "../behaviour.ts";
import type { DropReason } from "../drops.ts";
import type { Draft, Message } from "../message.ts";

/** What Go prints for a time that was never set. */
const zeroTime = "0001-01-01T00:00:00Z";

/** A time, as Go prints it again. Go reads it without undoing escapes. */
const time: GoType<string> = {
  zero: () => zeroTime,
  read: (reader) => {
    const source = readRaw(reader);
    const read = source.startsWith('"') ? reencodeRfc3339(source.slice(1, -1)) : undefined;
    if (read === undefined) refuseJson(reader, "malformed");
    return read ?? zeroTime;
  },
  isEmpty: () => false,
  print: (value) => `"${value}"`,
};

/** The fields in the order in which they are printed. */
const wire = struct({
  id: text,
  content_key: omitEmpty(text),
  kind: text,
  version: safeInt,
  from: omitEmpty(text),
  from_id: text,
  to: omitEmpty(text),
  to_id: omitEmpty(text),
  timestamp: time,
  payload: raw,
  signature: omitEmpty(bytes),
  in_reply_to: omitEmpty(text),
});

const idLength = 16;

/** Payload types by version. */
export type PayloadTypes<Payload> = Readonly<Record<number, GoType<Payload>>>;

/** @param limits of the payload; what is around it keeps to the usual ones. */
export function runtimeMessage<Payload>(
  payloads: PayloadTypes<Payload>,
  limits: JsonLimits = plazaLimits,
): Envelope<Payload> {
  /** A text without a version is read as version 1 (§3 "Receive"), though nobody handles it. */
  const typeOf = (version: number): GoType<Payload> | undefined => payloads[version || 1];
  const print = (message: Draft<Payload>): string => {
    const type = typeOf(message.version);
    if (type === undefined)
      throw new RangeError(`${message.kind} has no version ${message.version}`);
    return type.print(message.payload);
  };

  return {
    name: "runtime message",
    id: (draft) => messageId(draft.kind, draft.fromId, timeText(draft.tsNs), print(draft)),
    signedBytes: (message) => signedText(message, timeText(message.tsNs), print(message)),
    encode: (message) =>
      wire.print({
        id: message.id,
        content_key: message.contentKey,
        kind: message.kind,
        version: message.version,
        from: message.from,
        from_id: message.fromId,
        to: message.to,
        to_id: message.toId,
        timestamp: timeText(message.tsNs),
        payload: print(message),
        signature: decodeBase64(message.signature) ?? null,
        in_reply_to: message.inReplyTo,
      }),
    decode(source): Outcome<Decoded<Payload>, DropReason> {
      const read = readWire(source);
      if (!read.ok) return read;
      const fields = read.value;
      const type = typeOf(fields.version);
      if (type === undefined) return refuse("unsupported_version");
      if (fields.payload === "") return refuse("malformed");
      const payload = decodeGo(type, fields.payload, limits);
      if (!payload.ok) return payload;
      const { timestamp } = fields;
      const printed = type.print(payload.value);
      const message: Message<Payload> = {
        id: fields.id,
        contentKey: fields.content_key,
        kind: fields.kind,
        version: fields.version,
        tsNs: parseRfc3339(timestamp)?.ns ?? 0n,
        from: fields.from,
        fromId: fields.from_id,
        to: fields.to,
        toId: fields.to_id,
        inReplyTo: fields.in_reply_to,
        payload: payload.value,
        signature: encodeBase64(fields.signature ?? new Uint8Array()),
      };
      // The reference's calls hash their id before they know who asks (§3 "Message").
      const ids = [message.fromId, ""].map((from) =>
        messageId(message.kind, from, timestamp, printed),
      );
      if (!ids.includes(message.id)) return refuse("id_mismatch");
      return accept({ message, signedBytes: signedText(message, timestamp, printed) });
    },
  };
}

/** Kind and version of a text, before anything else of it is believed. */
export function peekRuntimeMessage(
  source: string,
): Outcome<{ readonly kind: string; readonly version: number }, DropReason> {
  const read = readWire(source);
  if (!read.ok) return read;
  return accept({ kind: read.value.kind, version: read.value.version });
}

/** Whose message it says to be; "" when it cannot be read. */
export function senderIdOf(source: string): string {
  const read = readWire(source);
  return read.ok ? read.value.from_id : "";
}

/** A payload may hold longer texts than what is around it; it is judged by its own kind's limits. */
function readWire(source: string): Outcome<ValueOf<typeof wire>, DropReason> {
  const read = decodeGo(wire, source, { ...plazaLimits, stringBytes: plazaLimits.size });
  if (!read.ok) return read;
  const { payload: _, signature, ...texts } = read.value;
  const isLong = Object.values(texts).some((text) => utf8Length(String(text)) > maxStringBytes);
  return isLong || (signature?.length ?? 0) > maxStringBytes ? refuse("too_long") : read;
}

/** @param payload as printed; a message without one hashes nothing in its place. */
export function messageId(kind: string, fromId: string, time: string, payload: string): string {
  const said = payload === "null" ? "" : payload;
  return encodeBase58(sha256(kind + fromId + time + said)).slice(0, idLength);
}

function signedText(
  message: Pick<Message, "id" | "kind" | "fromId" | "toId">,
  time: string,
  payload: string,
): Uint8Array {
  const to = message.toId === "" ? "" : `,"to_id":${goString(message.toId)}`;
  return utf8(
    `{"id":${goString(message.id)},"kind":${goString(message.kind)},` +
      `"from_id":${goString(message.fromId)}${to},` +
      `"timestamp":${goString(time)},"payload":${payload}}`,
  );
}

/** @throws RangeError outside the years 0–9999, where the reference cannot print either. */
function timeText(tsNs: bigint): string {
  const time = formatRfc3339(tsNs);
  if (time === undefined) throw new RangeError(`${tsNs} ns lies outside the years 0–9999`);
  return time;
}
