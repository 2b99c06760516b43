/** Naras that chose to gossip alone before they ever met anybody, under virtual time. */
import { expect, test } from "vitest";
import type { Nara } from "../src/nara/nara.ts";
import { createNetwork, type Network, onlineStates } from "./support/network.ts";

/** Whom the relay lists: who lives there, with the key that it proved to the relay. */
const list = (network: Network, { runtime }: Nara, meshIp = runtime.mesh.address()): void =>
  network.mesh.list({ name: runtime.me.name, publicKey: runtime.me.publicKey, meshIp });

const gossiping = (network: Network, name: string, meshIp: string): Nara => {
  const nara = network.join(name, { meshIp, transport: "gossip" });
  list(network, nara);
  return nara;
};

const said = (network: Network, name: string) =>
  network.broker.traffic.filter(({ from }) => from === name);

test("two naras that gossip alone from the first start meet through their relay", async () => {
  const network = createNetwork();
  const alice = gossiping(network, "alice", "100.64.0.1");
  const bob = gossiping(network, "bob", "100.64.0.2");
  await network.clock.pass({ seconds: 30 });
  expect(onlineStates(alice)).toEqual({ bob: "ONLINE" });
  expect(onlineStates(bob)).toEqual({ alice: "ONLINE" });
  for (const nara of [alice, bob]) {
    expect(nara.view().mesh).toMatchObject({ mode: "gossip", peers: 1 });
    expect(nara.view().mesh.zines.taken).toBeGreaterThan(0);
    expect(said(network, nara.name)).toEqual([]);
  }
  expect(network.errors).toEqual([]);
});

test("whoever comes to a village by gossip alone meets those who are on the plaza, and they it", async () => {
  const network = createNetwork();
  const [alice, carol] = [
    network.join("alice", { meshIp: "100.64.0.1" }),
    network.join("carol", { meshIp: "100.64.0.3" }),
  ];
  await network.clock.pass({ minutes: 10 });
  list(network, alice);
  const bob = gossiping(network, "bob", "100.64.0.2");
  await network.clock.pass({ minutes: 6 });
  // carol is on nobody's list, but alice remembers her hey_there.
  expect(onlineStates(bob)).toMatchObject({ alice: "ONLINE", carol: "ONLINE" });
  expect(onlineStates(alice)).toMatchObject({ bob: "ONLINE" });
  expect(onlineStates(carol)).toMatchObject({ bob: "ONLINE" });
  expect(bob.view().mesh.remembered?.from).toContain("alice");
  expect(said(network, "bob")).toEqual([]);
  expect(network.errors).toEqual([]);
});

test("who comes later is found at the next look, five minutes on", async () => {
  const network = createNetwork();
  const alice = gossiping(network, "alice", "100.64.0.1");
  await network.clock.pass({ minutes: 10 });
  expect(alice.neighbours()).toEqual([]);
  const bob = network.join("bob", { meshIp: "100.64.0.2", transport: "gossip" });
  network.mesh.list({
    name: "bob",
    publicKey: bob.runtime.me.publicKey,
    meshIp: bob.runtime.mesh.address(),
  });
  await network.clock.pass({ minutes: 6 });
  expect(onlineStates(alice)).toEqual({ bob: "ONLINE" });
});

test("an address that leads to somebody else, and a key that is not its own, make nobody known", async () => {
  const network = createNetwork();
  const alice = gossiping(network, "alice", "100.64.0.1");
  const mallory = network.join("mallory", { meshIp: "100.64.0.66", transport: "mqtt" });
  const { publicKey } = mallory.runtime.me;
  network.mesh.list({ name: "bob", publicKey, meshIp: "100.64.0.66" });
  network.mesh.list({
    name: "mallory",
    publicKey: alice.runtime.me.publicKey,
    meshIp: "100.64.0.66",
  });
  network.mesh.list({ name: "a/b", publicKey, meshIp: "100.64.0.66" });
  await network.clock.pass({ minutes: 12 });
  expect(alice.neighbours()).toEqual([]);
  expect(["bob", "mallory", "a/b"].map(alice.runtime.keyring.keyOf)).toEqual(
    Array(3).fill(undefined),
  );
});

test("an address that the relay lists is a hint until its nara answers under its key", async () => {
  const network = createNetwork();
  const alice = gossiping(network, "alice", "100.64.0.1");
  const bob = network.join("bob", { meshIp: "100.64.0.2", transport: "gossip" });
  list(network, bob);
  // bob cannot call alice, and so not find out who asks; all that he answers then is unsigned.
  network.mesh.cut("100.64.0.1");
  await network.clock.pass({ seconds: 30 });
  expect(alice.runtime.mesh.peers.addressesOf("bob")).toEqual(["100.64.0.2"]);
  expect(alice.runtime.mesh.peers.isProven("bob")).toBe(false);
  expect(alice.neighbours()).toEqual([]);
  network.mesh.restore("100.64.0.1");
  await network.clock.pass({ minutes: 6 });
  expect(alice.runtime.mesh.peers.isProven("bob")).toBe(true);
  expect(onlineStates(alice)).toEqual({ bob: "ONLINE" });
});

test("of a long list sixteen strangers are tried at a look", async () => {
  const network = createNetwork();
  const alice = gossiping(network, "alice", "100.64.0.1");
  const { publicKey } = alice.runtime.me;
  for (let each = 0; each < 60; each++) {
    network.mesh.list({ name: `ghost-${each}`, publicKey, meshIp: `100.64.1.${each}` });
  }
  await network.clock.pass({ seconds: 20 });
  const hinted = Array.from({ length: 60 }, (_, each) =>
    alice.runtime.mesh.peers.addressesOf(`ghost-${each}`),
  ).filter((addresses) => addresses.length > 0);
  expect(hinted).toHaveLength(16);
});

test("who turns to gossip alone before it met anybody looks at once", async () => {
  const network = createNetwork();
  gossiping(network, "bob", "100.64.0.2");
  network.broker.down();
  const alice = network.join("alice", { meshIp: "100.64.0.1" });
  await network.clock.pass({ seconds: 60 });
  expect(alice.neighbours()).toEqual([]);
  list(network, alice);
  alice.setTransport("gossip");
  await network.clock.pass({ seconds: 15 });
  expect(onlineStates(alice)).toEqual({ bob: "ONLINE" });
});

test("without a way to its relay it looks as soon as there is one", async () => {
  const network = createNetwork();
  gossiping(network, "bob", "100.64.0.2");
  network.mesh.unplug("100.64.0.1");
  const alice = gossiping(network, "alice", "100.64.0.1");
  list(network, alice, "100.64.0.1");
  await network.clock.pass({ minutes: 2 });
  expect(alice.neighbours()).toEqual([]);
  network.mesh.plugIn("100.64.0.1");
  await network.clock.pass({ seconds: 15 });
  expect(onlineStates(alice)).toEqual({ bob: "ONLINE" });
});

test("on the plaza nobody asks the relay who is there", async () => {
  const network = createNetwork();
  const bob = gossiping(network, "bob", "100.64.0.2");
  const alice = network.join("alice", { meshIp: "100.64.0.1", transport: "hybrid" });
  network.mesh.cut("100.64.0.1");
  await network.clock.pass({ minutes: 10 });
  expect(bob.runtime.keyring.keyOf("alice")).toBeUndefined();
  expect(alice.neighbours()).toEqual([]);
});
