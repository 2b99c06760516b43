import { expect, onTestFinished, test } from "vitest";
import { createNetwork, type Network, onlineStates } from "../../tests/support/network.ts";
import { fromUtf8 } from "./codec/utf8.ts";
import { newSyncEvent } from "./events/sync-event.ts";
import { memoryProfile } from "./identity/memory-mode.ts";

/** Several naras on one plaza, under virtual time, of whom none may log an error. */
function network(): Network {
  const made = createNetwork();
  onTestFinished(() => expect(made.errors).toEqual([]));
  return made;
}

test("two naras meet: hey_there, howdy, newspapers, and each lists the other", async () => {
  const { clock, join, said } = network();
  const alice = join("alice");
  await clock.pass({ seconds: 20 });
  const bob = join("bob");
  await clock.pass({ seconds: 20 });
  expect(onlineStates(alice)).toEqual({ bob: "ONLINE" });
  expect(onlineStates(bob)).toEqual({ alice: "ONLINE" });
  expect(bob.view().neighbours[0]).toMatchObject({ greetedMe: true });
  expect(said("nara/plaza/hey_there").map(({ emitter }) => emitter)).toEqual(["alice", "bob"]);
  expect(said("nara/plaza/howdy", "alice")[0]).toMatchObject({ From: "alice", To: "bob", Seq: 1 });
  expect(alice.view().drops).toEqual([]);
});

test("a nara that only ever listens to the plaza stays evident: never 300 s without evidence", async () => {
  const { clock, broker, join } = network();
  const alice = join("alice");
  const bob = join("bob");
  await clock.pass({ hours: 2 });
  const evidence = broker.traffic.filter(
    ({ from, topic }) => from === "alice" && /hey_there|social/.test(topic),
  );
  const times = evidence.map(({ payload }) =>
    BigInt(/"ts":(\d+)/.exec(fromUtf8(payload))?.[1] ?? 0),
  );
  const gapsS = times
    .slice(1)
    .map((time, index) => Number((time - times[index]!) / 1_000_000_000n));
  expect(times.length).toBeGreaterThan(7200 / 300);
  expect(Math.max(...gapsS)).toBeLessThan(300);
  expect(onlineStates(bob)).toEqual({ alice: "ONLINE" });
  expect(bob.view().neighbours[0]?.restarts).toBe(0);
  const heyTheres = broker.traffic.filter(({ topic }) => topic.endsWith("hey_there"));
  expect(heyTheres).toHaveLength(2);
  expect(alice.view().drops).toEqual([]);
});

test("stopping says chau, once, and the others know at once", async () => {
  const { clock, join, said } = network();
  const alice = join("alice");
  const bob = join("bob");
  await clock.pass({ seconds: 30 });
  void alice.stop();
  expect(said("nara/plaza/chau", "alice")).toHaveLength(1);
  await clock.advance(10);
  expect(onlineStates(bob)).toEqual({ alice: "OFFLINE" });
  await clock.pass({ minutes: 10 });
  expect(said("nara/plaza/chau", "alice")).toHaveLength(1);
  expect(onlineStates(bob)).toEqual({ alice: "OFFLINE" });
});

test("who leaves before anybody heard of it says no chau, which nobody could verify", async () => {
  const { clock, join, said } = network();
  const bob = join("bob");
  await clock.pass({ seconds: 30 });
  const alice = join("alice");
  await clock.advance(100);
  expect(alice.view().plaza.state).toBe("open");
  expect(said("nara/plaza/hey_there", "alice")).toEqual([]);
  void alice.stop();
  await clock.pass({ seconds: 10 });
  expect(said("nara/", "alice")).toEqual([]);
  expect(onlineStates(bob)).toEqual({});
});

test("who vanishes without a word is missing after eight minutes, and did not restart if it lived on", async () => {
  const { clock, broker, join } = network();
  join("alice");
  const bob = join("bob");
  await clock.pass({ minutes: 4 });
  broker.refuseWith("gone");
  broker.cut("alice");
  await clock.pass({ minutes: 1 });
  expect(onlineStates(bob)).toEqual({ alice: "ONLINE" });
  await clock.pass({ minutes: 8 });
  expect(onlineStates(bob)).toEqual({ alice: "MISSING" });
  broker.refuseWith(undefined);
  await clock.pass({ minutes: 1 });
  expect(onlineStates(bob)).toEqual({ alice: "ONLINE" });
  expect(bob.view().neighbours[0]?.restarts).toBe(0);
});

test("who is missing and comes back as a newborn has restarted", async () => {
  const { clock, broker, join } = network();
  join("alice");
  const bob = join("bob");
  await clock.pass({ minutes: 4 });
  broker.refuseWith("gone");
  broker.cut("alice");
  await clock.pass({ minutes: 9 });
  expect(onlineStates(bob)).toEqual({ alice: "MISSING" });
  broker.refuseWith(undefined);
  join("alice");
  await clock.pass({ seconds: 7 });
  expect(onlineStates(bob)).toEqual({ alice: "ONLINE" });
  expect(bob.view().neighbours[0]?.restarts).toBe(1);
});

test("a nara that slept for a night accuses nobody", async () => {
  const { clock, join } = network();
  const alice = join("alice");
  const bob = join("bob");
  await clock.pass({ minutes: 10 });
  await clock.sleep({ hours: 8 });
  await clock.pass({ minutes: 10 });
  expect(onlineStates(alice)).toEqual({ bob: "ONLINE" });
  expect(onlineStates(bob)).toEqual({ alice: "ONLINE" });
  expect(alice.view().neighbours[0]?.restarts).toBe(0);
});

test("at most ten howdys answer one hey_there, however many are there", async () => {
  const { clock, join, said } = network();
  for (let n = 0; n < 14; n++) join(`nara-${n}`);
  await clock.pass({ seconds: 60 });
  join("newcomer");
  await clock.pass({ seconds: 20 });
  const howdys = said("nara/plaza/howdy").filter(({ To }) => To === "newcomer");
  expect(howdys.length).toBeGreaterThanOrEqual(3);
  expect(howdys.length).toBeLessThanOrEqual(10);
  expect(howdys.map(({ Seq }) => Seq)).toEqual(howdys.map((_, index) => index + 1));
});

test("what a broker kept from earlier is not believed", async () => {
  const { clock, broker, join, said } = network();
  join("alice");
  await clock.pass({ seconds: 20 });
  const [hello] = said("nara/plaza/hey_there");
  const heyThere = broker.traffic.find(({ topic }) => topic.endsWith("hey_there"));
  expect(hello?.emitter).toBe("alice");
  broker.inject("nara/plaza/hey_there", heyThere!.payload, { retained: true });
  const bob = join("bob");
  await clock.advance(100);
  expect(onlineStates(bob)).toEqual({});
  expect(bob.view().drops).toMatchObject([{ reason: "retained", count: 1 }]);
});

test("somebody with another key under a known name is refused, and shown", async () => {
  const { clock, broker, join, said } = network();
  join("alice");
  const bob = join("bob");
  await clock.pass({ seconds: 20 });
  const elsewhere = network();
  const impostor = elsewhere.join("alice", { seed: "m".repeat(32) });
  await elsewhere.clock.pass({ seconds: 20 });
  for (const { topic, payload } of elsewhere.broker.traffic) broker.inject(topic, payload);
  await clock.pass({ seconds: 1 });
  expect(said("nara/plaza/hey_there").length).toBe(3);
  const alice = bob.view().neighbours.find(({ name }) => name === "alice");
  expect(alice?.keyConflicts).toBeGreaterThan(0);
  expect(alice?.id).not.toBe(impostor.view().me.id);
  expect(bob.view().timeline.some(({ kind }) => kind === "key-conflict")).toBe(true);
});

test("a snapshot plus the deltas that follow is the next snapshot", async () => {
  const { clock, join } = network();
  const alice = join("alice");
  const neighbours = new Map(alice.view().neighbours.map((entry) => [entry.name, entry]));
  let { me, plaza } = alice.view();
  const lines: string[] = [];
  alice.watch((delta) => {
    for (const neighbour of delta.neighbours ?? []) neighbours.set(neighbour.name, neighbour);
    for (const name of delta.gone ?? []) neighbours.delete(name);
    for (const { id } of delta.timeline ?? []) lines.push(id);
    me = delta.me ?? me;
    plaza = delta.plaza ?? plaza;
  });
  join("bob");
  const carol = join("carol");
  await clock.pass({ minutes: 5 });
  void carol.stop();
  await clock.pass({ seconds: 2 });
  const view = alice.view();
  expect([...neighbours.values()]).toEqual(view.neighbours);
  expect(plaza).toEqual(view.plaza);
  expect(me).toEqual(view.me);
  expect(view.timeline.map(({ id }) => id)).toEqual(lines.slice(-100));
});

test("what is remembered is told at most twice a second, and only to those who watch", async () => {
  const { clock, join } = network();
  const alice = join("alice");
  await clock.pass({ seconds: 20 });
  const told: number[] = [];
  alice.watch(({ memory }) => {
    if (memory !== undefined) told.push(memory.held);
  });
  const before = alice.view().memory.held;
  const tease = (at: number) =>
    newSyncEvent("social", clock.nowNs() - BigInt(at + 1), {
      type: "tease",
      actor: "ann",
      target: "bob",
    });
  for (let at = 0; at < 1000; at++) alice.runtime.ledger.add(tease(at));
  expect(told).toEqual([]);
  await clock.pass({ seconds: 1 });
  expect(told).toEqual([before + 1000]);
});

test("old memories that come back are no news, but are remembered", async () => {
  const { clock, join } = network();
  const alice = join("alice");
  await clock.pass({ seconds: 20 });
  const chau = (agoS: bigint) =>
    newSyncEvent("chau", clock.nowNs() - agoS * 1_000_000_000n, { From: "ann", PublicKey: "k" });
  const [old, fresh] = [chau(4000n), chau(3000n)];
  alice.runtime.ledger.add(old);
  alice.runtime.ledger.add(fresh);
  const ids = alice.view().timeline.map(({ id }) => id);
  expect([ids.includes(old.id), ids.includes(fresh.id)]).toEqual([false, true]);
  const query = { kinds: ["chau"], name: "ann", cursor: "", limit: 9 };
  expect(alice.recall.page(query).entries.map(({ id }) => id)).toEqual([fresh.id, old.id]);
});

test("with less room a nara forgets at once, and says so in what it publishes", async () => {
  const { clock, join, said } = network();
  const alice = join("alice");
  join("bob");
  await clock.pass({ minutes: 10 });
  expect(said("nara/newspaper", "alice").at(-1)).toMatchObject({
    Status: { memory_mode: "short" },
  });
  alice.setMemory({ ...memoryProfile("custom"), maxEvents: 2 });
  expect(alice.view().memory).toMatchObject({ mode: "custom", capacity: 2, held: 2 });
  const gone = alice.view().memory.kinds.flatMap(({ forgotten }) => forgotten.capacity ?? 0);
  expect(gone.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
  await clock.pass({ minutes: 10 });
  expect(said("nara/newspaper", "alice").at(-1)).toMatchObject({
    Status: { memory_mode: "custom", memory_max_events: 2 },
  });
});
