/** Zines, words and ways of talking in small networks, under virtual time. */
import { expect, test } from "vitest";
import { fromUtf8, utf8 } from "../src/nara/codec/utf8.ts";
import { encodeSyncEvent, newSyncEvent, signSyncEvent } from "../src/nara/events/sync-event.ts";
import type { Nara } from "../src/nara/nara.ts";
import { personNamed } from "../src/nara/testing/mesh-nara.ts";
import { createNetwork, type Network, onlineStates } from "./support/network.ts";

const asked = (network: Network, path: string, at?: string) =>
  network.mesh.traffic.filter(
    ({ baseUrl, request }) =>
      request.target.startsWith(path) && (at === undefined || baseUrl.includes(at)),
  );

const village = (network: Network, names: readonly string[]): readonly Nara[] =>
  names.map((name, at) => network.join(name, { meshIp: `100.64.0.${at + 1}` }));

test("zines flow both ways between two naras, and both count them", async () => {
  const network = createNetwork();
  const [alice, bob] = village(network, ["alice", "bob"]);
  await network.clock.pass({ minutes: 2 });
  for (const nara of [alice, bob]) {
    const { zines, mode, missing, peers } = nara?.view().mesh ?? {};
    expect(zines?.given).toBeGreaterThan(0);
    expect(zines?.taken).toBeGreaterThan(0);
    expect(zines?.lastTakenAtMs).toBeGreaterThan(0);
    expect({ mode, missing, peers }).toEqual({ mode: "hybrid", missing: [], peers: 1 });
  }
  expect(asked(network, "/gossip/zine", "100.64.0.1").length).toBeGreaterThan(0);
  expect(asked(network, "/gossip/zine", "100.64.0.2").length).toBeGreaterThan(0);
  expect(network.errors).toEqual([]);
});

test("what one nara noticed reaches all five by zines alone", async () => {
  const network = createNetwork();
  const naras = village(network, ["alice", "bob", "carol", "dave", "fox"]);
  await network.clock.pass({ minutes: 4 });
  network.join("newcomer");
  await network.clock.pass({ minutes: 10 });
  const sightings = naras.map((nara) =>
    nara.runtime.ledger.targeting("observation", "newcomer").map(({ payload }) => payload.type),
  );
  expect(sightings).toEqual(naras.map(() => expect.arrayContaining(["first-seen"])));
  expect(network.said("nara/plaza/observation")).toEqual([]);
  expect(network.errors).toEqual([]);
});

/** Dave, who remembers nothing of carol, sees her come back to a village that has known her for long. */
async function carolComesBack() {
  const network = createNetwork();
  const { clock, join } = network;
  village(network, ["alice", "bob"]);
  await clock.pass({ minutes: 4 });
  const carol = join("carol", { meshIp: "100.64.0.8" });
  await clock.pass({ minutes: 15 });
  await Promise.all([carol.stop(), clock.pass({ minutes: 1 })]);
  const dave = join("dave", { meshIp: "100.64.0.9" });
  await clock.pass({ minutes: 5 });
  dave.runtime.ledger.removeNara("carol");
  join("carol", { meshIp: "100.64.0.8" });
  return { network, dave };
}

/** What is told of her birth, by whom; Unix seconds. */
const birthsOfCarol = ({ runtime }: Nara) =>
  runtime.ledger.events().flatMap(({ emitter, svc, payload }) => {
    if (svc !== "observation" || payload.subject !== "carol" || payload.start_time === 0n)
      return [];
    return [{ emitter, startTimeS: Number(payload.start_time) }];
  });

const toldAsOthersTell = (dave: Nara): void => {
  const births = birthsOfCarol(dave);
  const his = births.find(({ emitter }) => emitter === "dave");
  const others = births.filter(({ emitter }) => emitter !== "dave");
  expect(others.length).toBeGreaterThan(0);
  for (const { startTimeS } of others) expect(his?.startTimeS).toBeCloseTo(startTimeS, -1);
};

test("who is new to me alone was born when others say, and I say so too", async () => {
  const { network, dave } = await carolComesBack();
  await network.clock.pass({ minutes: 15 });
  toldAsOthersTell(dave);
});

test("of whom no zine told, others are asked before I say when it was born", async () => {
  const { network, dave } = await carolComesBack();
  await network.clock.pass({ seconds: 290 });
  dave.runtime.ledger.removeNara("carol");
  await network.clock.pass({ minutes: 4 });
  const questions = asked(network, "/events/sync")
    .map(({ request }) => fromUtf8(request.body))
    .filter((body) => body.includes('"subjects":["carol"]') && body.includes('"from":"dave"'));
  expect(questions).toHaveLength(1);
  toldAsOthersTell(dave);
});

test("a crowd of invented names makes nobody ask without end", async () => {
  const network = createNetwork();
  village(network, ["alice", "bob"]);
  await network.clock.pass({ minutes: 4 });
  for (let at = 0; at < 200; at++) {
    const { id, name, publicKey, keyPair } = personNamed(`crowd-${at}`);
    const hello = newSyncEvent("hey-there", network.clock.nowNs(), {
      ...{ From: name, PublicKey: publicKey, MeshIP: "", ID: id },
    });
    const text = encodeSyncEvent(signSyncEvent(hello, name, keyPair));
    network.broker.inject("nara/plaza/hey_there", utf8(text), { from: name });
  }
  await network.clock.pass({ minutes: 7 });
  const questions = asked(network, "/events/sync")
    .map(({ request }) => fromUtf8(request.body))
    .filter((body) => body.includes('"from":"alice"') && body.includes('"subjects":["crowd-'));
  expect(questions.length).toBeGreaterThan(0);
  // In two minutes at most, as all of the crowd came at once.
  expect(questions.length).toBeLessThanOrEqual(2 * 30);
});

test("a zine holds what its maker said or heard from the author, and nothing third-hand", async () => {
  const network = createNetwork();
  const [alice] = village(network, ["alice", "bob"]) as [Nara, Nara];
  await network.clock.pass({ minutes: 1 });
  const carol = personNamed("carol");
  alice.runtime.keyring.pin("carol", carol.id, carol.publicKey);
  const pinged = (rtt: number) => {
    const payload = { observer: "carol", target: "bob", rtt };
    return signSyncEvent(
      newSyncEvent("ping", network.clock.nowNs(), payload),
      "carol",
      carol.keyPair,
    );
  };
  const [thirdHand, herOwn] = [pinged(12), pinged(13)];
  await alice.runtime.intake.take([thirdHand], { path: "zine", from: "bob" });
  await alice.runtime.intake.take([herOwn], { path: "zine", from: "carol" });
  expect(alice.runtime.ledger.has(thirdHand.id)).toBe(true);
  await network.clock.pass({ minutes: 1 });
  const told = asked(network, "/gossip/zine", "100.64.0.2").map(({ request }) =>
    fromUtf8(request.body),
  );
  expect(told.some((zine) => zine.includes(herOwn.id))).toBe(true);
  expect(told.some((zine) => zine.includes(thirdHand.id))).toBe(false);
});

test("the last zine carries the chau, to those who are not on the plaza too", async () => {
  const network = createNetwork();
  const [alice, bob] = village(network, ["alice", "bob"]);
  await network.clock.pass({ minutes: 3 });
  alice?.setTransport("gossip");
  await network.clock.pass({ seconds: 1 });
  const stopping = alice?.stop();
  await network.clock.pass({ seconds: 1 });
  await stopping;
  const chau = bob?.runtime.ledger.byService("chau").map(({ emitter }) => emitter);
  expect(chau).toEqual(["alice"]);
  expect(onlineStates(bob as Nara)).toMatchObject({ alice: "OFFLINE" });
});

test("by mqtt no zine is handed out, yet one that is brought is taken and answered", async () => {
  const network = createNetwork();
  const [alice, bob] = village(network, ["alice", "bob"]);
  alice?.setTransport("mqtt");
  await network.clock.pass({ minutes: 5 });
  expect(asked(network, "/gossip/zine", "100.64.0.2")).toEqual([]);
  expect(asked(network, "/gossip/zine", "100.64.0.1").length).toBeGreaterThan(0);
  expect(alice?.view().mesh).toMatchObject({ chosen: "mqtt", mode: "mqtt", missing: ["zines"] });
  expect(bob?.view().mesh.zines.taken).toBeGreaterThan(0);
});

test("by gossip alone a nara leaves the plaza, stays here for the others, and can come back", async () => {
  const network = createNetwork();
  const [alice, bob] = village(network, ["alice", "bob"]);
  await network.clock.pass({ minutes: 1 });
  alice?.setTransport("gossip");
  await network.clock.pass({ seconds: 1 });
  expect(alice?.view().plaza).toMatchObject({ state: "offline", nextTryAtMs: 0 });
  expect(alice?.view().mesh).toMatchObject({ mode: "gossip", missing: ["plaza"] });
  const said = network.broker.traffic.length;
  await network.clock.pass({ minutes: 20 });
  expect(network.broker.traffic.slice(said).filter(({ from }) => from === "alice")).toEqual([]);
  expect(onlineStates(bob as Nara)).toMatchObject({ alice: "ONLINE" });
  expect(onlineStates(alice as Nara)).toMatchObject({ bob: "ONLINE" });

  alice?.setTransport("hybrid");
  await network.clock.pass({ seconds: 10 });
  expect(alice?.view().plaza.state).toBe("open");
  expect(network.said("nara/plaza/hey_there", "alice").length).toBe(2);
});

test("the mode is told to others, and follows the address where none was chosen", async () => {
  const network = createNetwork();
  const [alice] = village(network, ["alice"]);
  const carol = network.join("carol");
  await network.clock.pass({ minutes: 1 });
  const modeOf = (name: string) =>
    network
      .said("nara/newspaper/", name)
      .map(({ Status }) => Status)
      .at(-1);
  expect(modeOf("alice")).toMatchObject({ transport_mode: "hybrid", MeshIP: "100.64.0.1" });
  expect(modeOf("carol")).toMatchObject({ transport_mode: "mqtt", MeshEnabled: false });
  expect(carol.view().mesh).toMatchObject({
    address: "",
    mode: "mqtt",
    missing: ["calls", "zines", "memories", "messages"],
  });
  expect(carol.view().mesh.trouble).not.toBe("");

  network.mesh.unplug("100.64.0.1");
  expect(alice?.view().mesh).toMatchObject({ address: "", mode: "mqtt" });
  network.mesh.plugIn("100.64.0.1");
  expect(alice?.view().mesh).toMatchObject({ mode: "hybrid", trouble: "" });
});

const tease = async (network: Network, nara: Nara | undefined, name: string) => {
  const teasing = nara?.tease(name);
  await network.clock.settle();
  return teasing;
};

test("a tease is brought by hand, once in five minutes", async () => {
  const network = createNetwork();
  const [alice, dave] = village(network, ["alice", "dave"]);
  await network.clock.pass({ minutes: 1 });
  const said = await tease(network, alice, "dave");
  expect(said).toMatchObject({ ok: true, value: { way: "hand", isKept: true } });
  expect(said?.ok && said.value.words).not.toBe("");
  const events = dave?.runtime.ledger
    .byService("social")
    .filter(({ emitter }) => emitter === "alice");
  expect(events?.map(({ payload }) => payload)).toContainEqual(
    expect.objectContaining({ type: "tease", actor: "alice", target: "dave" }),
  );
  expect(await tease(network, alice, "dave")).toMatchObject({ ok: false });
  await network.clock.pass({ minutes: 6 });
  expect(await tease(network, alice, "dave")).toMatchObject({ ok: true });
  expect(await tease(network, alice, "nobody")).toMatchObject({ ok: false });
  expect(await tease(network, alice, "alice")).toMatchObject({ ok: false });
});

test("a word to somebody whom nobody can call is said aloud on the plaza, and is heard there", async () => {
  const network = createNetwork();
  const [alice] = village(network, ["alice"]);
  const dave = network.join("dave");
  await network.clock.pass({ minutes: 1 });
  const said = await tease(network, alice, "dave");
  expect(said).toMatchObject({ ok: true, value: { way: "plaza" } });
  await network.clock.pass({ seconds: 1 });
  expect(dave.runtime.ledger.byService("social").map(({ payload }) => payload.type)).toContain(
    "tease",
  );
  expect(network.errors).toEqual([]);
});

test("without plaza and mesh nothing is said, and the refusal says so", async () => {
  const network = createNetwork();
  const alice = network.join("alice");
  const dave = network.join("dave");
  await network.clock.pass({ minutes: 1 });
  alice.setTransport("gossip");
  await network.clock.pass({ seconds: 1 });
  expect(await tease(network, alice, dave.name)).toMatchObject({
    ok: false,
    refusal: expect.stringContaining("neither the plaza"),
  });
});
