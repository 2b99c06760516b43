import { afterEach, expect, test, vi } from "vitest";
import { createStreamPlaza } from "../adapters/plaza/mqtt-node.ts";
import { visitorLimits } from "./limits.ts";
import {
  connectPacket,
  joinRaw,
  openTestPlaza,
  packetBytes,
  publishPacket,
  type RawVisitor,
  subscribePacket,
  visitRaw,
} from "./testing.ts";

let open: Awaited<ReturnType<typeof openTestPlaza>>[] = [];
const openPlaza: typeof openTestPlaza = async (settings) => {
  const opened = await openTestPlaza(settings);
  open.push(opened);
  return opened;
};
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

const subscribed = async (port: number, name: string, filter: string): Promise<RawVisitor> => {
  const visitor = await joinRaw(port, name);
  visitor.say(subscribePacket(filter));
  await visitor.hear("suback");
  return visitor;
};
const topicsHeard = (visitor: RawVisitor): string[] =>
  visitor.heard.flatMap((packet) => (packet.cmd === "publish" ? [packet.topic] : []));

test("naras hear each other, and nothing is ever retained", async () => {
  const { port } = await openPlaza();
  const alice = await subscribed(port, "alice", "nara/#");
  const bob = await joinRaw(port, "bob");
  bob.say(publishPacket("nara/plaza/hey_there", "hey", { retain: true }));
  expect(await alice.hear("publish")).toMatchObject({
    topic: "nara/plaza/hey_there",
    payload: Buffer.from("hey"),
    retain: false,
  });
  const carol = await subscribed(port, "carol", "nara/#");
  bob.say(publishPacket("nara/plaza/chau"));
  await carol.hear("publish");
  expect(topicsHeard(carol)).toEqual(["nara/plaza/chau"]);
});

test("a flooder is cut off, and those around go on undisturbed", async () => {
  const { port, lines } = await openPlaza();
  const alice = await subscribed(port, "alice", "nara/plaza/howdy");
  const bob = await joinRaw(port, "bob");
  const flooder = await joinRaw(port, "flooder");
  const many = Array.from({ length: visitorLimits.packetBurst + 100 }, () =>
    packetBytes(publishPacket("nara/plaza/social")),
  );
  flooder.say(Buffer.concat(many));
  await flooder.gone;
  expect(lines.map((line) => line.text)).toEqual(["cut off flooder: too many messages"]);
  bob.say(publishPacket("nara/plaza/howdy", "still here"));
  expect(await alice.hear("publish")).toMatchObject({ payload: Buffer.from("still here") });
});

test("a flood of bytes ends the same way", async () => {
  const { port, lines } = await openPlaza({ limits: { ...visitorLimits, byteBurst: 300_000 } });
  const flooder = await joinRaw(port, "flooder");
  flooder.say(publishPacket("nara/plaza/howdy", Buffer.alloc(200_000)));
  flooder.say(publishPacket("nara/plaza/howdy", Buffer.alloc(200_000)));
  await flooder.gone;
  expect(lines.map((line) => line.text)).toEqual(["cut off flooder: too many bytes"]);
});

test("a packet that is too large is refused before it has arrived", async () => {
  const { port, lines } = await openPlaza();
  const visitor = await joinRaw(port, "giant");
  visitor.say(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]));
  await visitor.gone;
  expect(lines[0]?.text).toMatch(/^cut off giant: a packet of 268435460 bytes; \d+ are allowed$/);
});

test("topics that are not nara's, QoS 2 and stray packets end a visit", async () => {
  const { port, lines } = await openPlaza();
  const alice = await subscribed(port, "alice", "nara/#");
  const rude = [
    publishPacket("other/topic"),
    publishPacket("nara/newspaper/a/b"),
    publishPacket("$SYS/broker"),
    publishPacket("nara/plaza/howdy", "x", { qos: 2 }),
    connectPacket({ clientId: "again" }),
  ];
  for (const [index, packet] of rude.entries()) {
    const visitor = await joinRaw(port, `rude-${index}`);
    visitor.say(packet);
    await visitor.gone;
  }
  expect(lines.map((line) => line.text.replace(/^cut off /, ""))).toEqual([
    "rude-0: published to a topic that is not nara's",
    "rude-1: published to a topic that is not nara's",
    "rude-2: published to a topic that is not nara's",
    "rude-3: nothing is published at QoS 2 here",
    "rude-4: a packet that has no place here",
  ]);
  expect(topicsHeard(alice)).toEqual([]);
});

test("subscriptions outside nara/# are refused without ending the visit", async () => {
  const { port } = await openPlaza();
  const alice = await joinRaw(port, "alice");
  alice.say(subscribePacket("#"));
  expect(await alice.hear("suback")).toMatchObject({ messageId: 7, granted: [0x80] });
  alice.say(publishPacket("nara/plaza/chau"));
  alice.say({ cmd: "pingreq" });
  await alice.hear("pingresp");
  expect(topicsHeard(alice)).toEqual([]);
});

test("a name that is no nara's is refused, a missing one is given", async () => {
  const { port } = await openPlaza();
  const stranger = await visitRaw(port);
  stranger.say(connectPacket({ clientId: "not a name!" }));
  expect(await stranger.hear("connack")).toMatchObject({ returnCode: 2 });
  await stranger.gone;
  const nameless = await visitRaw(port);
  nameless.say(connectPacket({ clientId: "" }));
  expect(await nameless.hear("connack")).toMatchObject({ returnCode: 0 });
});

test("MQTT 5 is declined, and what is no MQTT at all hears nothing", async () => {
  const { port } = await openPlaza();
  const modern = await visitRaw(port);
  modern.say(connectPacket({ protocolVersion: 5 }));
  expect(await modern.hear("connack")).toMatchObject({ returnCode: 1 });
  await modern.gone;
  const browser = await visitRaw(port);
  browser.say(Buffer.from("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  await browser.gone;
  expect(browser.heard).toEqual([]);
});

test("who says nothing at first, or too much, has to leave", async () => {
  const limits = { ...visitorLimits, firstPacketTimeoutMs: 20 };
  const { port, lines } = await openPlaza({ limits });
  const silent = await visitRaw(port);
  await silent.gone;
  const verbose = await visitRaw(port);
  verbose.say(connectPacket({ username: "x".repeat(5000) }));
  await verbose.gone;
  expect(lines.map((line) => line.text)).toEqual([
    "cut off 127.0.0.1: no CONNECT came",
    expect.stringMatching(/^cut off 127.0.0.1: a packet of 50\d\d bytes; 4096 are allowed$/),
  ]);
});

test("the same name twice: the last one stays", async () => {
  const { port } = await openPlaza();
  const first = await joinRaw(port, "alice");
  const second = await subscribed(port, "alice", "nara/#");
  await first.gone;
  second.say(publishPacket("nara/plaza/howdy"));
  await second.hear("publish");
});

test("a reader that does not read is cut off and holds nobody up", async () => {
  const limits = { ...visitorLimits, maxQueuedBytes: 100_000, byteBurst: 64 * 1024 * 1024 };
  const { port, lines } = await openPlaza({ limits });
  const sleeper = await subscribed(port, "sleeper", "nara/#");
  sleeper.socket.pause();
  const alice = await subscribed(port, "alice", "nara/plaza/chau");
  const writer = await joinRaw(port, "writer");
  // The kernel's buffers on both sides of a loopback connection take some megabytes first.
  for (let count = 0; count < 100; count += 1) {
    writer.say(publishPacket("nara/plaza/howdy", Buffer.alloc(200_000)));
  }
  writer.say(publishPacket("nara/plaza/chau"));
  await alice.hear("publish");
  expect(lines.map((line) => line.text)).toEqual(["cut off sleeper: too slow a reader"]);
});

test("only so many visitors fit, overall and from one address", async () => {
  const { port, plaza } = await openPlaza({
    crowd: { maxVisitors: 10, maxVisitorsPerAddress: 2 },
  });
  const alice = await joinRaw(port, "alice");
  await joinRaw(port, "bob");
  const carol = await visitRaw(port);
  await carol.gone;
  expect(plaza.count()).toBe(2);
  alice.socket.destroy();
  await vi.waitUntil(() => plaza.count() === 1);
  await joinRaw(port, "dave");
});

test("a subscriber that vanishes during a flood does not break the broker", async () => {
  const { plaza, port } = await openPlaza();
  const alice = await subscribed(port, "alice", "nara/plaza/chau");
  const flood = plaza.openStream();
  flood.on("data", () => {});
  flood.write(packetBytes(connectPacket({ clientId: "flood" })));
  const leaver = await subscribed(port, "leaver", "nara/plaza/social");
  const chunk = Buffer.concat(
    Array.from({ length: 2000 }, () => packetBytes(publishPacket("nara/plaza/social"))),
  );
  for (let count = 0; count < 5; count += 1) flood.write(chunk);
  leaver.socket.destroy();
  flood.write(packetBytes(publishPacket("nara/plaza/chau")));
  await alice.hear("publish");
});

test("a broker that broke is replaced, and everyone may come back", async () => {
  const { plaza, port, lines } = await openPlaza();
  const alice = await joinRaw(port, "alice");
  expect(plaza.restart("stack overflow")).toBe(true);
  await alice.gone;
  const again = await subscribed(port, "alice", "nara/#");
  again.say(publishPacket("nara/plaza/howdy"));
  await again.hear("publish");
  expect(lines.map((line) => line.text)).toEqual(["the plaza broke and restarts: stack overflow"]);
  const attempts = Array.from({ length: 6 }, () => plaza.restart("again"));
  expect(attempts).toEqual([true, true, true, true, false, false]);
});

test("a nara of the same process joins without a socket", async () => {
  const { plaza, port } = await openPlaza();
  const watcher = await subscribed(port, "watcher", "nara/#");
  const inside = createStreamPlaza({ address: "here", open: plaza.openStream });
  const closed = await new Promise<string>((resolve) => {
    const link = inside.connect({
      clientId: "resident",
      onOpen: () => {
        link.publish("nara/plaza/chau", new Uint8Array([1, 2, 3]), 0);
        void link.close();
      },
      onFrame: () => {},
      onClosed: ({ reason }) => resolve(reason),
    });
  });
  expect(closed).toBe("left the plaza");
  expect(await watcher.hear("publish")).toMatchObject({ payload: Buffer.from([1, 2, 3]) });
});
