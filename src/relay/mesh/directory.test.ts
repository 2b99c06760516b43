import { afterEach, expect, test } from "vitest";
import { encodeBase64 } from "../../nara/codec/base64.ts";
import { directoryQuestions } from "./limits.ts";
import { echo, keyOf, openTestRelay } from "./testing.ts";

let cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
  cleanUps = [];
});

const open = async (parts: Parameters<typeof openTestRelay>[0] = {}) => {
  const relay = await openTestRelay(parts);
  cleanUps.push(relay.stop);
  return relay;
};

const keyText = (fill: number): string => encodeBase64(keyOf(fill).publicKey);

const announcements = (named: Readonly<Record<string, string>>) => ({
  has: () => false,
  touch: () => {},
  count: () => 0,
  isHearing: () => true,
  all: () => Object.entries(named).map(([name, meshIp]) => listed(name, meshIp)),
  named: (name: string) => (named[name] === undefined ? undefined : listed(name, named[name])),
});
const listed = (name: string, meshIp: string) => ({ name, publicKey: keyText(9), meshIp });

test("a relay tells a nara of the others with a tunnel: their names, proven keys and addresses", async () => {
  const relay = await open();
  const [alice, bob] = [await relay.join("alice", 1), await relay.join("bob", 2)];
  expect(await alice.client.hints?.()).toEqual([
    { name: "bob", publicKey: keyText(2), meshIp: bob.address },
  ]);
  expect(await bob.client.hints?.("alice")).toEqual([
    { name: "alice", publicKey: keyText(1), meshIp: alice.address },
  ]);
  expect(await bob.client.hints?.("nobody")).toEqual([]);
});

test("residents are told of, and are told of others", async () => {
  const relay = await open();
  const { publicKey } = keyOf(3);
  const resident = relay.mesh.lodge({ name: "carol", publicKey });
  const alice = await relay.join("alice", 1);
  while (resident.address() === "") await new Promise(setImmediate);
  expect(await alice.client.hints?.()).toEqual([
    { name: "carol", publicKey: keyText(3), meshIp: resident.address() },
  ]);
  expect(await resident.hints?.()).toEqual([
    { name: "alice", publicKey: keyText(1), meshIp: alice.address },
  ]);
});

test("whose tunnel has ended is told of no more", async () => {
  const relay = await open();
  const [alice, bob] = [await relay.join("alice", 1), await relay.join("bob", 2)];
  bob.client.stop();
  while (relay.gauge("tunnels") > 1) await new Promise(setImmediate);
  expect(await alice.client.hints?.()).toEqual([]);
});

test("of more than sixteen some are told; who said on the plaza where it lives fills the rest", async () => {
  const elsewhere = Object.fromEntries(
    Array.from({ length: 40 }, (_, each) => [`far-${each}`, `100.64.0.${each}:7433`]),
  );
  const relay = await open({ announcements: announcements({ ...elsewhere, bob: "old:1" }) });
  const [alice, bob] = [await relay.join("alice", 1), await relay.join("bob", 2)];
  const told = (await alice.client.hints?.()) ?? [];
  expect(told).toHaveLength(16);
  expect(told.filter(({ name }) => name === "bob")).toEqual([
    { name: "bob", publicKey: keyText(2), meshIp: bob.address },
  ]);
  expect(new Set(told.map(({ name }) => name)).size).toBe(16);
  expect(await alice.client.hints?.("far-7")).toEqual([listed("far-7", "100.64.0.7:7433")]);
});

test("the relay answers nothing else that it is asked itself, and nobody without end", async () => {
  const relay = await open();
  const alice = await relay.join("alice", 1);
  await relay.join("bob", 2, echo);
  const bounds = { deadlineMs: 2_000, maxBodyBytes: 1_000 };
  const ask = (method: string, target: string) =>
    alice.client.send(
      "http://",
      { method, target, headers: new Map(), body: new Uint8Array() },
      bounds,
    );
  for (const [method, target] of [
    ["POST", "/naras"],
    ["GET", "/"],
    ["GET", "/naras/"],
    ["GET", "/metrics"],
  ] as const) {
    expect(await ask(method, target)).toMatchObject({ ok: false });
  }
  for (let each = 0; each < directoryQuestions.burst; each++) {
    expect(await alice.client.hints?.()).toHaveLength(1);
  }
  expect(await alice.client.hints?.()).toEqual([]);
  expect(relay.refusals("too many questions who is there")).toBe(1);
});
