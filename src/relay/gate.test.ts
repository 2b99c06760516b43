import mqttPacket, { type Packet } from "mqtt-packet";
import { expect, test } from "vitest";
import { createGate, type Gate, type Verdict } from "./gate.ts";
import { visitorLimits } from "./limits.ts";
import { createPacketReader } from "./packet-reader.ts";
import { connectPacket, packetBytes, publishPacket, subscribePacket } from "./testing.ts";
import { createTokenBucket } from "./token-bucket.ts";
import { mayPublish, maySubscribe } from "./topics.ts";

function gateFor(settings: { user?: string; password?: string; nowMs?: () => number } = {}): Gate {
  const { user, password, nowMs = () => 0 } = settings;
  return createGate({
    limits: visitorLimits,
    credentials: { user, password },
    nowMs,
    inventName: () => "visitor-1",
  });
}
function joined(nowMs?: () => number): Gate {
  const gate = gateFor(nowMs === undefined ? {} : { nowMs });
  gate.judge(packetBytes(connectPacket({ clientId: "alice" })));
  return gate;
}
function parse(bytes: Buffer): Packet | undefined {
  let parsed: Packet | undefined;
  const parser = mqttPacket.parser();
  parser.on("packet", (packet) => {
    parsed = packet;
  });
  parser.parse(bytes);
  return parsed;
}
const forwarded = (verdict: Verdict): Packet | undefined =>
  verdict.action === "forward" ? parse(verdict.packet) : undefined;

test("CONNECT becomes a clean session without a will, under the operator's credentials", () => {
  const gate = gateFor({ user: "operator", password: "sécret" });
  const verdict = gate.judge(
    packetBytes(
      connectPacket({
        clientId: "ñandú-7",
        clean: false,
        username: "me",
        password: Buffer.from("mine"),
        will: { topic: "nara/plaza/chau", payload: Buffer.from("x"), qos: 0, retain: true },
      }),
    ),
  );
  const connect = forwarded(verdict);
  expect(connect).toMatchObject({
    clientId: "ñandú-7",
    clean: true,
    keepalive: 30,
    username: "operator",
    password: Buffer.from("sécret"),
  });
  expect(connect).not.toHaveProperty("will");
  expect(gate.clientId()).toBe("ñandú-7");
});

test("without credentials of the operator none are passed on", () => {
  const verdict = gateFor().judge(packetBytes(connectPacket({ username: "me" })));
  const connect = forwarded(verdict);
  expect(connect?.cmd).toBe("connect");
  expect(connect).not.toHaveProperty("username");
});

test("a SUBSCRIBE gets at most QoS 1, and one bad filter refuses it whole", () => {
  const gate = joined();
  const subscriptions = [
    { topic: "nara/newspaper/#", qos: 2 as const },
    { topic: "nara/checkpoint/+", qos: 1 as const },
  ];
  const verdict = gate.judge(packetBytes({ cmd: "subscribe", messageId: 9, subscriptions }));
  expect(forwarded(verdict)).toMatchObject({
    subscriptions: [{ qos: 1 }, { qos: 1 }],
  });
  const mixed = gate.judge(packetBytes(subscribePacket("nara/#", "#")));
  expect(mixed.action === "answer" && parse(mixed.packet)).toMatchObject({
    cmd: "suback",
    messageId: 7,
    granted: [0x80, 0x80],
  });
});

test("subscriptions are counted over the whole visit", () => {
  const gate = joined();
  const actions = Array.from(
    { length: visitorLimits.maxFilters + 1 },
    () => gate.judge(packetBytes(subscribePacket("nara/#"))).action,
  );
  expect(actions.filter((action) => action === "forward").length).toBe(visitorLimits.maxFilters);
  expect(actions.at(-1)).toBe("cut");
});

test("packets cut short inside are refused, not read beyond", () => {
  const broken = [
    [0x30, 2, 0, 40],
    [0x30, 1, 0],
    [0x30, 0],
    [0x30, 4, 0, 2, 0xc3, 0x28],
    [0x82, 2, 0, 1],
    [0x82, 5, 0, 1, 0, 9, 0x6e],
    [0x82, 6, 0, 1, 0, 1, 0x6e, 0x2f],
    [0xf0, 0],
    [0x00, 0],
  ];
  for (const bytes of broken) {
    const verdict = joined().judge(Buffer.from(bytes));
    expect([bytes, verdict.action === "forward"]).toEqual([bytes, false]);
  }
  const verdict = gateFor().judge(Buffer.from([0x10, 3, 0, 4, 0x4d]));
  expect(verdict).toEqual({ action: "cut", why: "a CONNECT that is not MQTT" });
});

test("a burst is let through, and room comes back with time", () => {
  let now = 0;
  const gate = joined(() => now);
  const howdy = (): Verdict => gate.judge(packetBytes(publishPacket("nara/plaza/howdy")));
  for (let count = 1; count < visitorLimits.packetBurst; count += 1) {
    expect(howdy().action).toBe("forward");
  }
  expect(howdy()).toEqual({ action: "cut", why: "too many messages" });
  now += 1000 / visitorLimits.packetsPerSecond;
  expect(howdy().action).toBe("forward");
  expect(howdy().action).toBe("cut");
});

test("a bucket never holds more than its burst", () => {
  let now = 0;
  const bucket = createTokenBucket(10, 5, () => now);
  now = 1_000_000;
  expect([bucket.take(5), bucket.take(1)]).toEqual([true, false]);
  now += 100;
  expect([bucket.take(1), bucket.take(1)]).toEqual([true, false]);
});

test("packets are found however the bytes arrive", () => {
  const packets = [
    packetBytes(connectPacket({})),
    packetBytes(publishPacket("nara/plaza/howdy", Buffer.alloc(300, 7))),
    packetBytes({ cmd: "pingreq" }),
  ];
  const all = Buffer.concat(packets);
  for (const step of [1, 2, 3, 7, 100, all.length]) {
    const reader = createPacketReader();
    const found: Buffer[] = [];
    for (let at = 0; at < all.length; at += step) {
      reader.push(all.subarray(at, at + step));
      for (;;) {
        const next = reader.next(1000);
        if (!next.ok || next.value === undefined) break;
        found.push(next.value);
      }
    }
    expect([step, found.map((one) => one.toString("hex"))]).toEqual([
      step,
      packets.map((one) => one.toString("hex")),
    ]);
  }
});

test("a length of more than four bytes is no MQTT", () => {
  const reader = createPacketReader();
  reader.push(Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 1]));
  expect(reader.next(1000)).toEqual({ ok: false, refusal: "what came is not MQTT" });
});

test("nara's topics may be published to, and no others", () => {
  const yes = [
    "nara/plaza/hey_there",
    "nara/plaza/chau",
    "nara/plaza/howdy",
    "nara/plaza/social",
    "nara/plaza/journey_complete",
    "nara/plaza/stash_refresh",
    "nara/newspaper/alice",
    "nara/newspaper/ñandú.7_x-y",
    "nara/ledger/alice/request",
    "nara/ledger/alice/response",
    "nara/checkpoint/propose",
    "nara/checkpoint/vote",
    "nara/checkpoint/final",
  ];
  const no = [
    "",
    "nara",
    "nara/plaza",
    "nara/plaza/other",
    "nara/newspaper/",
    "nara/newspaper/a b",
    "nara/newspaper/a/b",
    "nara/newspaper/+",
    "nara/ledger/alice",
    "nara/ledger/alice/other",
    "nara/ledger/alice/request/x",
    "nara/checkpoint/propose/x",
    "Nara/plaza/howdy",
    "/nara/plaza/howdy",
    "$SYS/x",
    `nara/newspaper/${"a".repeat(64)}`,
  ];
  expect(yes.filter((topic) => !mayPublish(topic))).toEqual([]);
  expect(no.filter(mayPublish)).toEqual([]);
});

test("filters inside nara/# may be subscribed to, and no others", () => {
  const yes = ["nara/#", "nara/+", "nara/plaza/+", "nara/newspaper/#", "nara/ledger/+/request"];
  const no = ["#", "+/#", "nara", "+/plaza", "$share/x/nara/#", "nara/#/x", "nara/a#", "nara/a+/x"];
  expect(yes.filter((filter) => !maySubscribe(filter))).toEqual([]);
  expect(no.filter(maySubscribe)).toEqual([]);
  expect(maySubscribe("nara/a/b/c/d")).toBe(false);
});
