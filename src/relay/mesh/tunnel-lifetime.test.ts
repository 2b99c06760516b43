import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createVirtualClock } from "../../nara/testing/virtual-clock.ts";
import { meshLimits } from "./limits.ts";
import type { RelayMeshParts } from "./relay-mesh.ts";
import { answerOf, echo, freeRange, openTestRelay, say, statusOf, until } from "./testing.ts";

let stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops) await stop();
  stops = [];
});
async function openRelay(parts: Partial<RelayMeshParts> = {}) {
  const relay = await openTestRelay(parts);
  stops.push(relay.stop);
  return relay;
}
const ask = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

test("a close code says whether to come back: 1013 later, 1001 elsewhere, 1008 not so", async () => {
  const { first } = await freeRange();
  const relay = await openRelay({
    addressing: { mode: "ports", range: { first, last: first } },
    limits: { ...meshLimits, maxVisitorsPerAddress: 3 },
  });
  const alice = await relay.rudeTunnel("alice", 1);
  const bob = await relay.challenged();
  bob.socket.send(answerOf(await bob.text, "bob", 2, Date.now()));
  expect(await bob.gone).toBe("1013 no address is free: give more --mesh-ports");
  const thief = await relay.challenged();
  thief.socket.send(answerOf(await thief.text, "alice", 2, Date.now()));
  expect(await thief.gone).toBe("1008 the name alice belongs to another key here");
  const waiting = [await relay.challenged(), await relay.challenged()];
  await Promise.all(waiting.map(({ text }) => text));
  const late = await relay.challenged();
  expect(await late.gone).toBe("1013 no room for another tunnel");
  await relay.mesh.stop();
  expect(await alice.gone).toBe("1001 the relay is going away");
  for (const { gone } of waiting) expect(await gone).toBe("1001 the relay is going away");
  const later = await relay.challenged();
  expect(await later.gone).toBe("1001 the relay is going away");
});

test("a dropped tunnel's address answers 503 for 30 s, then nobody", async () => {
  const clock = createVirtualClock();
  const relay = await openRelay({ clock });
  const { socket, address } = await relay.rudeTunnel("alice", 1);
  socket.close();
  await until(() => relay.gauge("tunnels") === 0);
  await clock.pass({ seconds: 29 });
  expect(statusOf(await say(address, ask))).toBe("503");
  expect((await relay.rudeTunnel("alice", 1)).address).toBe(address);
  await clock.pass({ seconds: 14 });
  expect(relay.gauge("addresses")).toBe(1);
  await relay.rudeTunnel("alice", 1).then((again) => again.socket.close());
  await until(() => relay.gauge("tunnels") === 0);
  await clock.pass({ seconds: 31 });
  expect(relay.gauge("addresses")).toBe(0);
  expect(await say(address, ask)).toBe("");
});

test("a name is free again 7 days after its tunnel was seen last, and not before", async () => {
  const clock = createVirtualClock();
  const relay = await openRelay({ clock });
  const tryAs = async (key: number): Promise<string> => {
    const visitor = await relay.challenged();
    const answer = answerOf(await visitor.text, "alice", key, Number(clock.nowNs() / 1_000_000n));
    visitor.socket.send(answer);
    const said = once(visitor.socket, "message").then(([data]) => String(data));
    return Promise.race([said, visitor.gone]);
  };
  const { socket } = await relay.rudeTunnel("alice", 1);
  socket.close();
  await until(() => relay.gauge("tunnels") === 0);
  await clock.pass({ days: 6, hours: 23 });
  expect(await tryAs(2)).toContain("belongs to another key");
  await clock.pass({ hours: 1, seconds: 1 });
  expect(await tryAs(2)).toContain("address");
  expect(await tryAs(1)).toContain("belongs to another key");
});

test("a socket that is open at one end only is given up after 40 s, others stay", async () => {
  const clock = createVirtualClock();
  const relay = await openRelay({ clock });
  const half = await relay.rudeTunnel("alice", 1);
  half.socket.pause();
  const whole = await relay.rudeTunnel("bob", 2);
  let pings = 0;
  whole.socket.on("message", (frame: Buffer) => {
    if (frame[0] !== 7) return;
    pings += 1;
    whole.socket.send(Buffer.concat([Buffer.from([8]), frame.subarray(1)]));
  });
  for (let passed = 0; passed < 60; passed += 15) {
    const before = pings;
    await clock.pass({ seconds: 15 });
    await until(() => pings > before);
    // The relay has heard the answer when it has answered one of ours.
    whole.socket.send(Buffer.from([7, 0, 0, 0, 0, 0, 0, 0, 9]));
    await once(whole.socket, "message");
  }
  expect(relay.gauge("tunnels")).toBe(1);
  half.socket.resume();
  expect(await half.gone).toMatch(/^(1008 nothing was heard any more|1006 )/);
});

test("a visitor who never answers the challenge is sent away after 10 s", async () => {
  const clock = createVirtualClock();
  const relay = await openRelay({ clock });
  const mute = await relay.challenged();
  await mute.text;
  await clock.pass({ seconds: 10 });
  expect(await mute.gone).toBe("1008 no answer to the challenge in time");
  expect(relay.refusals("no answer to the challenge in time")).toBe(1);
});

test("a relay that stops lets answers under way end, takes no new callers, says why", async () => {
  const relay = await openRelay();
  let asked = false;
  let letGo = (): void => {};
  const mayAnswer = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const { address } = await relay.join("alice", 1, async (request) => {
    asked = true;
    await mayAnswer;
    return echo(request);
  });
  const underWay = say(address, ask);
  await until(() => asked);
  const stopped = relay.mesh.stop();
  await new Promise(setImmediate);
  expect(await say(address, ask)).toBe("");
  letGo();
  expect(statusOf(await underWay)).toBe("200");
  await stopped;
});

test("a caller who reads nothing holds at most a window of the relay's memory", async () => {
  const relay = await openRelay();
  const body = new Uint8Array(24 * 1024 * 1024);
  const { address } = await relay.join("alice", 1, async () => ({
    status: 200,
    headers: new Map(),
    body,
  }));
  const [host = "", port] = (address ?? "").split(":");
  const slow = connect(Number(port), host);
  slow.write(ask);
  slow.pause();
  let most = 0;
  await until(() => {
    most = Math.max(most, relay.gauge("held_bytes"));
    return most >= 128 * 1024;
  });
  for (let turn = 0; turn < 200; turn++) {
    await new Promise(setImmediate);
    most = Math.max(most, relay.gauge("held_bytes"));
  }
  expect(most).toBeLessThanOrEqual(256 * 1024);
  slow.destroy();
  await until(() => relay.gauge("held_bytes") === 0 && relay.gauge("streams") === 0);
});
