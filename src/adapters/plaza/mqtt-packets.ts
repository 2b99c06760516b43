/**
 * The packets of MQTT 3.1.1 that a nara sends and hears: it connects with a clean session and
 * without a will, publishes at QoS 0 or 1, subscribes at QoS 0 and leaves. Section numbers are
 * those of the OASIS standard of MQTT 3.1.1.
 *
 * | sent | heard |
 * |---|---|
 * | CONNECT, PUBLISH, PUBACK, SUBSCRIBE, PINGREQ, DISCONNECT | CONNACK, PUBLISH, PUBACK, SUBACK, PINGRESP |
 */
import { fromUtf8, utf8 } from "../../nara/codec/utf8.ts";
import { maxFrameBytes } from "../../nara/limits.ts";
import { accept, type Outcome, refuse } from "../../nara/outcome.ts";
import type { PlazaQos } from "../../nara/ports.ts";

/** What a broker says. */
export type HeardPacket =
  | { readonly kind: "connack"; readonly code: number }
  | {
      readonly kind: "publish";
      readonly topic: string;
      readonly payload: Uint8Array;
      readonly retained: boolean;
      /** To be acknowledged with; undefined at QoS 0. */
      readonly id: number | undefined;
    }
  | { readonly kind: "puback"; readonly id: number }
  /** One filter is asked for at a time, so there is one verdict. */
  | { readonly kind: "suback"; readonly id: number; readonly code: number }
  | { readonly kind: "pingresp" };

/** Takes bytes as they come, in whatever pieces. After a refusal the stream is of no more use. */
export type PacketReader = (piece: Uint8Array) => Outcome<readonly HeardPacket[]>;

/** §2.2.1: the high four bits of a packet's first byte. */
const types = {
  connect: 1,
  connack: 2,
  publish: 3,
  puback: 4,
  subscribe: 8,
  suback: 9,
  pingreq: 12,
  pingresp: 13,
  disconnect: 14,
} as const;

/** §3.9.3: the verdict on a filter that is refused; those below grant a QoS. */
export const refusedFilter = 0x80;

/** §1.5.3: a text is preceded by its length in two bytes. */
const maxTextBytes = 0xffff;
/** §2.2.3: the remaining length takes up to four bytes of seven bits. */
const maxLengthBytes = 4;
/**
 * Of a packet's body no more is kept: a topic, its id, and a payload that the plaza's gate refuses
 * as too large, as it would the whole.
 */
const maxKeptBytes = 2 + maxTextBytes + 2 + maxFrameBytes + 1;

export const pingreq: Uint8Array<ArrayBuffer> = Uint8Array.of(types.pingreq << 4, 0);
export const disconnect: Uint8Array<ArrayBuffer> = Uint8Array.of(types.disconnect << 4, 0);

/**
 * §3.1, protocol level 4. A password without a user is not sent (§3.1.2.9).
 *
 * @throws RangeError when a text has more than 65,535 bytes.
 */
export function connect(login: {
  readonly clientId: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly keepAliveS: number;
}): Uint8Array<ArrayBuffer> {
  const { clientId, user, keepAliveS } = login;
  const password = user === undefined ? undefined : login.password;
  const cleanSession = 0x02;
  const flags =
    cleanSession | (user === undefined ? 0 : 0x80) | (password === undefined ? 0 : 0x40);
  return packet(types.connect << 4, [
    text("MQTT"),
    Uint8Array.of(4, flags),
    uint16(keepAliveS),
    text(clientId),
    ...(user === undefined ? [] : [text(user)]),
    ...(password === undefined ? [] : [text(password)]),
  ]);
}

/**
 * §3.3, neither retained nor a duplicate.
 *
 * @param id of this message until it is acknowledged; not sent at QoS 0.
 * @throws RangeError when the topic has more than 65,535 bytes.
 */
export function publish(
  topic: string,
  payload: Uint8Array,
  qos: PlazaQos,
  id: number,
): Uint8Array<ArrayBuffer> {
  const name = text(topic);
  return packet(
    (types.publish << 4) | (qos << 1),
    qos === 0 ? [name, payload] : [name, uint16(id), payload],
  );
}

/** §3.4. */
export const puback = (id: number): Uint8Array<ArrayBuffer> =>
  packet(types.puback << 4, [uint16(id)]);

/**
 * §3.8, one filter at QoS 0.
 *
 * @throws RangeError when the filter has more than 65,535 bytes.
 */
export const subscribe = (filter: string, id: number): Uint8Array<ArrayBuffer> =>
  packet((types.subscribe << 4) | 0x02, [uint16(id), text(filter), Uint8Array.of(0)]);

export function createPacketReader(): PacketReader {
  let pieces: Uint8Array[] = [];
  let held = 0;
  /** How many bytes must be there before the next packet can be read. */
  let wanted = 2;
  /** How many bytes are still to come of a packet whose beginning was read. */
  let surplus = 0;

  return (piece) => {
    const skipped = Math.min(surplus, piece.length);
    surplus -= skipped;
    pieces.push(piece.subarray(skipped));
    held += piece.length - skipped;
    if (held < wanted) return accept([]);
    const bytes = joined(pieces);
    const heard: HeardPacket[] = [];
    let at = 0;
    for (;;) {
      const length = remainingLength(bytes, at + 1);
      if (length === "too long") return refuse("a packet's length is malformed");
      const isUnfinished = length === "unfinished";
      const kept = isUnfinished ? 0 : Math.min(length.bytes, maxKeptBytes);
      wanted = isUnfinished ? bytes.length - at + 1 : length.bodyAt + kept - at;
      wanted = Math.max(wanted, 2);
      if (isUnfinished || bytes.length - at < wanted) break;
      const read = readPacket(bytes[at] ?? 0, bytes.subarray(length.bodyAt, at + wanted));
      if (!read.ok) return read;
      heard.push(read.value);
      const endAt = length.bodyAt + length.bytes;
      surplus = Math.max(0, endAt - bytes.length);
      at = endAt - surplus;
    }
    pieces = at === bytes.length ? [] : [bytes.subarray(at)];
    held = bytes.length - at;
    return accept(heard);
  };
}

function readPacket(first: number, body: Uint8Array): Outcome<HeardPacket> {
  const type = first >> 4;
  if (type === types.publish) return readPublish(first, body);
  if ((first & 0x0f) !== 0) return refuse(`a packet of type ${type} has flags that are reserved`);
  if (type === types.connack && body.length === 2) {
    return accept({ kind: "connack", code: body[1] ?? 0 });
  }
  if (type === types.puback && body.length === 2) {
    return accept({ kind: "puback", id: uint16At(body, 0) });
  }
  if (type === types.suback && body.length === 3) {
    return accept({ kind: "suback", id: uint16At(body, 0), code: body[2] ?? refusedFilter });
  }
  if (type === types.pingresp && body.length === 0) return accept({ kind: "pingresp" });
  return refuse(`a packet of type ${type} and ${body.length} bytes was not to be expected`);
}

function readPublish(first: number, body: Uint8Array): Outcome<HeardPacket> {
  const qos = (first >> 1) & 0x03;
  if (qos > 1) return refuse(`a message of QoS ${qos} came, for which nobody asked`);
  const topicEnd = 2 + uint16At(body, 0);
  const payloadAt = qos === 0 ? topicEnd : topicEnd + 2;
  if (body.length < payloadAt) return refuse("a message ends before its payload");
  return accept({
    kind: "publish",
    topic: fromUtf8(body.subarray(2, topicEnd)),
    payload: body.slice(payloadAt),
    retained: (first & 0x01) === 1,
    id: qos === 0 ? undefined : uint16At(body, topicEnd),
  });
}

/** §2.2.3: seven bits a byte, least significant first. */
function remainingLength(
  bytes: Uint8Array,
  at: number,
): { readonly bytes: number; readonly bodyAt: number } | "unfinished" | "too long" {
  let length = 0;
  for (let count = 0; count < maxLengthBytes; count += 1) {
    const byte = bytes[at + count];
    if (byte === undefined) return "unfinished";
    length |= (byte & 0x7f) << (7 * count);
    if (byte < 0x80) return { bytes: length, bodyAt: at + count + 1 };
  }
  return "too long";
}

function packet(first: number, parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const header = [first];
  let left = parts.reduce((sum, part) => sum + part.length, 0);
  do {
    header.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    left >>= 7;
  } while (left > 0);
  return joined([Uint8Array.from(header), ...parts]);
}

function text(value: string): Uint8Array {
  const bytes = utf8(value);
  if (bytes.length > maxTextBytes) throw new RangeError("a text is too long for MQTT");
  return joined([uint16(bytes.length), bytes]);
}

const uint16 = (value: number): Uint8Array => Uint8Array.of(value >> 8, value & 0xff);

const uint16At = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
