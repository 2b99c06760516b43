/**
 * A nara that only listens, by what the protocol says of read-only naras. Each test is named after a
 * statement and says where it stands; docs/differences.md, "read-only", tells what is ours.
 */
import { expect, test } from "vitest";
import { utf8 } from "../src/nara/codec/utf8.ts";
import { openManners } from "../src/nara/manners.ts";
import type { Nara } from "../src/nara/nara.ts";
import { personNamed } from "../src/nara/testing/mesh-nara.ts";
import { createNetwork, type Network, onlineStates } from "./support/network.ts";

const listening = { ...openManners, readOnly: true };
const addressOf = { ana: "100.64.0.1", bob: "100.64.0.2", carol: "100.64.0.3", dave: "100.64.0.4" };

/** ana only listens from the start; the others do not. */
async function village() {
  const network = createNetwork({ meshLatencyMs: 2 });
  const join = (name: keyof typeof addressOf): Nara =>
    network.join(name, {
      meshIp: addressOf[name],
      ...(name === "ana" && { manners: listening }),
    });
  const naras = { ana: join("ana"), bob: join("bob"), carol: join("carol"), dave: join("dave") };
  await network.clock.pass({ minutes: 4 });
  return { ...network, ...naras, network };
}

const saidBy = ({ broker }: Network, name: string) =>
  broker.traffic.filter(({ from }) => from === name);

const askedBy = ({ mesh }: Network, name: keyof typeof addressOf, path = "/") =>
  mesh.traffic.filter(
    ({ from, request }) => from === addressOf[name] && request.target.startsWith(path),
  );

/** ana said no hey_there, so somebody else has to tell who and where she is. */
function tellOfAna(of: Nara, ana: Nara): void {
  of.runtime.mesh.peers.prove("ana", addressOf.ana);
  of.runtime.keyring.pin("ana", ana.runtime.me.id, ana.runtime.me.publicKey);
}

const afterAnHour = await (async () => {
  const scene = await village();
  await scene.clock.pass({ hours: 1 });
  return scene;
})();

test("read-only naras publish nothing (presence-and-life §1)", async () => {
  const { network, clock, ana } = afterAnHour;
  expect(saidBy(network, "ana")).toEqual([]);
  expect(saidBy(network, "bob")).not.toEqual([]);
  await Promise.all([ana.stop(), clock.pass({ seconds: 5 })]);
  expect(saidBy(network, "ana")).toEqual([]);
  expect(network.errors).toEqual([]);
});

test("a read-only nara marks online and starts no howdy coordinator (presence-and-life, Oracles)", async () => {
  const { network, ana } = await village();
  expect(onlineStates(ana)).toEqual({ bob: "ONLINE", carol: "ONLINE", dave: "ONLINE" });
  expect(network.said("nara/plaza/howdy", "ana")).toEqual([]);
  expect(network.said("nara/plaza/howdy").length).toBeGreaterThan(0);
});

test.each([
  ["boot recovery is not for read-only naras, nor is background sync (§3)", "/events/sync"],
  ["a round of zines is skipped if read-only (events-and-ledger §7)", "/gossip/zine"],
  ["a read-only nara pings nobody for its place on the map (reference, coordinates)", "/ping"],
  ["a read-only nara asks nobody anything over the mesh (reference: it has none)", "/"],
])("%s", (_statement, path) => {
  const { network } = afterAnHour;
  expect(askedBy(network, "ana", path)).toEqual([]);
  expect(askedBy(network, "bob", path)).not.toEqual([]);
});

test("without a mesh a verification ping fails: who falls silent goes MISSING uncalled (§5)", async () => {
  const { network, clock, ana, bob } = await village();
  // bob's way to the plaza breaks for good, and he says no chau; he could still be called.
  bob.runtime.keepToPlaza(false, "his way there is broken");
  await clock.pass({ minutes: 15 });
  expect(onlineStates(ana).bob).toBe("MISSING");
  expect(askedBy(network, "ana")).toEqual([]);
});

test("nobody finds out for a read-only nara who somebody unknown is (it asks nobody)", async () => {
  const { network, clock, ana, mesh } = await village();
  const { publicKey } = personNamed("erin");
  mesh.list({ name: "erin", publicKey, meshIp: addressOf.bob });
  const erin = network.join("erin", { meshIp: "100.64.0.5", transport: "gossip" });
  tellOfAna(erin, ana);
  const asked = erin.runtime.mesh.client.sync("ana", { mode: "recent", limit: 1 });
  await clock.pass({ seconds: 5 });
  expect(await asked).toMatchObject({ ok: false, refusal: { status: 401 } });
  expect(askedBy(network, "ana")).toEqual([]);
});

test("a postcard brought to it: 503 World journey not initialized (mesh-runtime-checkpoints §1)", async () => {
  const { network, clock, ana, bob } = await village();
  tellOfAna(bob, ana);
  const card = { id: "AAAAAAAAAAAAAAAAAAAAAA==", message: "hello", originator: "bob", hops: [] };
  const brought = bob.runtime.mesh.client.relay("ana", card);
  await clock.pass({ seconds: 1 });
  expect(await brought).toMatchObject({
    ok: false,
    refusal: { status: 503, why: expect.stringContaining("World journey not initialized") },
  });
  expect(askedBy(network, "ana")).toEqual([]);
});

test("a read-only nara does not answer requests for memories over the plaza (reference)", async () => {
  const { network, clock, broker } = await village();
  for (const name of ["ana", "bob"]) {
    broker.inject(`nara/ledger/${name}/request`, utf8('{"From":"zoe","Subjects":["bob"]}'));
  }
  await clock.pass({ seconds: 5 });
  expect(network.said("nara/ledger/zoe/response").map(({ From }) => From)).toEqual(["bob"]);
});

test("a read-only nara teases nobody, plays with nobody and writes no postcards (reference)", async () => {
  const { ana } = await village();
  const refused = { ok: false, refusal: "you only listen just now" };
  expect(await ana.tease("bob")).toEqual(refused);
  expect(await ana.play("bob", "rock")).toEqual(refused);
  expect(await ana.sendPostcard("hello")).toEqual(refused);
});

test("what it is asked a read-only nara answers, a zine with its own (ours)", async () => {
  const { clock, ana, bob } = await village();
  tellOfAna(bob, ana);
  const { client } = bob.runtime.mesh;
  const asked = Promise.all([
    client.ping("ana"),
    client.sync("ana", { mode: "recent", limit: 10 }),
    client.zine("ana", []),
  ]);
  await clock.pass({ seconds: 2 });
  expect((await asked).map(({ ok }) => ok)).toEqual([true, true, true]);
});

test("who may speak again says hey_there, asks again, and remembers what it missed (ours)", async () => {
  const { network, clock, ana } = await village();
  await clock.pass({ minutes: 10 });
  expect(ana.view().mesh).toMatchObject({ remembering: null, remembered: null });
  ana.setManners(openManners);
  await clock.pass({ minutes: 4 });
  expect(network.said("nara/plaza/hey_there", "ana")).toHaveLength(1);
  expect(ana.view().mesh.remembered?.from).toEqual(expect.arrayContaining(["bob"]));
  expect(askedBy(network, "ana", "/gossip/zine")).not.toEqual([]);
});
