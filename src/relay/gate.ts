/**
 * Judges every packet that a visitor sends before any broker sees it. The same rules hold for the
 * plaza inside the server and for one behind it:
 *
 * | packet | rule |
 * |---|---|
 * | CONNECT | first, MQTT 3.1 or 3.1.1, an acceptable name; becomes a clean session without a will |
 * | PUBLISH | nara's topics, QoS 0 or 1, never retained |
 * | SUBSCRIBE | inside `nara/#`, at most QoS 1, a bounded number |
 * | PUBACK, UNSUBSCRIBE, PINGREQ, DISCONNECT | pass |
 * | anything else, too much or too often | the visitor is cut off |
 */
import mqttPacket, { type IConnectPacket, type Packet } from "mqtt-packet";
import { isNameWeAccept } from "../nara/identity/names.ts";
import type { VisitorLimits } from "./limits.ts";
import { headerBytes } from "./packet-reader.ts";
import { createTokenBucket } from "./token-bucket.ts";
import { mayPublish, maySubscribe } from "./topics.ts";

export type Verdict =
  | { readonly action: "forward"; readonly packet: Buffer }
  /** Goes back to the visitor; the broker never hears of it. */
  | { readonly action: "answer"; readonly packet: Buffer }
  /** `packet`, if any, is the last thing the visitor hears. */
  | { readonly action: "cut"; readonly why: string; readonly packet?: Buffer };

export interface Credentials {
  readonly user?: string | undefined;
  readonly password?: string | undefined;
}

export interface Gate {
  /** @param packet one whole MQTT packet; may be changed in place. */
  judge(packet: Buffer): Verdict;
  /** The visitor's name, once its CONNECT has passed. */
  clientId(): string | undefined;
}

export interface GateParts {
  readonly limits: VisitorLimits;
  /** Put into CONNECT in place of what the visitor gave. */
  readonly credentials: Credentials;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  /** A name for a visitor that brings none, as MQTT allows (§3.1.3.1). */
  readonly inventName: () => string;
}

/** Control packet types, MQTT 3.1.1 §2.2.1. */
const type = {
  publish: 3,
  puback: 4,
  subscribe: 8,
  unsubscribe: 10,
  pingreq: 12,
  disconnect: 14,
} as const;

/** CONNACK return codes, §3.2.2.3. */
const wrongVersion = 1;
const nameRefused = 2;
/** SUBACK return code for failure, §3.9.3. */
const subscriptionRefused = 0x80;

export function createGate(parts: GateParts): Gate {
  const { limits, nowMs } = parts;
  const packets = createTokenBucket(limits.packetsPerSecond, limits.packetBurst, nowMs);
  const bytes = createTokenBucket(limits.bytesPerSecond, limits.byteBurst, nowMs);
  let name: string | undefined;
  let filters = 0;

  const judgeConnect = (packet: Buffer): Verdict => {
    const connect = parseConnect(packet);
    if (connect === undefined) return cut("a CONNECT that is not MQTT");
    const version = connect.protocolVersion;
    if (version !== 3 && version !== 4) {
      return cut("only MQTT 3.1.1 is spoken here", connack(wrongVersion));
    }
    const clientId = connect.clientId === "" ? parts.inventName() : connect.clientId;
    if (!isNameWeAccept(clientId)) {
      return cut("the client id is no nara's name", connack(nameRefused));
    }
    name = clientId;
    return forward(
      mqttPacket.generate({
        cmd: "connect",
        protocolId: version === 3 ? "MQIsdp" : "MQTT",
        protocolVersion: version,
        clean: true,
        clientId,
        keepalive: connect.keepalive ?? 0,
        ...(parts.credentials.user === undefined ? {} : { username: parts.credentials.user }),
        ...(parts.credentials.password === undefined
          ? {}
          : { password: Buffer.from(parts.credentials.password) }),
      }),
    );
  };

  const judgePublish = (packet: Buffer): Verdict => {
    const flags = packet[0] ?? 0;
    if (((flags >> 1) & 0x03) > 1) return cut("nothing is published at QoS 2 here");
    const topic = readText(packet, headerBytes(packet));
    if (topic === undefined || topic.bytes > limits.maxTopicBytes || !mayPublish(topic.text)) {
      return cut("published to a topic that is not nara's");
    }
    packet[0] = flags & 0xfe;
    return forward(packet);
  };

  const judgeSubscribe = (packet: Buffer): Verdict => {
    const start = headerBytes(packet);
    const codes: number[] = [];
    let allowed = true;
    for (let at = start + 2; at < packet.length; ) {
      const filter = readText(packet, at);
      const qosAt = at + 2 + (filter?.bytes ?? 0);
      const qos = packet[qosAt];
      if (filter === undefined || qos === undefined) return cut("a SUBSCRIBE that is not MQTT");
      packet[qosAt] = Math.min(qos, 1);
      allowed &&= filter.bytes <= limits.maxTopicBytes && maySubscribe(filter.text);
      codes.push(subscriptionRefused);
      filters += 1;
      if (filters > limits.maxFilters) return cut("too many subscriptions");
      at = qosAt + 1;
    }
    if (codes.length === 0) return cut("a SUBSCRIBE that is not MQTT");
    if (allowed) return forward(packet);
    const messageId = packet.readUInt16BE(start);
    return {
      action: "answer",
      packet: mqttPacket.generate({ cmd: "suback", messageId, granted: codes }),
    };
  };

  return {
    clientId: () => name,
    judge: (packet) => {
      if (!packets.take(1)) return cut("too many messages");
      if (!bytes.take(packet.length)) return cut("too many bytes");
      const kind = (packet[0] ?? 0) >> 4;
      if (name === undefined) return judgeConnect(packet);
      switch (kind) {
        case type.publish:
          return judgePublish(packet);
        case type.subscribe:
          return judgeSubscribe(packet);
        case type.puback:
        case type.unsubscribe:
        case type.pingreq:
        case type.disconnect:
          return forward(packet);
        default:
          return cut("a packet that has no place here");
      }
    },
  };
}

/** CONNACK with a return code of MQTT 3.1.1 §3.2.2.3. */
export function connack(returnCode: number): Buffer {
  return mqttPacket.generate({ cmd: "connack", returnCode, sessionPresent: false });
}

const forward = (packet: Buffer): Verdict => ({ action: "forward", packet });

const cut = (why: string, packet?: Buffer): Verdict => ({
  action: "cut",
  why,
  ...(packet === undefined ? {} : { packet }),
});

function parseConnect(packet: Buffer): IConnectPacket | undefined {
  let parsed: Packet | undefined;
  const parser = mqttPacket.parser();
  parser.on("packet", (one) => {
    parsed = one;
  });
  parser.on("error", () => {});
  parser.parse(packet);
  return parsed?.cmd === "connect" ? parsed : undefined;
}

/** A length-prefixed UTF-8 string (§1.5.3), or undefined when it is cut short or not UTF-8. */
function readText(
  packet: Buffer,
  at: number,
): { readonly text: string; readonly bytes: number } | undefined {
  if (at + 2 > packet.length) return undefined;
  const bytes = packet.readUInt16BE(at);
  if (at + 2 + bytes > packet.length) return undefined;
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return { text: decoder.decode(packet.subarray(at + 2, at + 2 + bytes)), bytes };
  } catch {
    return undefined;
  }
}
