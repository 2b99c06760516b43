/** Speaking for others, taking their keys, their ids, their places (events-and-ledger.md §3, §4, Traps). */
import { expect, test } from "vitest";
import { decodeBase64 } from "../../src/nara/codec/base64.ts";
import { newSyncEvent, type SyncEvent, signSyncEvent } from "../../src/nara/events/sync-event.ts";
import {
  alice,
  besieged,
  bob,
  everyPath,
  mallory,
  missing,
  nara as naraNamed,
  nowNs,
  nowS,
  restart,
  stranger,
  tease,
  unsigned,
} from "./besieged.ts";

const fromBob = bob.says("social", { ...tease, actor: "bob" });

test("unsigned events of every kind are refused on every path, but for hearsay", async () => {
  const kinds: readonly SyncEvent[] = [
    fromBob,
    bob.says("ping", { observer: "bob", target: "carol", rtt: 10 }),
    bob.says("seen", { observer: "bob", subject: "carol", via: "zine" }),
    bob.says("hey-there", { From: "bob", PublicKey: bob.publicKey }),
    bob.says("chau", { From: "bob", PublicKey: bob.publicKey }),
  ];
  for (const source of everyPath) {
    const nara = besieged();
    const stripped = kinds.map(unsigned);
    expect(await nara.take(stripped, source)).toEqual({ added: 0, dropped: { unsigned: 5 } });
    const half = kinds.flatMap((event) => [
      { ...event, sig: "" },
      { ...event, emitter: "" },
    ]);
    expect(await nara.take(half, source)).toEqual({ added: 0, dropped: { unsigned: 10 } });
  }
});

test("an unsigned observation is hearsay of who signed for telling it, and nothing elsewhere", async () => {
  const hearsay = unsigned(bob.says("observation", { ...missing, observer: "bob" }));
  for (const source of everyPath) {
    const nara = besieged();
    const { added, dropped } = await nara.take([hearsay], source);
    if ("from" in source) {
      expect([source.path, added, dropped]).toEqual([source.path, 1, {}]);
      expect(nara.ledger.standingOf(hearsay.id)).toEqual({
        tier: "vouched",
        vouchers: ["mallory"],
      });
      expect(nara.ledger.get(hearsay.id)).toMatchObject({ emitter: "", sig: "" });
    } else {
      expect([source.path, added, dropped]).toEqual([source.path, 0, { unsigned: 1 }]);
    }
  }
});

test("nobody can vouch for what I observed myself", async () => {
  const nara = besieged();
  const mine = unsigned(alice.says("observation", { ...missing, observer: "alice" }));
  expect((await nara.take([mine], { path: "zine", from: "mallory" })).dropped).toEqual({
    not_its_author: 1,
  });
});

test("a signature by another key is none, whatever the key hint says", async () => {
  const event = newSyncEvent("social", nowNs, { ...tease, actor: "bob" });
  const forged = signSyncEvent(event, "bob", mallory.keyPair);
  for (const source of everyPath) {
    const nara = besieged();
    const hinted = { ...forged, emitterId: mallory.id };
    expect((await nara.take([forged, hinted], source)).dropped).toEqual({ invalid_signature: 2 });
  }
});

test("who signs must be who acts", async () => {
  const nara = besieged();
  const inBobsName = mallory.says("social", { ...tease, actor: "bob" });
  const carolSaw = mallory.says("observation", { ...missing, observer: "carol" });
  expect((await nara.take([inBobsName, carolSaw])).dropped).toEqual({ not_its_author: 2 });
});

test("an edited word breaks the id, a new id breaks the signature", async () => {
  const nara = besieged();
  if (fromBob.svc !== "social") throw new Error("not social");
  const edited = { ...fromBob, payload: { ...fromBob.payload, reason: "random" } };
  const renumbered = { ...edited, id: newSyncEvent("social", nowNs, edited.payload).id };
  expect((await nara.take([edited, renumbered])).dropped).toEqual({
    id_mismatch: 1,
    invalid_signature: 1,
  });
});

test("a squatted id does not block the real event", async () => {
  const nara = besieged();
  const squatters = [
    { ...mallory.says("social", { ...tease, actor: "mallory" }), id: fromBob.id },
    { ...mallory.says("social", { ...tease, actor: "mallory", target: "dave" }), id: fromBob.id },
    unsigned(fromBob),
    { ...fromBob, sig: mallory.says("social", { ...tease, actor: "mallory" }).sig },
  ];
  expect((await nara.take(squatters)).dropped).toEqual({
    id_mismatch: 2,
    unsigned: 1,
    invalid_signature: 1,
  });
  expect(await nara.take([fromBob])).toEqual({ added: 1, dropped: {} });
  expect(nara.ledger.get(fromBob.id)).toEqual(fromBob);
});

test("a signed original replaces the hearsay that came before it", async () => {
  const nara = besieged();
  const original = bob.says("observation", { ...missing, observer: "bob" });
  const source = { path: "zine", from: "mallory" } as const;
  await nara.take([unsigned(original)], source);
  expect(await nara.take([original], source)).toEqual({ added: 1, dropped: {} });
  expect(nara.ledger.standingOf(original.id)).toEqual({ tier: "proven", vouchers: [] });
  expect(await nara.take([unsigned(original)], source)).toEqual({
    added: 0,
    dropped: { duplicate: 1 },
  });
  expect(nara.ledger.get(original.id)).toEqual(original);
});

test("a key that is pinned cannot be taken over, and the attempt is shown", async () => {
  const payload = { From: "bob", PublicKey: mallory.publicKey, MeshIP: "10.0.0.66", ID: bob.id };
  const takeover = signSyncEvent(
    newSyncEvent("hey-there", nowNs, payload) as SyncEvent,
    "bob",
    mallory.keyPair,
  );
  const parting = signSyncEvent(
    newSyncEvent("chau", nowNs, { From: "bob", PublicKey: mallory.publicKey }) as SyncEvent,
    "bob",
    mallory.keyPair,
  );
  for (const source of everyPath) {
    const nara = besieged();
    const { dropped } = await nara.take([takeover, parting, fromBob], source);
    expect(dropped).toEqual({ key_conflict: 2 });
    expect(nara.keyring.keyOf("bob")).toBe(bob.publicKey);
    expect(nara.keyring.conflictsOf("bob")).toBe(2);
    expect(nara.ledger.has(fromBob.id)).toBe(true);
  }
});

test("a hey-there with a key that did not sign it proves nothing", async () => {
  const nara = besieged();
  const forged = signSyncEvent(
    newSyncEvent("hey-there", nowNs, {
      From: "stranger",
      PublicKey: stranger.publicKey,
    }) as SyncEvent,
    "stranger",
    mallory.keyPair,
  );
  expect((await nara.take([forged])).dropped).toEqual({ invalid_signature: 1 });
  expect(nara.keyring.keyOf("stranger")).toBeUndefined();
});

test("a hey-there cannot claim another's id", async () => {
  const nara = besieged();
  const event = stranger.says("hey-there", {
    From: "stranger",
    PublicKey: stranger.publicKey,
    ID: bob.id,
    Signature: "anything",
  });
  expect((await nara.take([event])).added).toBe(1);
  expect(nara.keyring.keyOfId(bob.id)).toBe(bob.publicKey);
  expect(nara.keyring.idOf("stranger")).toBe("");
  expect(nara.ledger.get(event.id)).toMatchObject({ payload: { ID: "", Signature: "" } });
});

test("one key has one spelling", async () => {
  const nara = besieged();
  const spelled = `${stranger.publicKey.slice(0, 4)}\n${stranger.publicKey.slice(4)}`;
  expect(decodeBase64(spelled)).toEqual(decodeBase64(stranger.publicKey));
  const event = stranger.says("hey-there", { From: "stranger", PublicKey: spelled });
  expect((await nara.take([event])).dropped).toEqual({ invalid_signature: 1 });
});

test("strangers are not believed until they show their key, in the same zine at the latest", async () => {
  const zine = { path: "zine", from: "mallory" } as const;
  const words = stranger.says("social", { ...tease, actor: "stranger" });
  const nara = besieged();
  expect((await nara.take([words], zine)).dropped).toEqual({ unknown_sender: 1 });
  expect(nara.unknown).toEqual(["stranger"]);
  const hello = stranger.says("hey-there", { From: "stranger", PublicKey: stranger.publicKey });
  expect(await nara.take([words, hello], zine)).toEqual({ added: 2, dropped: {} });
});

test("what a relay wrote into the unsigned part of an event is not believed", async () => {
  const nara = besieged();
  const original = bob.says("observation", { ...restart, observer: "bob" });
  if (original.svc !== "observation") throw new Error("not an observation");
  const altered = {
    ...original,
    emitterId: mallory.id,
    payload: {
      ...original.payload,
      importance: 1n,
      is_backfill: true,
      last_restart: 1n,
      online_state: "MISSING",
      observer_id: mallory.id,
      subject_id: mallory.id,
      cluster_name: "elsewhere",
      observer_uptime: nowS,
    },
  };
  expect(await nara.take([altered], { path: "zine", from: "mallory" })).toEqual({
    added: 1,
    dropped: {},
  });
  expect(nara.ledger.get(original.id)).toEqual(original);
  const tagged = bob.says("social", { ...tease, actor: "bob", actor_id: mallory.id });
  await nara.take([tagged]);
  expect(nara.ledger.get(tagged.id)).toMatchObject({ payload: { actor_id: "" } });
});

test("texts that could be read as another content are refused", async () => {
  const nara = besieged();
  const colons = [
    mallory.says("social", { type: "tease", actor: "mallory", target: "carol:x", reason: "" }),
    mallory.says("social", { ...tease, actor: "mallory", reason: "a:b" }),
    naraNamed("mal:lory").says("social", { ...tease, actor: "mal:lory" }),
    mallory.says("seen", { observer: "mallory", subject: "carol", via: "a:b" }),
  ];
  expect((await nara.take(colons)).dropped).toEqual({ bad_name: 2, invalid: 2 });
});

test("an event that was taken once is not verified again", async () => {
  const nara = besieged();
  await nara.take([fromBob]);
  const copies = Array.from({ length: 50 }, () => ({ ...fromBob, sig: "not even base64" }));
  expect((await nara.take(copies)).dropped).toEqual({ duplicate: 50 });
  expect(nara.ledger.get(fromBob.id)).toEqual(fromBob);
});
