import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeGo, encodeGo, list } from "../codec/go-types.ts";
import { eventKinds } from "./event-kinds.ts";
import { decodeSyncEvent, encodeSyncEvent, newSyncEvent, wireEvent } from "./sync-event.ts";

/** White space never comes from Go: the reader alone takes it. */
const byTheReader = (source: string) => decodeGo(wireEvent, source.replace("{", "{ "));

const word = fc.oneof(fc.string({ maxLength: 20 }), fc.string({ unit: "binary", maxLength: 6 }));
const payloads = {
  social: fc.record({ type: word, actor: word, target: word, reason: word }),
  ping: fc.record({
    observer: word,
    target: word,
    rtt: fc.double({ noNaN: true, min: 0, max: 9 }),
  }),
  observation: fc.record({
    observer: word,
    subject: word,
    type: word,
    importance: fc.bigInt({ min: -3n, max: 9n }),
    is_backfill: fc.boolean(),
    observer_uptime: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  }),
  "hey-there": fc.record({ From: word, PublicKey: word }),
  seen: fc.record({ observer: word, subject: word, via: word }),
  checkpoint: fc.record({ subject: word, voter_ids: fc.array(word) }),
} as const;
const events = fc
  .constantFrom(...(Object.keys(payloads) as (keyof typeof payloads)[]))
  .chain((svc) => fc.tuple(fc.constant(svc), payloads[svc], fc.bigInt(1n, 2n ** 63n - 1n), word))
  .map(([svc, payload, tsNs, emitter]) => ({
    ...newSyncEvent(svc, tsNs, payload as object),
    emitter,
    sig: "xN9cPKb6vunbME8VxGNQAQ==",
  }));

test("an event as Go prints it is read as by the reader, and so is a spoilt one", () => {
  fc.assert(
    fc.property(events, fc.nat(), fc.string({ maxLength: 3 }), (event, where, inserted) => {
      const printed = encodeSyncEvent(event);
      const at = where % printed.length;
      for (const source of [
        printed,
        `${printed.slice(0, at)}${inserted}${printed.slice(at + 1)}`,
      ]) {
        expect(decodeGo(wireEvent, source)).toEqual(byTheReader(source));
      }
    }),
    { numRuns: 1500 },
  );
});

test("a payload of another service does not ride along unseen", () => {
  const printed = encodeSyncEvent(
    newSyncEvent("social", 1n, { type: "tease", actor: "a", target: "b" }),
  );
  const asPing = printed.replace('"svc":"social"', '"svc":"ping"');
  expect(decodeSyncEvent(asPing)).toEqual({ ok: false, refusal: "invalid" });
  const both = printed.replace('"social":{', '"ping":{"rtt":1},"social":{');
  expect(decodeGo(wireEvent, both)).toEqual(byTheReader(both));
});

test("a list that comes twice is merged element by element, as in Go", () => {
  const one = encodeSyncEvent(newSyncEvent("ping", 7n, { observer: "a", target: "b", rtt: 1 }));
  const other = '{"id":"x","ts":8,"svc":"ping","ping":{"observer":"c","rtt":2}}';
  const merged = decodeGo(list(wireEvent), `[${one}]`);
  if (!merged.ok) throw new Error(merged.refusal);
  const reread = wireEvent.read(
    { text: other, at: 0, depth: 0, refusal: undefined, limits: generous },
    merged.value?.[0] ?? wireEvent.zero(),
  );
  expect(encodeGo(wireEvent, reread)).toBe(
    '{"id":"x","ts":8,"svc":"ping","ping":{"observer":"c","target":"b","rtt":2}}',
  );
  expect(eventKinds.ping.payload.plain).toBeDefined();
});

const generous = { size: 1e6, depth: 16, entries: 100, stringBytes: 4096 };
