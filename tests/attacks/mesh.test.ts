/**
 * Neighbours that are known and can be called, but answer in bad faith: whole naras, under virtual
 * time. What the relay is spared of: relay/; what naras are asked: hostile-mesh.test.ts.
 */
import { expect, test } from "vitest";
import { utf8 } from "../../src/nara/codec/utf8.ts";
import { newSyncEvent, type SyncEvent, signSyncEvent } from "../../src/nara/events/sync-event.ts";
import { createIdentity } from "../../src/nara/identity/identity.ts";
import { bindSoul } from "../../src/nara/identity/soul.ts";
import { maxBatchBytes } from "../../src/nara/limits.ts";
import { meshUrl } from "../../src/nara/mesh/address.ts";
import { signResponse } from "../../src/nara/mesh/auth.ts";
import type { MeshHandler, MeshRequest, MeshResponse } from "../../src/nara/mesh/http.ts";
import type { Nara } from "../../src/nara/nara.ts";
import { writeSyncResponse } from "../../src/nara/sync/sync-response.ts";
import { personNamed } from "../../src/nara/testing/mesh-nara.ts";
import { createNetwork, type Network, realCrypto } from "../support/network.ts";

const addresses = { carol: "100.64.0.1", bob: "100.64.0.2", eve: "100.64.0.66" };
const bounds = { deadlineMs: 5000, maxBodyBytes: 1_000_000 };
const witness = personNamed("witness");

/** `name` as it joins a network. */
function authorNamed(name: string) {
  const seed = new Uint8Array(32).fill(0x2e);
  seed.set(utf8(`${name} of the seed`));
  return {
    name,
    keyPair: realCrypto.keyPair(createIdentity(bindSoul(seed, name), name).soul.seed),
  };
}
const eve = authorNamed("eve");

/** Bob is good and remembers 50 pings; eve said truly where she is, and answers there as `evil` does. */
async function village(evil: MeshHandler) {
  const network = createNetwork();
  const bob = network.join("bob", { meshIp: addresses.bob });
  network.join("eve", { meshIp: addresses.eve });
  await network.clock.pass({ minutes: 3 });
  bob.runtime.keyring.pin("witness", witness.id, witness.publicKey);
  await bob.runtime.intake.take(history(network), { path: "import", from: "bob" });
  const door = network.mesh.join(addresses.eve);
  let asked = 0;
  door.serve((request) => {
    asked += 1;
    return evil(request);
  });
  const carol = network.join("carol", { meshIp: addresses.carol });
  carol.runtime.keyring.pin("witness", witness.id, witness.publicKey);
  carol.runtime.mesh.peers.prove("eve", addresses.eve);
  return { network, bob, carol, asked: () => asked };
}

const history = ({ clock }: Network): readonly SyncEvent[] =>
  Array.from({ length: 50 }, (_, at) => {
    const tsNs = clock.nowNs() - 3_600_000_000_000n - BigInt(at);
    const payload = { observer: "witness", target: `t${at}`, rtt: 20 };
    return signSyncEvent(newSyncEvent("ping", tsNs, payload), "witness", witness.keyPair);
  });

const witnessed = (nara: Nara): number =>
  nara.runtime.ledger.events().filter(({ emitter }) => emitter === "witness").length;

/** Bob is asked and answers as if there were no eve. */
async function expectOthersFine(network: Network, carol: Nara): Promise<void> {
  expect(witnessed(carol)).toBe(50);
  const asking = carol.runtime.mesh.client.ping("bob");
  await network.clock.advance(100);
  expect(await asking).toMatchObject({ ok: true });
  expect(network.errors).toEqual([]);
}

/** A body as eve signs it. */
function signedByEve(network: Network, body: string): MeshResponse {
  const bytes = utf8(body);
  const headers = new Map(signResponse(eve, network.clock.nowNs(), bytes));
  return { status: 200, headers, body: bytes };
}

const noEvents = { events: [], nextCursor: "" };
const isSync = ({ target }: MeshRequest): boolean => target === "/events/sync";
const nothing: MeshResponse = { status: 404, headers: new Map(), body: new Uint8Array() };

test("a cursor that never ends is followed so far and no further, and others are asked", async () => {
  let pages = 0;
  const place = await village(async (request) => {
    if (!isSync(request)) return nothing;
    pages += 1;
    const tsNs = BigInt(1_600_000_000 + pages) * 1_000_000_000n;
    const payload = { observer: "eve", target: `made-up-${pages}`, rtt: 1 };
    const event = signSyncEvent(newSyncEvent("ping", tsNs, payload), "eve", eve.keyPair);
    const body = writeSyncResponse(
      { events: [event], nextCursor: String(tsNs) },
      eve,
      place.network.clock.nowNs(),
    );
    return signedByEve(place.network, body);
  });
  const { network, carol, asked } = place;
  await network.clock.pass({ minutes: 30 });
  expect(pages).toBeGreaterThan(1);
  expect(pages).toBeLessThanOrEqual(60);
  expect(carol.view().mesh.remembered?.givenUp).toEqual(["eve"]);
  const before = pages;
  await network.clock.pass({ hours: 2 });
  expect(pages).toBe(before);
  expect(asked()).toBeLessThan(1000);
  await expectOthersFine(network, carol);
});

test("a body that never ends costs the deadline, then a rest, then its sender is given up", async () => {
  const { network, carol } = await village(() => new Promise(() => {}));
  await network.clock.pass({ minutes: 10 });
  expect(carol.view().mesh.remembered).toMatchObject({ givenUp: ["eve"], from: ["bob"] });
  await expectOthersFine(network, carol);
});

test("a body beyond all bounds is not kept, and counted", async () => {
  const flood = new Uint8Array(maxBatchBytes + 1).fill(0x20);
  const { network, carol } = await village(async () => ({
    ...{ status: 200, headers: new Map() },
    body: flood,
  }));
  await network.clock.pass({ minutes: 10 });
  expect(carol.view().mesh.remembered?.givenUp).toEqual(["eve"]);
  expect(carol.runtime.drops.of("too_large")).toBeGreaterThan(0);
  await expectOthersFine(network, carol);
});

test("another's true answer, brought by who was asked, is not believed, and counted", async () => {
  const place = await village(async (request) => {
    const sent = await place.network.mesh
      .join("100.64.0.67")
      .send(meshUrl(addresses.bob), request, bounds);
    return sent.ok ? sent.value : nothing;
  });
  const { network, carol } = place;
  await network.clock.pass({ minutes: 10 });
  expect(carol.view().mesh.remembered?.givenUp).toEqual(["eve"]);
  expect(carol.runtime.drops.of("not_its_author")).toBeGreaterThan(0);
  expect(carol.runtime.mesh.peers.addressesOf("bob")).toEqual([addresses.bob]);
  await expectOthersFine(network, carol);
});

test("an answer in another's name under one's own key is not believed, and counted", async () => {
  const place = await village(async () => {
    const { clock } = place.network;
    const body = utf8(writeSyncResponse(noEvents, { ...eve, name: "bob" }, clock.nowNs()));
    const headers = new Map(signResponse({ ...eve, name: "bob" }, clock.nowNs(), body));
    return { status: 200, headers, body };
  });
  const { network, carol } = place;
  await network.clock.pass({ minutes: 10 });
  expect(carol.view().mesh.remembered?.givenUp).toEqual(["eve"]);
  expect(carol.runtime.drops.of("invalid_signature")).toBeGreaterThan(0);
  await expectOthersFine(network, carol);
});

test("another's list of events, wrapped in one's own signature, is not believed, and counted", async () => {
  const place = await village(async () =>
    signedByEve(
      place.network,
      writeSyncResponse(noEvents, authorNamed("bob"), place.network.clock.nowNs()),
    ),
  );
  const { network, carol } = place;
  await network.clock.pass({ minutes: 10 });
  expect(carol.view().mesh.remembered?.givenUp).toEqual(["eve"]);
  expect(carol.runtime.drops.of("not_its_author")).toBeGreaterThan(0);
  await expectOthersFine(network, carol);
});

test("an answer kept from yesterday is not of now, and counted", async () => {
  let kept: MeshResponse | undefined;
  const place = await village(async () => {
    kept ??= signedByEve(
      place.network,
      writeSyncResponse(noEvents, eve, place.network.clock.nowNs()),
    );
    return kept;
  });
  const { network, carol } = place;
  const ask = async () => {
    const asking = carol.runtime.mesh.client.sync("eve", { mode: "recent", limit: 1 });
    await network.clock.settle();
    return asking;
  };
  await network.clock.pass({ seconds: 10 });
  expect(await ask()).toMatchObject({ ok: true });
  await network.clock.pass({ minutes: 10 });
  expect(await ask()).toMatchObject({ ok: false, refusal: { type: "unbelieved" } });
  expect(carol.runtime.drops.of("stale")).toBeGreaterThan(0);
  await expectOthersFine(network, carol);
});

test("a hint that leads to somebody else leads there once", async () => {
  const { network, carol } = await village(async () => nothing);
  await network.clock.pass({ minutes: 5 });
  const { client, peers } = carol.runtime.mesh;
  peers.forget("bob");
  peers.hint("bob", addresses.eve);
  network.mesh
    .join(addresses.eve)
    .serve(async () =>
      signedByEve(network, writeSyncResponse(noEvents, eve, network.clock.nowNs())),
    );
  const asking = client.sync("bob", { mode: "recent", limit: 1 });
  await network.clock.settle();
  expect(await asking).toMatchObject({ ok: false, refusal: { type: "unbelieved" } });
  expect(peers.addressesOf("bob")).toEqual([]);
  expect(carol.runtime.drops.of("not_its_author")).toBeGreaterThan(0);
});

test("neighbours who send each other in circles are asked once each", async () => {
  const place = await village(async ({ target }) => {
    if (!target.startsWith("/peer/query")) return nothing;
    return { ...nothing, status: 307, headers: new Map([["x-nara-redirect-to", "bob"]]) };
  });
  const { network, carol, asked } = place;
  network.mesh.join(addresses.bob).serve(async ({ target }) => ({
    ...nothing,
    status: target.startsWith("/peer/query") ? 307 : 404,
    headers: new Map([["x-nara-redirect-to", "eve"]]),
  }));
  await network.clock.pass({ minutes: 5 });
  const before = asked();
  const finding = carol.runtime.mesh.resolution.find("nobody", ["eve", "bob"]);
  await network.clock.settle();
  expect(await finding).toBeUndefined();
  expect(asked() - before).toBe(1);
});

test("a request heard on its way and brought again changes nothing, and is counted", async () => {
  const { network, bob } = await village(async () => nothing);
  await network.clock.pass({ minutes: 5 });
  const zine = [...network.mesh.traffic]
    .reverse()
    .find(({ request, from }) => request.target === "/gossip/zine" && from === addresses.carol);
  expect(zine).toBeDefined();
  const before = bob.runtime.ledger.count();
  const again = await network.mesh
    .join("100.64.0.67")
    .send(meshUrl(addresses.bob), zine?.request as MeshRequest, bounds);
  expect(again).toMatchObject({ ok: true, value: { status: 401 } });
  expect(bob.runtime.ledger.count()).toBe(before);
  expect(bob.runtime.drops.of("stale") + bob.runtime.drops.of("duplicate")).toBeGreaterThan(0);
});
