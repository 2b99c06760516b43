import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeSyncEvent, newSyncEvent, priorityOf, type SyncEvent } from "../events/sync-event.ts";
import { createLedger, type Ledger } from "./ledger.ts";

const tease = (tsNs: bigint, actor = "alice", target = "bob") =>
  newSyncEvent("social", tsNs, { type: "tease", actor, target });
const ping = (tsNs: bigint, observer = "alice", target = "bob") =>
  newSyncEvent("ping", tsNs, { observer, target, rtt: 5 });
const restart = (tsNs: bigint, subject = "bob") =>
  newSyncEvent("observation", tsNs, {
    observer: "alice",
    subject,
    type: "restart",
    importance: 3n,
    start_time: 1n,
  });
const heyThere = (tsNs: bigint, name: string) =>
  newSyncEvent("hey-there", tsNs, { From: name, PublicKey: "key" });
const ledgerOf = (capacity: number, ...events: readonly SyncEvent[]): Ledger => {
  const ledger = createLedger({ capacity });
  for (const event of events) ledger.add(event);
  return ledger;
};

test("an event is kept once", () => {
  const ledger = createLedger({ capacity: 10 });
  const event = tease(1n);
  expect(ledger.add(event)).toMatchObject({ ok: true, value: { event, tier: "proven" } });
  expect(ledger.add({ ...event })).toEqual({ ok: false, refusal: "duplicate" });
  expect(ledger.get(event.id)).toEqual(event);
  expect(ledger.count()).toBe(1);
});

test("an id is believed only when it is the content's own", () => {
  const ledger = createLedger({ capacity: 10 });
  const squatter = { ...tease(1n), id: tease(2n).id };
  expect(ledger.add(squatter)).toEqual({ ok: false, refusal: "id_mismatch" });
  expect(ledger.add(tease(2n)).ok).toBe(true);
});

test("what is not well formed is refused, and so are the spoilt checkpoints of r2d2", () => {
  const ledger = createLedger({ capacity: 10 });
  expect(ledger.add(tease(0n))).toEqual({ ok: false, refusal: "invalid" });
  expect(ledger.add(tease(1n, "")).ok).toBe(false);
  const checkpoint = (as_of_time: bigint) =>
    newSyncEvent("checkpoint", 1n, { subject: "r2d2", as_of_time });
  expect(ledger.add(checkpoint(1_768_774_453n)).ok).toBe(false);
  expect(ledger.add(checkpoint(1_768_774_454n)).ok).toBe(true);
});

test("a full ledger lets the least precious go, the oldest first", () => {
  const kept = [restart(1n), heyThere(2n, "carol"), tease(3n)];
  const ledger = ledgerOf(5, ping(9n), ping(8n), ...kept);
  expect(ledger.add(tease(10n))).toMatchObject({ ok: true, value: { forgotten: ping(8n) } });
  expect(ledger.add(tease(11n))).toMatchObject({ ok: true, value: { forgotten: ping(9n) } });
  expect(ledger.add(tease(12n))).toMatchObject({ ok: true, value: { forgotten: tease(3n) } });
  expect(ledger.count()).toBe(5);
});

test("a full ledger takes nothing that would have to go at once", () => {
  const ledger = ledgerOf(2, tease(5n), restart(1n));
  expect(ledger.add(ping(6n))).toEqual({ ok: false, refusal: "ledger_full" });
  expect(ledger.add(tease(4n))).toEqual({ ok: false, refusal: "ledger_full" });
  expect(ledger.add(tease(6n)).ok).toBe(true);
});

test("even what is most precious makes room for its newer kind", () => {
  const ledger = ledgerOf(2, restart(1n, "a"), restart(2n, "b"), restart(3n, "c"));
  expect(ledger.events()).toEqual([restart(2n, "b"), restart(3n, "c")]);
  expect(ledger.criticalCount()).toBe(2);
});

test("a ledger without room refuses everything", () => {
  expect(createLedger({ capacity: 0 }).add(tease(1n)).ok).toBe(false);
});

test("events are found by service, by name and by time", () => {
  const events = [tease(30n), ping(10n, "carol", "alice"), heyThere(20n, "bob"), ping(20n)];
  const ledger = ledgerOf(10, ...events);
  expect(ledger.events()).toEqual(events);
  expect(ledger.byService("ping")).toEqual([events[1], events[3]]);
  expect(ledger.about("carol")).toEqual([events[1]]);
  expect(ledger.about("bob")).toEqual([events[0], events[2], events[3]]);
  expect(ledger.about("")).toEqual([]);
  expect(ledger.since(10n)).toEqual([events[2], events[3], events[0]]);
  expect(ledger.since(30n)).toEqual([]);
  expect([...ledger.countsByService()]).toEqual([
    ["social", 1],
    ["ping", 2],
    ["hey-there", 1],
  ]);
});

test("listeners hear what was added and what had to go, until they leave", () => {
  const ledger = createLedger({ capacity: 1 });
  const heard: (SyncEvent | undefined)[] = [];
  const leave = ledger.onAdd(({ event, forgotten }) => heard.push(event, forgotten));
  ledger.add(tease(1n));
  ledger.add(tease(1n));
  ledger.add(tease(2n));
  leave();
  ledger.add(tease(3n));
  expect(heard).toEqual([tease(1n), undefined, tease(2n), tease(1n)]);
});

const anyEvent = fc.oneof(
  fc.tuple(fc.bigInt(-3n, 9n), fc.constantFrom("a", "b", "")).map(([ts, name]) => tease(ts, name)),
  fc.tuple(fc.bigInt(-3n, 9n), fc.constantFrom("a", "b")).map(([ts, name]) => ping(ts, name)),
  fc.tuple(fc.bigInt(-3n, 9n), fc.constantFrom("a", "b")).map(([ts, name]) => restart(ts, name)),
  fc.tuple(fc.bigInt(-3n, 9n), fc.constantFrom("a", "b")).map(([ts, name]) => heyThere(ts, name)),
);

test("it never grows past its capacity, and its indexes never disagree", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8 }),
      fc.array(anyEvent, { maxLength: 60 }),
      (capacity, events) => {
        const ledger = createLedger({ capacity });
        for (const event of events) {
          const before = ledger.count();
          const outcome = ledger.add(event);
          expect(ledger.count()).toBe(outcome.ok ? Math.min(before + 1, capacity) : before);
          expect(ledger.add(event).ok).toBe(false);
        }
        const kept = ledger.events();
        const byTime = kept.toSorted((left, right) => Number(left.tsNs - right.tsNs));
        expect(ledger.since(-100n)).toEqual(byTime);
        expect(ledger.criticalCount()).toBe(kept.filter((event) => priorityOf(event) === 0).length);
        expect([...ledger.countsByService().values()].reduce((sum, count) => sum + count, 0)).toBe(
          kept.length,
        );
        for (const name of ["a", "b"]) {
          expect(ledger.about(name).every((event) => ledger.has(event.id))).toBe(true);
        }
      },
    ),
  );
});

test("it lets go in the order of preciousness and age, whatever the order of arrival", () => {
  const key = (event: SyncEvent) => [-priorityOf(event), Number(event.tsNs)] as const;
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8 }),
      fc.uniqueArray(anyEvent, { selector: ({ id }) => id }),
      (capacity, events) => {
        const ledger = ledgerOf(capacity, ...events);
        const all = ledgerOf(1000, ...events).events();
        const best = all
          .toSorted((left, right) => key(right)[0] - key(left)[0] || key(right)[1] - key(left)[1])
          .slice(0, capacity);
        const rank = (list: readonly SyncEvent[]) => list.map((event) => key(event).join()).sort();
        expect(rank(ledger.events())).toEqual(rank(best));
      },
    ),
  );
});

test("nothing that can be read makes it throw", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("social", "ping", "checkpoint", "seen"),
      fc.dictionary(
        fc.constantFrom("type", "actor", "rtt", "version", "subject", "observation"),
        fc.jsonValue(),
      ),
      (svc, payload) => {
        const decoded = decodeSyncEvent(JSON.stringify({ id: "x", ts: 1, svc, [svc]: payload }));
        if (decoded.ok) expect(createLedger({ capacity: 1 }).add(decoded.value).ok).toBe(false);
      },
    ),
  );
});
