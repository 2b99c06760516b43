/**
 * Observing others, whole naras among themselves: who is missing, who restarted, who is forgotten,
 * and who must not be judged (docs/protocol/presence-and-life.md §5).
 */
import { expect, test } from "vitest";
import { fromUtf8, utf8 } from "../src/nara/codec/utf8.ts";
import type { Nara } from "../src/nara/nara.ts";
import type { PlazaTraffic } from "../src/nara/testing/in-memory-plaza.ts";
import { createNetwork, onlineStates } from "./support/network.ts";
import { openTab } from "./support/tab.ts";

const restartsOf = (nara: Nara, name: string): number | undefined =>
  nara.view().neighbours.find((neighbour) => neighbour.name === name)?.restarts;

const told = (nara: Nara, type: string) =>
  nara.runtime.ledger
    .events()
    .filter((event) => event.svc === "observation" && event.payload.type === type);

const missing = (nara: Nara) => told(nara, "status-change");

test("a tab frozen for eight hours judges nobody, and nobody books a restart of it", async () => {
  const network = createNetwork();
  const { clock, join } = network;
  const others = ["ana", "bob", "cleo"].map((name) => join(name));
  const { nara: tab, machine } = openTab(network, "tab");
  await clock.pass({ minutes: 10 });
  machine.freeze();
  await clock.pass({ hours: 8 });
  for (const other of others) expect(onlineStates(other).tab).toBe("MISSING");
  machine.thaw();
  await clock.pass({ minutes: 10 });
  expect(onlineStates(tab)).toEqual({ ana: "ONLINE", bob: "ONLINE", cleo: "ONLINE" });
  expect(missing(tab)).toEqual([]);
  expect(told(tab, "restart")).toEqual([]);
  for (const other of others) {
    expect(onlineStates(other).tab).toBe("ONLINE");
    expect(restartsOf(other, "tab")).toBe(0);
    expect(told(other, "restart")).toEqual([]);
  }
});

test("whoever thaws just after another does not take it for restarted, whatever it missed", async () => {
  for (const laterS of [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5]) {
    const network = createNetwork();
    const { clock, join } = network;
    join("ana");
    const first = openTab(network, "first");
    const later = openTab(network, "later");
    await clock.pass({ minutes: 5 });
    first.machine.freeze();
    await clock.pass({ minutes: 20 });
    later.machine.freeze();
    await clock.pass({ minutes: 10 });
    first.machine.thaw();
    await clock.pass({ seconds: laterS });
    later.machine.thaw();
    await clock.pass({ minutes: 5 });
    expect(onlineStates(later.nara)).toEqual({ ana: "ONLINE", first: "ONLINE" });
    expect(restartsOf(later.nara, "first")).toBe(0);
  }
});

test("who thaws says twice that it lived on, for one may be lost, and only then hey_there", async () => {
  const network = createNetwork();
  const { clock, broker, join } = network;
  join("ana");
  const { machine } = openTab(network, "tab");
  await clock.pass({ minutes: 5 });
  machine.freeze();
  await clock.pass({ hours: 1 });
  const before = broker.traffic.length;
  machine.thaw();
  await clock.pass({ minutes: 1 });
  const said = broker.traffic.slice(before).filter(({ from }) => from === "tab");
  expect(said.slice(0, 3).map(({ topic }) => topic)).toEqual([
    "nara/plaza/social",
    "nara/plaza/social",
    "nara/plaza/hey_there",
  ]);
});

test("a howdy of one who left, said again when its hearer comes back, brings nobody back", async () => {
  const { clock, broker, join } = createNetwork();
  const ana = join("ana");
  const bob = join("bob");
  await clock.pass({ minutes: 5 });
  const cleo = join("cleo");
  await clock.pass({ minutes: 5 });
  const topic = "nara/plaza/howdy";
  const isToCleo = ({ payload }: PlazaTraffic) => fromUtf8(payload).includes('"To":"cleo"');
  const howdy = broker.traffic.find(
    (one) => one.topic === topic && one.from === "bob" && isToCleo(one),
  )!;
  await Promise.all([bob.stop(), clock.pass({ minutes: 1 })]);
  await Promise.all([cleo.stop(), clock.pass({ minutes: 1 })]);
  join("cleo", { seed: "cleo of the seed" });
  await clock.pass({ seconds: 8 });
  // Its signature covers three words of it, so that it can be altered into one never heard before.
  broker.inject(topic, utf8(`${fromUtf8(howdy.payload)} `), { from: "mallory" });
  await clock.pass({ seconds: 2 });
  expect(onlineStates(ana)).toEqual({ bob: "OFFLINE", cleo: "ONLINE" });
  expect(restartsOf(ana, "bob")).toBe(0);
});

test("who answers a call is not missing, however silent it is on the plaza", async () => {
  const { clock, broker, mesh, join } = createNetwork({ meshLatencyMs: 20 });
  const ana = join("ana", { meshIp: "100.64.0.1" });
  join("bob", { meshIp: "100.64.0.2" });
  await clock.pass({ minutes: 4 });
  broker.refuseWith("gone");
  broker.cut("bob");
  await clock.pass({ minutes: 20 });
  expect(onlineStates(ana).bob).toBe("ONLINE");
  expect(missing(ana)).toEqual([]);
  const pings = ana.runtime.ledger.events().filter(({ svc }) => svc === "ping");
  expect(pings.length).toBeGreaterThan(0);
  mesh.unplug("100.64.0.2");
  await clock.pass({ minutes: 8 });
  expect(onlineStates(ana).bob).toBe("MISSING");
});

test("who cannot be called is given the time of one more piece of evidence: two in a row may be lost", async () => {
  const { clock, broker, join } = createNetwork();
  const ana = join("ana");
  join("bob");
  await clock.pass({ minutes: 4 });
  broker.refuseWith("gone");
  broker.cut("bob");
  const bob = ana.view().neighbours.find(({ name }) => name === "bob")!;
  const silentMs = Number(clock.nowNs() / 1_000_000n) - bob.lastSeenAtMs;
  await clock.pass({ ms: 480_000 - silentMs });
  expect(onlineStates(ana).bob).toBe("ONLINE");
  await clock.pass({ seconds: 10 });
  expect(onlineStates(ana).bob).toBe("MISSING");
});

test("of five who see somebody go, each tells it once at most", async () => {
  const { clock, broker, join } = createNetwork({ meshLatencyMs: 5 });
  const observers = ["ana", "bob", "cleo", "dora", "emil"].map((name, at) =>
    join(name, { meshIp: `100.64.0.${at + 1}` }),
  );
  join("zoe");
  await clock.pass({ minutes: 4 });
  broker.refuseWith("gone");
  broker.cut("zoe");
  await clock.pass({ minutes: 12 });
  for (const nara of observers) expect(onlineStates(nara).zoe).toBe("MISSING");
  const reporters = observers.flatMap((nara) =>
    missing(nara)
      .map(({ emitter }) => emitter)
      .filter((emitter) => emitter === nara.name),
  );
  expect(reporters.length).toBeGreaterThanOrEqual(1);
  expect(new Set(reporters).size).toBe(reporters.length);
});

test("who stays away for longer than a day is forgotten, with all that was known of it", async () => {
  const { clock, join } = createNetwork();
  const ana = join("ana");
  join("bob");
  const brief = join("brief");
  await clock.pass({ minutes: 5 });
  void brief.stop();
  await clock.pass({ hours: 23 });
  expect(onlineStates(ana)).toEqual({ bob: "ONLINE", brief: "OFFLINE" });
  await clock.pass({ hours: 2 });
  expect(onlineStates(ana)).toEqual({ bob: "ONLINE" });
  expect(ana.runtime.ledger.about("brief")).toEqual([]);
  expect(ana.runtime.keyring.keyOf("brief")).toBeUndefined();
}, 60_000);
