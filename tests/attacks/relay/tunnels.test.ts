/** Tunnels opened by thieves, crowds and mutes, and what comes through them. */
import { once } from "node:events";
import { afterEach, expect, test } from "vitest";
import type { WebSocket } from "ws";
import { createVirtualClock } from "../../../src/nara/testing/virtual-clock.ts";
import { handshakes, meshLimits, newNames } from "../../../src/relay/mesh/limits.ts";
import type { RelayMeshParts } from "../../../src/relay/mesh/relay-mesh.ts";
import {
  answerOf,
  echo,
  openTestRelay,
  say,
  statusOf,
  until,
} from "../../../src/relay/mesh/testing.ts";
import { encodeFrame, type Frame } from "../../../src/tunnel/frames.ts";

let stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.reverse()) await stop();
  stops = [];
});
async function openRelay(parts: Partial<RelayMeshParts> = {}) {
  const relay = await openTestRelay(parts);
  stops.push(relay.stop);
  const bob = await relay.join("bob", 2, echo);
  /** Whether bob notices nothing of it all. */
  const isFine = async (): Promise<boolean> => {
    const ask = "GET /ping HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    return statusOf(await say(bob.address, ask)) === "200";
  };
  return { ...relay, bob, isFine };
}
const put = (socket: WebSocket, frame: Frame): void => {
  const bytes = encodeFrame(frame);
  if (bytes === undefined) throw new Error("no frame");
  socket.send(bytes);
};

test("an answer stolen from another connection, or heard at another relay, opens nothing", async () => {
  const relay = await openRelay();
  const elsewhere = await openTestRelay();
  stops.push(elsewhere.stop);
  const honest = await relay.challenged();
  const answer = answerOf(await honest.text, "alice", 1, Date.now());
  honest.socket.send(answer);
  await once(honest.socket, "message");
  for (const where of [relay, elsewhere]) {
    const thief = await where.challenged();
    await thief.text;
    thief.socket.send(answer);
    expect(await thief.gone).toBe("1008 a signature that does not hold");
    expect(where.refusals("a signature that does not hold")).toBe(1);
  }
  expect(relay.gauge("tunnels")).toBe(2);
  expect(await relay.isFine()).toBe(true);
});

test("a challenge that a relay in between shows is answered by no nara and made by no relay", async () => {
  const relay = await openRelay();
  const between = await relay.challenged("evil.example");
  expect(await between.gone).toMatch(/^1008 this relay does not know itself by that host/);
  const { text, socket } = await relay.challenged();
  const challenge = JSON.parse(await text) as { host: string };
  expect(() =>
    answerOf(JSON.stringify({ ...challenge, time: Date.now() - 31_000 }), "alice", 1, Date.now()),
  ).toThrow("this clock is 31 s ahead of the relay's");
  expect(challenge.host).toBe(new URL(relay.tunnelUrl).host);
  expect(relay.refusals("not a host of ours")).toBe(1);
  socket.close();
});

test("an answer given twice in one connection is no frame", async () => {
  const relay = await openRelay();
  const visitor = await relay.challenged();
  const answer = answerOf(await visitor.text, "alice", 1, Date.now());
  visitor.socket.send(answer);
  visitor.socket.send(answer);
  expect(await visitor.gone).toMatch(/^1008 (frames before the welcome|text in a tunnel)$/);
  expect(await relay.isFine()).toBe(true);
});

test("a flood of tunnels from one address is sent away, told to come later, and counted", async () => {
  const relay = await openRelay({ limits: { ...meshLimits, maxVisitorsPerAddress: 20 } });
  const mute = await Promise.all(Array.from({ length: 19 }, () => relay.challenged()));
  await Promise.all(mute.map(({ text }) => text));
  const late = await relay.challenged();
  expect(await late.gone).toBe("1013 no room for another tunnel");
  expect(await relay.isFine()).toBe(true);
  for (const { socket } of mute) socket.terminate();
  await Promise.all(mute.map(({ gone }) => gone));
  await until(() => relay.gauge("tunnels") === 1);
  const next = await relay.challenged();
  expect(await next.text).toContain("nonce");
  next.socket.close();
});

test("who opens tunnel after tunnel soon waits, and mints no names without end", async () => {
  const clock = createVirtualClock();
  const relay = await openTestRelay({ clock });
  stops.push(relay.stop);
  const joined: string[] = [];
  const tryAs = async (name: string): Promise<string> => {
    const visitor = await relay.challenged();
    const first = await Promise.race([visitor.text, visitor.gone]);
    if (first.startsWith("1013")) return first;
    visitor.socket.send(answerOf(first, name, 3, Number(clock.nowNs() / 1_000_000n)));
    const heard = once(visitor.socket, "message").then(([data]) => String(data));
    const outcome = await Promise.race([heard, visitor.gone]);
    visitor.socket.terminate();
    await visitor.gone;
    return outcome;
  };
  for (let count = 0; count < newNames.burst + 4; count++)
    joined.push(await tryAs(`minted-${count}`));
  const said = new Set(joined.slice(newNames.burst));
  expect(relay.gauge("names")).toBeLessThanOrEqual(newNames.burst);
  expect([...said].every((one) => /^1013 (too many new names|no address is free)/.test(one))).toBe(
    true,
  );
  expect(relay.refusals("too many new names")).toBeGreaterThan(0);
  let refused = 0;
  for (let count = 0; count < handshakes.burst; count++) {
    if ((await tryAs("minted-0")).startsWith("1013 too many tunnels")) refused += 1;
  }
  expect(refused).toBeGreaterThan(0);
  expect(relay.refusals("too many tunnels at once")).toBe(refused);
});

test("whoever answers for another, out of turn or for nobody loses the tunnel, and is counted", async () => {
  const ok = { status: 200, fields: [] };
  const cases: readonly (readonly [string, (socket: WebSocket) => void])[] = [
    ["an unknown exchange", (socket) => put(socket, { type: "response", stream: 2, head: ok })],
    ["an unknown exchange", (socket) => put(socket, { type: "end", stream: 7 })],
    [
      "an exchange numbered wrong",
      (socket) => {
        const head = { method: "GET", authority: "", target: "/", fields: [] };
        put(socket, { type: "request", stream: 4, head });
      },
    ],
    [
      "a window that was never used",
      (socket) => put(socket, { type: "window", stream: 0, bytes: 2 ** 31 - 1 }),
    ],
    ["not a frame", (socket) => socket.send(Buffer.from([99, 0, 0, 0, 1]))],
    [
      "a head that lies about its lengths",
      (socket) => socket.send(Buffer.from([1, 0, 0, 0, 1, 200, 65, 66])),
    ],
    ["text in a tunnel", (socket) => socket.send("hello")],
  ];
  const relay = await openRelay();
  for (const [reason, attack] of cases) {
    const before = relay.refusals(reason);
    const eve = await relay.rudeTunnel("eve", 6);
    attack(eve.socket);
    expect(await eve.gone).toBe(`1008 ${reason}`);
    expect(relay.refusals(reason), reason).toBe(before + 1);
  }
  expect(await relay.isFine()).toBe(true);
});

test("an answer to one's own question cannot carry a second head, nor header lines inside a value", async () => {
  const relay = await openRelay();
  const attacks: readonly Uint8Array[] = [
    // status 200, one header "x-nara-name" with a line break in its value
    Buffer.concat([
      Buffer.from([2, 0, 0, 0, 2, 0, 200, 1, 11]),
      Buffer.from("x-nara-name"),
      Buffer.from([0, 12]),
      Buffer.from("a\r\nEvil: yes"),
    ]),
    Buffer.concat([
      Buffer.from([2, 0, 0, 0, 2, 0, 200, 1, 4]),
      Buffer.from("a: b"),
      Buffer.from([0, 1, 65]),
    ]),
    // 100 Continue as an answer
    Buffer.from([2, 0, 0, 0, 2, 0, 100, 0]),
  ];
  for (const attack of attacks) {
    const eve = await relay.rudeTunnel("eve", 6);
    const asked = once(eve.socket, "message");
    const heard = say(eve.address, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    await asked;
    eve.socket.send(attack);
    expect(await eve.gone).toMatch(/^1008 (not a header|a status below 200)/);
    expect(await heard).toMatch(/^HTTP\/1\.1 502 /);
    expect(await heard).not.toContain("Evil");
  }
  expect(await relay.isFine()).toBe(true);
});

test("a body longer or shorter than promised ends that answer alone", async () => {
  const relay = await openRelay();
  const eve = await relay.rudeTunnel("eve", 6);
  const bodies = [Buffer.from("ab"), Buffer.from("abcdefHTTP/1.1 200 OK\r\n\r\n")];
  for (const [at, bytes] of bodies.entries()) {
    const asked = once(eve.socket, "message");
    const heard = say(eve.address, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await asked;
    const stream = 2 * at + 2;
    const head = { status: 200, fields: [["content-length", "5"]] as const };
    put(eve.socket, { type: "response", stream, head });
    put(eve.socket, { type: "body", stream, bytes });
    put(eve.socket, { type: "end", stream });
    const [, body = ""] = (await heard).split("\r\n\r\n");
    expect(body.length).toBeLessThan(5);
  }
  expect(relay.refusals("an answer shorter than promised")).toBe(1);
  expect(relay.refusals("an answer longer than promised")).toBe(1);
  expect(relay.gauge("tunnels")).toBe(2);
  expect(await relay.isFine()).toBe(true);
  eve.socket.close();
});

test("a nara that takes no questions off its socket is let go before it fills the relay", async () => {
  const relay = await openRelay();
  const eve = await relay.rudeTunnel("eve", 6);
  eve.socket.pause();
  const body = "x".repeat(256 * 1024);
  const post = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const callers = Array.from({ length: 40 }, () => say(eve.address, post));
  await until(() => relay.gauge("streams") >= 2);
  for (let turn = 0; turn < 300; turn++) await new Promise(setImmediate);
  expect(relay.gauge("held_bytes")).toBe(0);
  expect(await relay.isFine()).toBe(true);
  eve.socket.terminate();
  for (const heard of await Promise.all(callers)) expect(heard).toMatch(/^(HTTP\/1\.1 50[23] |$)/);
});
