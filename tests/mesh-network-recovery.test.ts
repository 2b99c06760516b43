/** A nara that wakes and asks what it missed, in small networks, under virtual time. */
import { expect, test } from "vitest";
import { fromUtf8 } from "../src/nara/codec/utf8.ts";
import { newSyncEvent, type SyncEvent, signSyncEvent } from "../src/nara/events/sync-event.ts";
import { memoryProfile } from "../src/nara/identity/memory-mode.ts";
import type { Nara } from "../src/nara/nara.ts";
import { personNamed } from "../src/nara/testing/mesh-nara.ts";
import type { RememberingView } from "../src/nara/view.ts";
import { createNetwork, type Network } from "./support/network.ts";
import { openTab } from "./support/tab.ts";

const witness = personNamed("witness");

/** So many pings, each of another target, long ago. */
const history = (network: Network, count: number, from = 0): readonly SyncEvent[] =>
  Array.from({ length: count }, (_, at) => {
    const tsNs = network.clock.nowNs() - 3_600_000_000_000n - BigInt(at + from);
    const payload = { observer: "witness", target: `t${at + from}`, rtt: 20 };
    return signSyncEvent(newSyncEvent("ping", tsNs, payload), "witness", witness.keyPair);
  });

const knowing = async (nara: Nara, events: readonly SyncEvent[]): Promise<void> => {
  nara.runtime.keyring.pin("witness", witness.id, witness.publicKey);
  await nara.runtime.intake.take(events, { path: "import", from: nara.name });
};

/** What `asker` asked for, but for what it wanted to know of one nara; by the body of the request. */
const questions = (network: Network, asker: string): readonly Record<string, unknown>[] =>
  network.mesh.traffic
    .filter(({ request }) => request.target === "/events/sync")
    .map(({ request }) => JSON.parse(Buffer.from(request.body).toString()))
    .filter(({ from, subjects }) => from === asker && subjects === null);

const isWitnessed = ({ emitter }: SyncEvent): boolean => emitter === "witness";
const witnessed = (nara: Nara): number => nara.runtime.ledger.events().filter(isWitnessed).length;

test("a third nara boots later and recovers the memory that it missed", async () => {
  const network = createNetwork({ meshLatencyMs: 800 });
  const alice = network.join("alice", { meshIp: "100.64.0.1" });
  const bob = network.join("bob", { meshIp: "100.64.0.2" });
  await network.clock.pass({ minutes: 3 });
  await knowing(alice, history(network, 300));
  await knowing(bob, history(network, 300, 300));
  const carol = network.join("carol", { meshIp: "100.64.0.3" });
  carol.runtime.keyring.pin("witness", witness.id, witness.publicKey);
  const progress: RememberingView[] = [];
  carol.watch(({ mesh }) => {
    if (mesh?.remembering) progress.push(mesh.remembering);
  });
  await network.clock.pass({ minutes: 2 });
  expect(witnessed(carol)).toBe(600);
  expect(progress[0]).toMatchObject({ wanted: 5000, isWaiting: false });
  const { remembering, remembered } = carol.view().mesh;
  expect(remembering).toBeNull();
  expect(remembered?.got).toBeGreaterThanOrEqual(600);
  expect([...(remembered?.from ?? [])].sort()).toEqual(["alice", "bob"]);
  expect(remembered?.givenUp).toEqual([]);
  expect(network.errors).toEqual([]);
});

/** So many restarts, each of another nara: what a sample always holds before anything else. */
const upheaval = (network: Network, count: number): readonly SyncEvent[] =>
  Array.from({ length: count }, (_, at) => {
    const tsNs = network.clock.nowNs() - 3_600_000_000_000n - BigInt(at);
    const told = { type: "restart", importance: 3n, restart_num: 1n, start_time: 5n };
    const payload = { observer: "witness", subject: `t${at}`, ...told };
    return signSyncEvent(newSyncEvent("observation", tsNs, payload), "witness", witness.keyPair);
  });

test("where samples bring the same again and again, neighbours are asked page by page", async () => {
  const network = createNetwork({ meshLatencyMs: 10 });
  const alice = network.join("alice", { meshIp: "100.64.0.1" });
  const bob = network.join("bob", { meshIp: "100.64.0.2" });
  await network.clock.pass({ minutes: 3 });
  for (const nara of [alice, bob]) await knowing(nara, upheaval(network, 3500));
  const carol = network.join("carol", { meshIp: "100.64.0.3" });
  carol.runtime.keyring.pin("witness", witness.id, witness.publicKey);
  await network.clock.pass({ minutes: 2 });
  expect(witnessed(carol)).toBe(3500);
  expect(carol.view().mesh.remembered?.givenUp).toEqual([]);
  expect(questions(network, "carol").length).toBeLessThan(20);
});

test("a checkpoint whose witnesses have not told their ids yet is asked for again", async () => {
  const network = createNetwork();
  const join = (name: string, at: number) => network.join(name, { meshIp: `100.64.0.${at + 1}` });
  const alice = join("alice", 0);
  for (let at = 1; at < 13; at++) join(`voter-${at}`, at);
  await network.clock.pass({ minutes: 8 });
  expect(alice.checkpoints.ask()).toMatchObject({ ok: true });
  await network.clock.pass({ minutes: 4 });
  expect(alice.checkpoints.chain("alice")).toHaveLength(1);

  const ivan = join("ivan", 13);
  await network.clock.pass({ minutes: 1 });
  expect(ivan.checkpoints.chain("alice")).toEqual([]);
  expect(ivan.view().drops.map(({ reason }) => reason)).toContain("unknown_voter");
  await network.clock.pass({ minutes: 6 });
  expect(ivan.checkpoints.chain("alice")).toEqual(alice.checkpoints.chain("alice"));
  const asked = questions(network, "ivan").length;
  await network.clock.pass({ minutes: 10 });
  expect(questions(network, "ivan")).toHaveLength(asked);
});

test("who has told all is not asked again, and nobody is asked in a loop", async () => {
  const network = createNetwork();
  const names = ["alice", "bob", "carol", "dave"];
  for (const [at, name] of names.entries()) network.join(name, { meshIp: `100.64.0.${at + 1}` });
  await network.clock.pass({ minutes: 4 });
  network.join("erin", { meshIp: "100.64.0.9" });
  await network.clock.pass({ minutes: 3 });
  const samples = questions(network, "erin").filter(({ mode }) => mode === "sample");
  const pages = questions(network, "erin").filter(({ mode }) => mode === "page");
  expect([samples.length, pages.length]).toEqual([4, 4]);
  const before = network.mesh.traffic.length;
  await network.clock.pass({ hours: 2 });
  const later = network.mesh.traffic.slice(before).map(({ request }) => request);
  // When erin was born, whom nobody had met before.
  const asked = later.filter(({ target }) => target === "/events/sync");
  for (const { body } of asked) expect(fromUtf8(body)).toContain('"subjects":["erin"]');
  expect(asked.length).toBeLessThanOrEqual(3 * names.length);
  expect(later.filter(({ target }) => target.startsWith("/peer/query"))).toEqual([]);
});

test("a relay that dies in the middle costs nothing: what came stays, the rest is asked for later", async () => {
  const network = createNetwork({ meshLatencyMs: 400 });
  const alice = network.join("alice", { meshIp: "100.64.0.1" });
  await network.clock.pass({ minutes: 3 });
  await knowing(alice, history(network, 2500));
  const carol = network.join("carol", { meshIp: "100.64.0.3" });
  carol.runtime.keyring.pin("witness", witness.id, witness.publicKey);
  await network.clock.pass({ seconds: 32 });
  const half = carol.view().mesh.remembering;
  expect(half?.got).toBeGreaterThan(900);
  expect(half).toMatchObject({ wanted: 5000, from: ["alice"], isWaiting: false });

  network.mesh.unplug("100.64.0.3");
  await network.clock.pass({ minutes: 5 });
  const waiting = carol.view().mesh.remembering;
  expect(waiting?.got).toBeGreaterThanOrEqual(half?.got ?? 0);
  expect(waiting).toMatchObject({ isWaiting: true, givenUp: [] });
  const asked = questions(network, "carol").length;

  network.mesh.plugIn("100.64.0.3");
  await network.clock.pass({ minutes: 1 });
  expect(questions(network, "carol").length).toBeGreaterThan(asked);
  const { remembering, remembered } = carol.view().mesh;
  expect(remembering).toBeNull();
  expect(remembered).toMatchObject({ from: ["alice"], givenUp: [] });
  expect(remembered?.got).toBeGreaterThan(half?.got ?? 0);
  expect(witnessed(carol)).toBeGreaterThan(1500);
});

test("a neighbour that falls silent is given a rest, then given up; the others tell all the same", async () => {
  const network = createNetwork();
  network.join("alice", { meshIp: "100.64.0.1" });
  const bob = network.join("bob", { meshIp: "100.64.0.2" });
  await network.clock.pass({ minutes: 3 });
  await knowing(bob, history(network, 50));
  const carol = network.join("carol", { meshIp: "100.64.0.3" });
  carol.runtime.keyring.pin("witness", witness.id, witness.publicKey);
  await network.clock.pass({ seconds: 20 });
  network.mesh.cut("100.64.0.1");
  await network.clock.pass({ minutes: 8 });
  expect(witnessed(carol)).toBe(50);
  expect(carol.view().mesh.remembered).toMatchObject({ givenUp: ["alice"], from: ["bob"] });
});

test("a peer whose answers are not its own is given up at once, and counted", async () => {
  const network = createNetwork();
  network.join("alice", { meshIp: "100.64.0.1" });
  await network.clock.pass({ minutes: 3 });
  network.mesh.tamper((response) => ({ ...response, body: response.body.map((byte) => byte ^ 1) }));
  const carol = network.join("carol", { meshIp: "100.64.0.3" });
  await network.clock.pass({ minutes: 2 });
  expect(carol.view().mesh.remembered).toMatchObject({ got: 0, from: [], givenUp: ["alice"] });
});

test("a nara alone waits for somebody to ask, asks nobody, and asks the first who comes", async () => {
  const network = createNetwork();
  const carol = network.join("carol", { meshIp: "100.64.0.3" });
  await network.clock.pass({ minutes: 30 });
  expect(carol.view().mesh).toMatchObject({ remembering: null, remembered: null });
  const alice = network.join("alice", { meshIp: "100.64.0.1" });
  await knowing(alice, history(network, 20));
  carol.runtime.keyring.pin("witness", witness.id, witness.publicKey);
  await network.clock.pass({ minutes: 2 });
  expect(witnessed(carol)).toBe(20);
});

test("a long memory catches up now and then: the last hundred, of one or two who remember long", async () => {
  const network = createNetwork();
  const long = { memory: memoryProfile("medium") };
  network.join("alice", { meshIp: "100.64.0.1", ...long });
  network.join("bob", { meshIp: "100.64.0.2", ...long });
  network.join("carol", { meshIp: "100.64.0.3" });
  await network.clock.pass({ hours: 3 });
  const recent = questions(network, "alice").filter(({ mode }) => mode === "recent");
  expect(recent.length).toBeGreaterThanOrEqual(4);
  expect(recent.length).toBeLessThanOrEqual(7);
  expect(recent.every(({ limit }) => limit === 100)).toBe(true);
  expect(questions(network, "carol").filter(({ mode }) => mode === "recent")).toEqual([]);
});

test("an observation that a zine never brought is caught up with, however much was said since", async () => {
  const network = createNetwork();
  const long = { memory: memoryProfile("medium") };
  const alice = network.join("alice", { meshIp: "100.64.0.1", ...long });
  const bob = network.join("bob", { meshIp: "100.64.0.2", ...long });
  await network.clock.pass({ minutes: 10 });
  alice.runtime.keyring.pin("witness", witness.id, witness.publicKey);
  await knowing(bob, [...history(network, 300), ...upheaval(network, 301).slice(-1)]);
  expect(witnessed(alice)).toBe(0);
  await network.clock.pass({ minutes: 40 });
  const observed = alice.runtime.ledger.byService("observation").filter(isWitnessed);
  expect(observed.length).toBe(1);
});

test("whoever asks and is not known is looked up among neighbours, once, and known the next time", async () => {
  const network = createNetwork();
  const alice = network.join("alice", { meshIp: "100.64.0.1" });
  network.join("bob", { meshIp: "100.64.0.2" });
  await network.clock.pass({ minutes: 1 });
  alice.setTransport("gossip");
  await network.clock.pass({ seconds: 1 });
  const dave = network.join("dave", { meshIp: "100.64.0.4" });
  await network.clock.pass({ seconds: 10 });
  expect(alice.runtime.keyring.keyOf("dave")).toBeUndefined();
  dave.runtime.keyring.pin("alice", alice.runtime.me.id, alice.runtime.me.publicKey);
  dave.runtime.mesh.peers.prove("alice", "100.64.0.1");
  const ask = async () => {
    const answer = dave.runtime.mesh.client.sync("alice", { mode: "recent", limit: 1 });
    await network.clock.settle();
    return answer;
  };
  expect(await ask()).toMatchObject({ ok: false });
  expect(alice.runtime.keyring.keyOf("dave")).toBe(dave.runtime.me.publicKey);
  expect(alice.runtime.mesh.peers.addressesOf("dave")).toEqual(["100.64.0.4"]);
  expect(await ask()).toMatchObject({ ok: true });
});

test("where nobody can be called the plaza is asked, once, and answers prove themselves", async () => {
  const network = createNetwork();
  const [alice, dave] = [network.join("alice"), network.join("dave")];
  await network.clock.pass({ minutes: 1 });
  const teasing = alice.tease("dave");
  await network.clock.settle();
  expect(await teasing).toMatchObject({ ok: true, value: { way: "plaza" } });
  await network.clock.pass({ minutes: 3 });
  const missed = alice.runtime.ledger
    .byService("social")
    .filter(({ payload }) => payload.type === "tease");
  expect(missed.map(({ emitter }) => emitter)).toContain("alice");
  const fox = network.join("fox");
  await network.clock.pass({ hours: 1 });
  const requests = network.said("nara/ledger/", "fox").filter(({ Subjects }) => Subjects);
  expect(requests.length).toBe(2);
  for (const { id } of missed) expect(fox.runtime.ledger.standingOf(id)?.tier).toBe("proven");
  expect(dave.view().mesh.missing).toContain("memories");
});

test("who slept asks two neighbours for what it slept through, and tells nobody's birth anew", async () => {
  const network = createNetwork({ meshLatencyMs: 10 });
  for (const at of [1, 2, 3]) network.join(`old${at}`, { meshIp: `100.64.0.${at}` });
  const { nara: tab, machine } = openTab(network, "tab", "100.64.0.9");
  await network.clock.pass({ minutes: 10 });
  machine.freeze();
  await network.clock.pass({ minutes: 10 });
  network.join("newborn", { meshIp: "100.64.0.4" });
  await network.clock.pass({ minutes: 50 });
  const before = questions(network, "tab").length;
  machine.thaw();
  await network.clock.pass({ minutes: 1 });
  const asked = questions(network, "tab").slice(before);
  expect(asked.map(({ mode }) => mode)).toEqual(["page", "page"]);
  const births = tab.runtime.ledger
    .about("newborn")
    .filter((event) => event.svc === "observation" && event.payload.type === "first-seen")
    .map(({ emitter }) => emitter);
  expect(births).toContain("old1");
  expect(births).not.toContain("tab");
});

test("a nap of less than two minutes is nothing to catch up on", async () => {
  const network = createNetwork({ meshLatencyMs: 10 });
  network.join("old", { meshIp: "100.64.0.1" });
  const { machine } = openTab(network, "tab", "100.64.0.9");
  await network.clock.pass({ minutes: 10 });
  const before = questions(network, "tab").length;
  machine.freeze();
  await network.clock.pass({ seconds: 100 });
  machine.thaw();
  await network.clock.pass({ minutes: 2 });
  expect(questions(network, "tab").length).toBe(before);
});

test("who wakes brings nobody a zine before all could hear that it lived on", async () => {
  const network = createNetwork({ meshLatencyMs: 10 });
  network.join("old", { meshIp: "100.64.0.1" });
  const { machine } = openTab(network, "tab", "100.64.0.9");
  await network.clock.pass({ minutes: 10 });
  machine.freeze();
  await network.clock.pass({ minutes: 20 });
  const before = network.mesh.traffic.length;
  machine.thaw();
  const brought = () =>
    network.mesh.traffic
      .slice(before)
      .filter(({ from, request }) => from === "100.64.0.9" && request.target === "/gossip/zine");
  await network.clock.pass({ seconds: 59 });
  expect(brought()).toEqual([]);
  await network.clock.pass({ minutes: 10 });
  expect(brought().length).toBeGreaterThan(0);
});
