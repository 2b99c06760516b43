/**
 * What travels through a tunnel, one frame in one binary WebSocket message (docs/tunnel.md §3):
 *
 * | byte | frame | stream | payload |
 * |---|---|---|---|
 * | 1 | request | new | method, authority, target, headers |
 * | 2 | response | of the request | status, headers |
 * | 3 | body | of the exchange | 1 to 32 768 bytes |
 * | 4 | end | of the exchange | none: this side's body is complete |
 * | 5 | cancel | of the exchange | why, one byte |
 * | 6 | window | of the exchange, 0: the tunnel | bytes that may be sent beyond what was granted |
 * | 7, 8 | ping, pong | 0 | a number, given back |
 * | 9 | goodbye | 0 | why, for a person |
 *
 * Every frame begins with its byte and its stream as 4 bytes; numbers are big-endian. Text of a
 * head is kept as bytes, one character each (`latin1`), so that it passes untouched.
 */
import { fromUtf8, utf8 } from "../nara/codec/utf8.ts";
import { accept, type Outcome, refuse } from "../nara/outcome.ts";

/** Header names in lower case. Values hold one character for each byte. */
export type HeadFields = readonly (readonly [name: string, value: string])[];

export interface RequestHead {
  readonly method: string;
  /** Whom it is for, `host:port`, as in HTTP/2's `:authority`; may be empty. */
  readonly authority: string;
  /** Path and query as on the request line. */
  readonly target: string;
  readonly fields: HeadFields;
}

export interface ResponseHead {
  readonly status: number;
  readonly fields: HeadFields;
}

/** Why an exchange ended before its time. */
export const cancelReasons = [
  "gone",
  "deadline",
  "busy",
  "too large",
  "failed",
  "forbidden",
  "unreachable",
] as const;
export type CancelReason = (typeof cancelReasons)[number];

export type Frame =
  | { readonly type: "request"; readonly stream: number; readonly head: RequestHead }
  | { readonly type: "response"; readonly stream: number; readonly head: ResponseHead }
  | { readonly type: "body"; readonly stream: number; readonly bytes: Uint8Array }
  | { readonly type: "end"; readonly stream: number }
  | { readonly type: "cancel"; readonly stream: number; readonly reason: CancelReason }
  | { readonly type: "window"; readonly stream: number; readonly bytes: number }
  | { readonly type: "ping" | "pong"; readonly stream: 0; readonly token: number }
  | { readonly type: "goodbye"; readonly stream: 0; readonly reason: string };

/** The most of a head, encoded: Node reads 16 KB of header lines by default, Go 1 MB. */
export const maxHeadBytes = 16 * 1024;
/** A body goes in pieces, so that a long one lets others through between them. */
export const maxBodyChunkBytes = 32 * 1024;
/** A request of ours has about ten. */
export const maxFields = 64;
/** As in a WebSocket close frame (RFC 6455 §5.5.1), which often says the same. */
const maxGoodbyeBytes = 123;
export const maxFrameBytes = 5 + maxBodyChunkBytes;
/** Above this a window could not be counted any more. */
const largestWindow = 2 ** 31 - 1;

const types = [
  "request",
  "response",
  "body",
  "end",
  "cancel",
  "window",
  "ping",
  "pong",
  "goodbye",
] as const satisfies readonly Frame["type"][];

/** RFC 9110 §5.6.2. */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const fieldName = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
/** Visible bytes, spaces and tabs, those above ASCII; not at the edges, where HTTP would cut them. */
const fieldValue = /^(?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?$/;
const targetForm = /^\/[\x21-\x7e\x80-\xff]*$/;
const authorityForm = /^[A-Za-z0-9._:[\]-]{0,255}$/;

/** Why a head cannot travel; undefined when it can. Both directions hold to it. */
export function faultOfHead(head: RequestHead | ResponseHead): string | undefined {
  if ("status" in head) {
    const { status } = head;
    if (!Number.isInteger(status) || status < 200 || status > 599) return "a status below 200";
  } else {
    if (head.method.length > 20 || !token.test(head.method)) return "not a method";
    if (!targetForm.test(head.target)) return "not a path";
    if (!authorityForm.test(head.authority)) return "not an authority";
  }
  if (head.fields.length > maxFields) return "too many headers";
  const seen = new Set<string>();
  for (const [name, value] of head.fields) {
    if (!fieldName.test(name) || name.length > 255) return "not a header name";
    if (!fieldValue.test(value)) return "not a header value";
    if (seen.has(name)) return "the same header twice";
    seen.add(name);
  }
  return lengthOfHead(head) > maxHeadBytes ? "a head that is too large" : undefined;
}

/** @returns undefined for a frame that the other end would refuse. */
export function encodeFrame(frame: Frame): Uint8Array | undefined {
  switch (frame.type) {
    case "request":
    case "response":
      return faultOfHead(frame.head) === undefined ? encodeHead(frame) : undefined;
    case "body": {
      const { length } = frame.bytes;
      if (length === 0 || length > maxBodyChunkBytes) return undefined;
      const bytes = begin(frame, length);
      bytes.set(frame.bytes, 5);
      return bytes;
    }
    case "end":
      return begin(frame, 0);
    case "cancel": {
      const bytes = begin(frame, 1);
      bytes[5] = cancelReasons.indexOf(frame.reason);
      return bytes;
    }
    case "window":
      return withNumber(frame, frame.bytes);
    case "ping":
    case "pong":
      return withNumber(frame, frame.token);
    case "goodbye": {
      const reason = utf8(frame.reason).subarray(0, maxGoodbyeBytes);
      const bytes = begin(frame, reason.length);
      bytes.set(reason, 5);
      return bytes;
    }
  }
}

/** Never throws; a body's bytes are a view of what was given. */
export function decodeFrame(bytes: Uint8Array): Outcome<Frame> {
  const type = types[(bytes[0] ?? 0) - 1];
  if (bytes.length < 5 || type === undefined) return refuse("not a frame");
  if (bytes.length > maxFrameBytes) return refuse("a frame that is too large");
  const stream = numberAt(bytes, 1);
  const payload = bytes.subarray(5);
  const ofTunnel = type === "ping" || type === "pong" || type === "goodbye";
  if (ofTunnel ? stream !== 0 : stream === 0 && type !== "window") {
    return refuse("a frame of the wrong stream");
  }
  switch (type) {
    case "request":
    case "response":
      return decodeHead(type, stream, payload);
    case "body":
      return payload.length === 0
        ? refuse("an empty body")
        : accept({ type, stream, bytes: payload });
    case "end":
      return payload.length === 0 ? accept({ type, stream }) : refuse("an end with a payload");
    case "cancel": {
      const reason = cancelReasons[payload[0] ?? cancelReasons.length];
      return payload.length === 1 && reason !== undefined
        ? accept({ type, stream, reason })
        : refuse("a cancel without a reason");
    }
    case "window": {
      const granted = numberAt(payload, 0);
      return payload.length === 4 && granted > 0 && granted <= largestWindow
        ? accept({ type, stream, bytes: granted })
        : refuse("not a window");
    }
    case "ping":
    case "pong":
      return payload.length === 4
        ? accept({ type, stream: 0, token: numberAt(payload, 0) })
        : refuse(`not a ${type}`);
    case "goodbye":
      return payload.length <= maxGoodbyeBytes
        ? accept({ type, stream: 0, reason: fromUtf8(payload) })
        : refuse("a goodbye that is too long");
  }
}

function decodeHead(
  type: "request" | "response",
  stream: number,
  payload: Uint8Array,
): Outcome<Frame> {
  if (payload.length > maxHeadBytes) return refuse("a head that is too large");
  const reader = createReader(payload);
  if (type === "request") {
    const method = reader.text(1);
    const authority = reader.text(1);
    const target = reader.text(2);
    const head = { method, authority, target, fields: readFields(reader) };
    const fault = reader.whole() ? faultOfHead(head) : "a head that lies about its lengths";
    return fault === undefined ? accept({ type, stream, head }) : refuse(fault);
  }
  const status = reader.number(2);
  const head = { status, fields: readFields(reader) };
  const fault = reader.whole() ? faultOfHead(head) : "a head that lies about its lengths";
  return fault === undefined ? accept({ type, stream, head }) : refuse(fault);
}

function readFields(reader: Reader): HeadFields {
  const count = reader.number(1);
  const fields: [string, string][] = [];
  for (let at = 0; at < count && reader.sound(); at++)
    fields.push([reader.text(1), reader.text(2)]);
  return fields;
}

interface Reader {
  /** Big-endian; 0 beyond the end. */
  number(bytes: 1 | 2): number;
  /** A length of so many bytes, then as many characters; empty beyond the end. */
  text(lengthBytes: 1 | 2): string;
  /** Nothing was read beyond the end. */
  sound(): boolean;
  /** Everything was read and nothing beyond. */
  whole(): boolean;
}

function createReader(bytes: Uint8Array): Reader {
  let at = 0;
  const number = (length: 1 | 2): number => {
    let value = 0;
    for (let taken = 0; taken < length; taken++) value = value * 256 + (bytes[at++] ?? 0);
    return value;
  };
  return {
    number,
    text: (lengthBytes) => {
      const start = at + lengthBytes;
      const length = number(lengthBytes);
      at = start + length;
      return at <= bytes.length ? fromLatin1(bytes.subarray(start, at)) : "";
    },
    sound: () => at <= bytes.length,
    whole: () => at === bytes.length,
  };
}

function encodeHead(frame: Extract<Frame, { readonly type: "request" | "response" }>): Uint8Array {
  const bytes = begin(frame, lengthOfHead(frame.head));
  let at = 5;
  const number = (value: number, length: 1 | 2): void => {
    if (length === 2) bytes[at++] = value >>> 8;
    bytes[at++] = value;
  };
  const text = (value: string, lengthBytes: 1 | 2): void => {
    number(value.length, lengthBytes);
    for (let index = 0; index < value.length; index++) bytes[at++] = value.charCodeAt(index);
  };
  if (frame.type === "request") {
    text(frame.head.method, 1);
    text(frame.head.authority, 1);
    text(frame.head.target, 2);
  } else {
    number(frame.head.status, 2);
  }
  number(frame.head.fields.length, 1);
  for (const [name, value] of frame.head.fields) {
    text(name, 1);
    text(value, 2);
  }
  return bytes;
}

function lengthOfHead(head: RequestHead | ResponseHead): number {
  const start =
    "status" in head ? 2 : 4 + head.method.length + head.authority.length + head.target.length;
  return head.fields.reduce(
    (sum, [name, value]) => sum + 3 + name.length + value.length,
    start + 1,
  );
}

function begin({ type, stream }: Frame, payloadLength: number): Uint8Array {
  const bytes = new Uint8Array(5 + payloadLength);
  bytes[0] = types.indexOf(type) + 1;
  putNumber(bytes, 1, stream);
  return bytes;
}

function withNumber(frame: Frame, value: number): Uint8Array {
  const bytes = begin(frame, 4);
  putNumber(bytes, 5, value);
  return bytes;
}

function putNumber(bytes: Uint8Array, at: number, value: number): void {
  for (let index = 0; index < 4; index++) bytes[at + index] = value >>> (24 - 8 * index);
}

function numberAt(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let index = 0; index < 4; index++) value = value * 256 + (bytes[at + index] ?? 0);
  return value;
}

/** One character for each byte. */
export function fromLatin1(bytes: Uint8Array): string {
  let text = "";
  // Arguments of one call are bounded; heads are at most 16 KB.
  for (let at = 0; at < bytes.length; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  }
  return text;
}

/** Text as the characters of its UTF-8 bytes, which is how Go puts it into a header. */
export const toFieldText = (text: string): string => fromLatin1(utf8(text));

/** The text whose UTF-8 bytes these characters are. */
export function fromFieldText(characters: string): string {
  const bytes = new Uint8Array(characters.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = characters.charCodeAt(at);
  return fromUtf8(bytes);
}
