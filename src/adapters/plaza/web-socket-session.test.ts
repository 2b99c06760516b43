import mqttPacket, { type Packet } from "mqtt-packet";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { MqttSession } from "./mqtt-plaza.ts";
import { openWebSocketSession } from "./web-socket-session.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A session on a socket whose other end the test plays. */
interface Scene {
  readonly session: MqttSession;
  /** Everything the session told, as short words. */
  readonly told: string[];
  /** Commands that the broker got, in order. */
  sent(): readonly string[];
  packets(): readonly Packet[];
  says(packet: Packet): void;
  saysRaw(data: unknown): void;
  opens(): void;
  closes(): void;
}

function scene(): Scene {
  const target = new EventTarget();
  const packets: Packet[] = [];
  const parser = mqttPacket.parser({ protocolVersion: 4 });
  parser.on("packet", (packet) => packets.push(packet));
  const state = { readyState: 0 };
  const socket = Object.assign(target, {
    OPEN: 1,
    binaryType: "blob",
    send: (bytes: Uint8Array) => parser.parse(Buffer.from(bytes)),
    close: () => {
      state.readyState = Math.max(state.readyState, 2);
    },
  });
  Object.defineProperty(socket, "readyState", { get: () => state.readyState });
  const told: string[] = [];
  const session = openWebSocketSession(
    socket as unknown as WebSocket,
    { clientId: "alice" },
    {
      onOpen: () => told.push("open"),
      onFrame: ({ topic, payload, retained }) =>
        told.push(`${topic} ${new TextDecoder().decode(payload)}${retained ? " retained" : ""}`),
      onFault: (fault) => told.push(`fault: ${fault instanceof Error ? fault.message : fault}`),
      onClosed: () => told.push("closed"),
    },
  );
  const saysRaw = (data: unknown): void => {
    target.dispatchEvent(new MessageEvent("message", { data }));
  };
  return {
    session,
    told,
    sent: () => packets.map((packet) => packet.cmd),
    packets: () => packets,
    says: (packet) => saysRaw(Uint8Array.from(mqttPacket.generate(packet)).buffer),
    saysRaw,
    opens: () => {
      state.readyState = 1;
      target.dispatchEvent(new Event("open"));
    },
    closes: () => {
      state.readyState = 3;
      target.dispatchEvent(new Event("close"));
    },
  };
}

const welcome: Packet = { cmd: "connack", returnCode: 0, sessionPresent: false };

function opened(): Scene {
  const one = scene();
  one.opens();
  one.says(welcome);
  expect(one.told).toEqual(["open"]);
  return one;
}

test("a broker that does not answer CONNECT in 10 s is given up", () => {
  const one = scene();
  one.opens();
  vi.advanceTimersByTime(9_999);
  expect(one.told).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(one.told).toEqual(["fault: connack timeout", "closed"]);
  expect(vi.getTimerCount()).toBe(0);
});

test("a ping goes every 30 s, also while others talk, and its answer keeps the session", () => {
  const one = opened();
  for (let turn = 1; turn <= 4; turn += 1) {
    vi.advanceTimersByTime(30_000);
    expect(one.sent().filter((command) => command === "pingreq").length).toBe(turn);
    one.says({ cmd: "pingresp" });
  }
  expect(one.told).toEqual(["open"]);
});

test("a broker that is silent for 45 s is given up", () => {
  const one = opened();
  vi.advanceTimersByTime(44_999);
  expect(one.told).toEqual(["open"]);
  vi.advanceTimersByTime(1);
  expect(one.told).toEqual(["open", "fault: Keepalive timeout", "closed"]);
  expect(vi.getTimerCount()).toBe(0);
});

test("leaving waits until QoS 1 is acknowledged, then says DISCONNECT", () => {
  const one = opened();
  expect(one.session.publish("nara/checkpoint/vote", Uint8Array.of(1), 1)).toBe(true);
  expect(one.session.publish("nara/checkpoint/vote", Uint8Array.of(2), 1)).toBe(true);
  const ids = one.packets().flatMap((packet) => (packet.cmd === "publish" ? packet.messageId : []));
  expect(new Set(ids).size).toBe(2);
  one.session.leave();
  expect(one.session.publish("nara/plaza/chau", Uint8Array.of(3), 0)).toBe(false);
  one.says({ cmd: "puback", messageId: ids[0]! });
  expect(one.sent().at(-1)).toBe("publish");
  one.says({ cmd: "puback", messageId: ids[1]! });
  expect(one.sent().at(-1)).toBe("disconnect");
  expect(one.told).toEqual(["open"]);
  one.closes();
  expect(one.told).toEqual(["open", "closed"]);
});

test("no id is given twice while it waits, and none is left when all wait", () => {
  const one = opened();
  const publishOne = (): boolean => one.session.publish("nara/x", new Uint8Array(), 1);
  for (let count = 0; count < 65_535; count += 1) publishOne();
  expect(publishOne()).toBe(false);
  one.says({ cmd: "puback", messageId: 4_711 });
  expect(publishOne()).toBe(true);
  const ids = one.packets().flatMap((packet) => (packet.cmd === "publish" ? packet.messageId : []));
  expect(ids.at(-1)).toBe(4_711);
  expect(new Set(ids).size).toBe(65_535);
  expect(ids).not.toContain(0);
});

test("leaving with nothing unacknowledged says DISCONNECT at once, in the same turn", () => {
  const one = opened();
  one.session.publish("nara/plaza/chau", Uint8Array.of(1), 0);
  one.session.leave();
  expect(one.sent()).toEqual(["connect", "publish", "disconnect"]);
});

test("a subscription is granted, refused, or lost with the connection", async () => {
  const one = opened();
  const granted = one.session.subscribe("nara/plaza/howdy");
  const refused = one.session.subscribe("$SYS/#");
  const lost = one.session.subscribe("nara/newspaper/#");
  const ids = one
    .packets()
    .flatMap((packet) => (packet.cmd === "subscribe" ? (packet.messageId ?? []) : []));
  one.says({ cmd: "suback", messageId: ids[1]!, granted: [0x80] });
  one.says({ cmd: "suback", messageId: ids[0]!, granted: [0] });
  one.closes();
  expect(await Promise.all([granted, refused, lost])).toEqual([true, false, false]);
  expect(await one.session.subscribe("nara/plaza/howdy")).toBe(false);
});

test("a message at QoS 1 is acknowledged and handed on", () => {
  const one = opened();
  const payload = Buffer.from("hey");
  one.says({
    cmd: "publish",
    topic: "nara/plaza/hey_there",
    payload,
    qos: 1,
    messageId: 9,
    retain: true,
    dup: false,
  });
  expect(one.told.at(-1)).toBe("nara/plaza/hey_there hey retained");
  expect(one.packets().at(-1)).toMatchObject({ cmd: "puback", messageId: 9 });
});

test.each([
  ["text", (one: Scene) => one.saysRaw("hello"), "text is not MQTT"],
  ["a second welcome", (one: Scene) => one.says(welcome), "the broker said connack out of turn"],
  [
    "bytes that are no packet",
    (one: Scene) => one.saysRaw(Uint8Array.of(0xf0, 0).buffer),
    "a packet of type 15 and 0 bytes was not to be expected",
  ],
])("%s ends the session with its reason", (_, speak, fault) => {
  const one = opened();
  speak(one);
  expect(one.told).toEqual(["open", `fault: ${fault}`, "closed"]);
  one.says({ cmd: "pingresp" });
  one.closes();
  expect(one.told.length).toBe(3);
  expect(vi.getTimerCount()).toBe(0);
});

test("a broker that speaks before its CONNACK is not listened to", () => {
  const one = scene();
  one.opens();
  one.says({ cmd: "pingresp" });
  expect(one.told).toEqual(["fault: the broker said pingresp out of turn", "closed"]);
});

test("what comes in the same bytes after a refusal is not heard", () => {
  const one = scene();
  one.opens();
  const refusal = mqttPacket.generate({ cmd: "connack", returnCode: 5, sessionPresent: false });
  const more = mqttPacket.generate(welcome);
  one.saysRaw(Uint8Array.from(Buffer.concat([refusal, more])).buffer);
  expect(one.told).toEqual(["fault: refused by the broker", "closed"]);
});

test("dropping closes at once and once", () => {
  const one = opened();
  one.session.drop();
  one.session.drop();
  one.closes();
  expect(one.told).toEqual(["open", "closed"]);
  expect(vi.getTimerCount()).toBe(0);
});
