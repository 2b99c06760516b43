import fc from "fast-check";
import { expect, test } from "vitest";
import { createNobleCrypto } from "../../adapters/crypto/noble-crypto.ts";
import {
  contentOf,
  decodeSyncEvent,
  encodeSyncEvent,
  eventId,
  newSyncEvent,
  refusalOf,
  type SyncEvent,
  signSyncEvent,
} from "./sync-event.ts";
import { signatureClaim } from "./verification.ts";

const crypto = createNobleCrypto();
const alice = crypto.keyPair(Uint8Array.from({ length: 32 }, (_, index) => index));
/** The time of the vectors in docs/protocol/events-and-ledger.md §3. */
const tsNs = 1_700_000_000_123_456_789n;
const tease = newSyncEvent("social", tsNs, {
  type: "tease",
  actor: "alice",
  target: "bob",
  reason: "high-restarts",
});

test("ids come out as the protocol's own vectors say", () => {
  expect(tease.id).toBe("09138e2ebb0d5b6f1f49685645ccac43");
  const ping = newSyncEvent("ping", tsNs, { observer: "alice", target: "bob", rtt: 42.5 });
  expect(ping.id).toBe("bcd098e4e3b5ed95a1bed11cdbce22b5");
  const restart = { observer: "alice", subject: "bob", type: "restart", importance: 3n };
  const observation = newSyncEvent("observation", tsNs, {
    ...restart,
    start_time: 1_690_000_000n,
    restart_num: 7n,
  });
  expect(contentOf(observation)).toBe("bob:restart:7:1690000000");
  expect(observation.id).toBe("9b07d360c83caa1171d056571181355e");
});

test("a checkpoint's content tells its version", () => {
  const event = newSyncEvent("checkpoint", tsNs, {
    version: 2n,
    subject: "bob",
    subject_id: "SID",
  });
  const observation = { ...event.payload.observation, start_time: 1_690_000_000n };
  const payload = {
    ...event.payload,
    as_of_time: 1_800_000_000n,
    observation: { ...observation, restarts: 7n, total_uptime: 3600n },
  };
  const full = newSyncEvent("checkpoint", tsNs, payload);
  expect(contentOf(full)).toBe("checkpoint:v2:SID:1800000000:1690000000:7:3600:");
  expect(full.id).toBe("8974c34b04d7e4c91d2e25f7777b1d4d");
  expect(
    contentOf(newSyncEvent("checkpoint", tsNs, { ...payload, version: 0n, subject_id: "" })),
  ).toBe("checkpoint:bob:1800000000:1690000000:7:3600");
});

test("a signature comes out as the protocol's own vector says, and verifies", async () => {
  const signed = signSyncEvent(tease, "alice", alice);
  expect(signed.sig).toBe(
    "xN9cPKb6vunbME8VxGNQAeOwPnQL/uZvR/KbmKaAYNBeY2+UGaxT1I5SLQKpq6VJRzy1QdjRn/U0FhmVh6hZBw==",
  );
  const claim = signatureClaim(signed, alice.publicKey)!;
  const edited: SyncEvent = { ...signed, payload: { ...signed.payload, reason: "comeback" } };
  const editedClaim = signatureClaim(edited, alice.publicKey)!;
  expect(await crypto.verify([claim, editedClaim])).toEqual([true, false]);
  expect(signatureClaim(tease, alice.publicKey)).toBeUndefined();
});

test("payloads of other services are dropped, unknown services and missing payloads refused", () => {
  const both = encodeSyncEvent(tease).replace('"social":{', '"ping":{"rtt":3},"social":{');
  expect(decodeSyncEvent(both)).toEqual({ ok: true, value: tease });
  expect(decodeSyncEvent('{"ts":1,"svc":"barter","social":{}}')).toEqual({
    ok: false,
    refusal: "unknown_kind",
  });
  expect(decodeSyncEvent('{"ts":1,"svc":"hey-there","hey-there":{}}')).toEqual({
    ok: false,
    refusal: "invalid",
  });
  expect(decodeSyncEvent('{"ts":1.0,"svc":"social","social":{}}')).toEqual({
    ok: false,
    refusal: "mistyped",
  });
});

test("an event without a time is not well formed", () => {
  expect(refusalOf(tease)).toBeUndefined();
  expect(refusalOf({ ...tease, tsNs: 0n })).toBeDefined();
});

const names = fc.string({ unit: "grapheme", maxLength: 12 });
const times = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const anyEvent: fc.Arbitrary<SyncEvent> = fc.oneof(
  fc
    .record({ type: names, actor: names, target: names, reason: names, witness: names })
    .chain((payload) => times.map((ts) => newSyncEvent("social", ts, payload))),
  fc
    .record({
      observer: names,
      target: names,
      rtt: fc.double({ noNaN: true, noDefaultInfinity: true }),
    })
    .chain((payload) => times.map((ts) => newSyncEvent("ping", ts, payload))),
  fc
    .record({ From: names, PublicKey: names, MeshIP: names, ID: names })
    .chain((payload) => times.map((ts) => newSyncEvent("hey-there", ts, payload))),
  fc
    .record({ subject: names, type: names, start_time: times, importance: times })
    .chain((payload) => times.map((ts) => newSyncEvent("observation", ts, payload))),
  fc
    .record({
      subject: names,
      version: times,
      as_of_time: times,
      voter_ids: fc.constant(["a", ""]),
    })
    .chain((payload) => times.map((ts) => newSyncEvent("checkpoint", ts, payload))),
);

test("an event reads back as it was printed, and keeps its id", () => {
  fc.assert(
    fc.property(anyEvent, (event) => {
      const decoded = decodeSyncEvent(encodeSyncEvent(event));
      expect(decoded).toEqual({ ok: true, value: event });
      expect(decoded.ok && eventId(decoded.value)).toBe(event.id);
    }),
  );
});

test("no mutated text makes the decoder throw", () => {
  fc.assert(
    fc.property(
      anyEvent,
      fc.nat(),
      fc.nat(4),
      fc.string({ unit: "binary" }),
      (event, at, cut, put) => {
        const text = encodeSyncEvent(event);
        const from = at % (text.length + 1);
        const decoded = decodeSyncEvent(text.slice(0, from) + put + text.slice(from + cut));
        if (decoded.ok) refusalOf(decoded.value);
      },
    ),
  );
});
