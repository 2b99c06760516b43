import fc from "fast-check";
import mqttPacket, { type Packet } from "mqtt-packet";
import { expect, test } from "vitest";
import { maxFrameBytes } from "../../nara/limits.ts";
import {
  connect,
  createPacketReader,
  disconnect,
  type HeardPacket,
  pingreq,
  puback,
  publish,
  subscribe,
} from "./mqtt-packets.ts";

/** What another implementation, that of brokers and of mqtt.js, reads in our bytes. */
function readElsewhere(bytes: Uint8Array): Packet {
  const packets: Packet[] = [];
  const parser = mqttPacket.parser({ protocolVersion: 4 });
  parser.on("packet", (packet) => packets.push(packet));
  parser.on("error", (error) => {
    throw error;
  });
  parser.parse(Buffer.from(bytes));
  expect(packets.length).toBe(1);
  return packets[0]!;
}

const id = fc.integer({ min: 1, max: 0xffff });
const topic = fc.string({ unit: "grapheme", minLength: 1, maxLength: 300 });
/** Around the places where the length takes another byte. */
const payload = fc
  .oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 16_000, max: 17_000 }))
  .map((length) => Uint8Array.from({ length }, (_, index) => index % 251));

test("CONNECT is read elsewhere as it was meant", () => {
  const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(text, fc.option(text), fc.option(text), (clientId, user, password) => {
      const login = { clientId, user: user ?? undefined, password: password ?? undefined };
      const packet = readElsewhere(connect({ ...login, keepAliveS: 30 }));
      expect(packet).toMatchObject({
        cmd: "connect",
        protocolId: "MQTT",
        protocolVersion: 4,
        clean: true,
        keepalive: 30,
        clientId,
      });
      expect(packet).not.toHaveProperty("will");
      if (packet.cmd !== "connect") return;
      expect(packet.username).toBe(login.user);
      const sent = login.user === undefined ? undefined : login.password;
      expect(packet.password?.toString()).toBe(sent);
    }),
  );
});

test("PUBLISH is read elsewhere as it was meant, of any length and at both QoS", () => {
  fc.assert(
    fc.property(topic, payload, fc.constantFrom(0, 1), id, (name, bytes, qos, messageId) => {
      const packet = readElsewhere(publish(name, bytes, qos, messageId));
      expect(packet).toMatchObject({ cmd: "publish", topic: name, qos, retain: false, dup: false });
      if (packet.cmd !== "publish") return;
      expect(Buffer.from(packet.payload).equals(bytes)).toBe(true);
      expect(packet.messageId).toBe(qos === 0 ? undefined : messageId);
    }),
  );
});

test("the small packets are read elsewhere as they were meant", () => {
  expect(readElsewhere(subscribe("nara/ledger/+/request", 258))).toMatchObject({
    cmd: "subscribe",
    messageId: 258,
    subscriptions: [{ topic: "nara/ledger/+/request", qos: 0 }],
  });
  expect(readElsewhere(puback(65_535))).toMatchObject({ cmd: "puback", messageId: 65_535 });
  expect(readElsewhere(pingreq).cmd).toBe("pingreq");
  expect(readElsewhere(disconnect).cmd).toBe("disconnect");
});

test("a text of more than 65,535 bytes cannot be said", () => {
  expect(publish("x".repeat(65_535), new Uint8Array(), 0, 0).length).toBe(1 + 3 + 2 + 65_535);
  expect(() => publish("x".repeat(65_536), new Uint8Array(), 0, 0)).toThrow(RangeError);
  expect(() => subscribe("é".repeat(32_768), 1)).toThrow(RangeError);
});

test("what was written elsewhere is read, in whatever pieces it comes", () => {
  const message = fc.record({
    topic,
    payload,
    qos: fc.constantFrom(0, 1),
    retain: fc.boolean(),
    id,
  });
  const packet = fc.oneof(
    message.map(({ topic, payload, qos, retain, id }): [HeardPacket, Packet] => [
      { kind: "publish", topic, payload, retained: retain, id: qos === 0 ? undefined : id },
      {
        cmd: "publish",
        topic,
        payload: Buffer.from(payload),
        qos: qos === 0 ? 0 : 1,
        retain,
        dup: false,
        messageId: id,
      },
    ]),
    fc.integer({ min: 0, max: 5 }).map((code): [HeardPacket, Packet] => [
      { kind: "connack", code },
      { cmd: "connack", returnCode: code, sessionPresent: false },
    ]),
    id.map((id): [HeardPacket, Packet] => [
      { kind: "puback", id },
      { cmd: "puback", messageId: id },
    ]),
    fc.tuple(id, fc.constantFrom(0, 0x80)).map(([id, code]): [HeardPacket, Packet] => [
      { kind: "suback", id, code },
      { cmd: "suback", messageId: id, granted: [code] },
    ]),
    fc.constant<[HeardPacket, Packet]>([{ kind: "pingresp" }, { cmd: "pingresp" }]),
  );
  fc.assert(
    fc.property(
      fc.array(packet, { maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 8 }),
      (packets, sizes) => {
        const bytes = Buffer.concat(packets.map(([, written]) => mqttPacket.generate(written)));
        const read = createPacketReader();
        const heard: HeardPacket[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          const outcome = read(Uint8Array.from(bytes.subarray(at, at + size)));
          expect(outcome.ok).toBe(true);
          if (outcome.ok) heard.push(...outcome.value);
          at += size;
        }
        expect(heard).toEqual(packets.map(([meant]) => meant));
      },
    ),
  );
});

test("a packet that comes byte by byte is there with its last byte, not before", () => {
  const bytes = publish("nara/plaza/howdy", Uint8Array.of(1, 2, 3), 1, 7);
  const read = createPacketReader();
  const counts = [...bytes].map((byte) => {
    const outcome = read(Uint8Array.of(byte));
    return outcome.ok ? outcome.value.length : -1;
  });
  expect(counts.slice(0, -1).every((count) => count === 0)).toBe(true);
  expect(counts.at(-1)).toBe(1);
});

test.each([64 * 1024, 1024 * 1024])(
  "of a message longer than any nara says only the beginning is kept, in pieces of %i bytes",
  (pieceBytes) => {
    const lengthBytes = 20 * 1024 * 1024;
    const stream = Buffer.concat([
      publish("nara/plaza/howdy", new Uint8Array(lengthBytes).fill(7), 0, 0),
      publish("nara/plaza/chau", Uint8Array.of(1, 2, 3), 0, 0),
    ]);
    const read = createPacketReader();
    const heard: HeardPacket[] = [];
    for (let at = 0; at < stream.length; at += pieceBytes) {
      const outcome = read(stream.subarray(at, at + pieceBytes));
      expect(outcome.ok).toBe(true);
      if (outcome.ok) heard.push(...outcome.value);
    }
    const [long, short] = heard.map((packet) => (packet.kind === "publish" ? packet : undefined));
    expect(heard.length).toBe(2);
    expect(long?.topic).toBe("nara/plaza/howdy");
    expect(long?.payload.length).toBeGreaterThan(maxFrameBytes);
    expect(long?.payload.length).toBeLessThan(2 * maxFrameBytes);
    expect(short?.payload).toEqual(Uint8Array.of(1, 2, 3));
  },
);

test.each([
  ["a length of five bytes", [0x30, 0x80, 0x80, 0x80, 0x80, 0x01]],
  ["a packet of a type that brokers do not send", [0x10, 0x00]],
  ["a type that there is not", [0xf0, 0x00]],
  ["reserved flags", [0x21, 0x02, 0x00, 0x00]],
  ["a message of QoS 2", [0x34, 0x05, 0x00, 0x01, 0x61, 0x00, 0x01]],
  ["a message of QoS 3", [0x36, 0x05, 0x00, 0x01, 0x61, 0x00, 0x01]],
  ["a topic longer than its packet", [0x30, 0x03, 0x00, 0x05, 0x61]],
  ["a message without its id", [0x32, 0x03, 0x00, 0x01, 0x61]],
  ["a message without a topic", [0x30, 0x00]],
  ["a CONNACK of one byte", [0x20, 0x01, 0x00]],
  ["a PINGRESP that carries something", [0xd0, 0x01, 0x00]],
])("%s is refused", (_, bytes) => {
  expect(createPacketReader()(Uint8Array.from(bytes)).ok).toBe(false);
});

test("no bytes make the reader throw", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 4 }), (pieces) => {
      const read = createPacketReader();
      for (const piece of pieces) if (!read(piece).ok) return;
    }),
  );
});
