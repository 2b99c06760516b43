import fc from "fast-check";
import { expect, test } from "vitest";
import { createNobleCrypto } from "../../adapters/crypto/noble-crypto.ts";
import { encodeBase64 } from "../codec/base64.ts";
import { type EventService, eventKinds } from "../events/event-kinds.ts";
import { eventId, newSyncEvent, type SyncEvent, signSyncEvent } from "../events/sync-event.ts";
import { createKeyring } from "../runtime/keyring.ts";
import { createGate } from "./gate.ts";

const nowNs = 1_800_000_000_000_000_000n;
const crypto = createNobleCrypto();
const bob = crypto.keyPair(new Uint8Array(32).fill(7));
const key = encodeBase64(bob.publicKey);

function gateOf() {
  const keyring = createKeyring({ name: "alice", id: "alice-id", publicKey: "" });
  const asked: number[] = [];
  const gate = createGate({
    clock: { nowNs: () => nowNs },
    crypto: {
      verify(claims) {
        asked.push(claims.length);
        return crypto.verify(claims);
      },
    },
    keyring,
    me: "alice",
  });
  return { gate, keyring, asked };
}

const signed = (event: SyncEvent): SyncEvent => signSyncEvent(event, "bob", bob);
const social = (target: string, tsNs = nowNs): SyncEvent =>
  signed(newSyncEvent("social", tsNs, { type: "tease", actor: "bob", target }) as SyncEvent);
const hello = signed(
  newSyncEvent("hey-there", nowNs, { From: "bob", PublicKey: key }) as SyncEvent,
);

test("judgements come in the order of the events, whatever is verified first", async () => {
  const { gate } = gateOf();
  const judged = await gate.judge([social("carol"), hello, social("a b"), social("dave")], {
    path: "zine",
    from: "carol",
  });
  expect(judged.map((one) => ("drop" in one ? one.drop : one.event.svc))).toEqual([
    "social",
    "hey-there",
    "bad_name",
    "social",
  ]);
});

test("signatures are verified in one batch, and none where nothing could hold", async () => {
  const { gate, keyring, asked } = gateOf();
  const events = Array.from({ length: 20 }, (_, index) => social(`nara-${index}`));
  await gate.judge(events, { path: "dm" });
  expect(asked).toEqual([]);
  keyring.pin("bob", "", key);
  await gate.judge(events, { path: "dm" });
  expect(asked).toEqual([20]);
});

test("leaving out what nobody signed changes no id", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...(Object.keys(eventKinds) as EventService[])),
      fc.object({ maxDepth: 0 }),
      fc.bigInt({ min: 1n, max: 2n ** 40n }),
      fc.string(),
      (svc, noise, number, word) => {
        const zero = eventKinds[svc].payload.zero();
        const payload = Object.fromEntries(
          Object.entries(zero).map(([field, value]) => [
            field,
            typeof value === "string" ? word : typeof value === "bigint" ? number : value,
          ]),
        );
        const event = newSyncEvent(svc, nowNs, { ...payload, ...noise }) as SyncEvent;
        const covered =
          (eventKinds[svc].covered as (p: unknown, s: bigint) => unknown) ?? undefined;
        const kept = covered?.(event.payload, nowNs);
        expect(eventId({ ...event, payload: kept } as SyncEvent)).toBe(event.id);
      },
    ),
  );
});

test("nothing an event says makes the gate throw", async () => {
  const { gate, keyring } = gateOf();
  keyring.pin("bob", "", key);
  const value = fc.oneof(fc.string(), fc.bigInt(), fc.double(), fc.constant(undefined));
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...(Object.keys(eventKinds) as EventService[])),
      fc.dictionary(fc.string(), fc.string()),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.string(),
      fc.string(),
      value,
      async (svc, strings, tsNs, emitter, sig, odd) => {
        const event = newSyncEvent(svc, tsNs, { ...strings }) as SyncEvent;
        const judged = await gate.judge([{ ...event, emitter, sig, id: String(odd) }], {
          path: "sync",
          from: "bob",
        });
        expect(judged).toHaveLength(1);
      },
    ),
  );
});
