/** One test for each row of docs/differences.md, Ledger. */
import { expect, test } from "vitest";
import { newSyncEvent, type SyncEvent } from "../events/sync-event.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import { maxObservationsPerPair, maxRestartsPerPair } from "./retention.ts";

const tease = (tsNs: bigint, actor = "alice", target = "bob") =>
  newSyncEvent("social", tsNs, { type: "tease", actor, target });
const ping = (tsNs: bigint, observer = "alice", target = "bob") =>
  newSyncEvent("ping", tsNs, { observer, target, rtt: 5 });
const restart = (tsNs: bigint, observer = "alice", subject = "bob") =>
  newSyncEvent("observation", tsNs, {
    observer,
    subject,
    type: "restart",
    importance: 3n,
    restart_num: tsNs,
    start_time: 1n,
  });
const change = (tsNs: bigint, observer = "alice", subject = "bob") =>
  newSyncEvent("observation", tsNs, {
    observer,
    subject,
    type: "status-change",
    importance: 2n,
    online_state: "ONLINE",
  });
const signed = (event: SyncEvent): SyncEvent => ({ ...event, emitter: "alice", sig: "c2ln" });
const hearsay = (voucher: string) => ({ tier: "vouched", voucher }) as const;
const ledgerOf = (capacity: number, ...events: readonly SyncEvent[]): Ledger => {
  const ledger = createLedger({ capacity });
  for (const event of events) ledger.add(event);
  return ledger;
};
const times = (count: number, event: (tsNs: bigint) => SyncEvent): readonly SyncEvent[] =>
  Array.from({ length: count }, (_, at) => event(BigInt(at + 1)));

test("an id that is not the content's own is refused, and so is none", () => {
  const ledger = ledgerOf(10);
  expect(ledger.add({ ...tease(1n), id: tease(2n).id })).toMatchObject({ refusal: "id_mismatch" });
  expect(ledger.add({ ...tease(1n), id: "" })).toMatchObject({ refusal: "id_mismatch" });
  expect(ledger.add(tease(2n)).ok).toBe(true);
});

test("a signed copy takes the place of an unsigned one, and not the other way round", () => {
  const ledger = ledgerOf(2, tease(1n), restart(2n));
  expect(ledger.add(signed(tease(1n)))).toMatchObject({ ok: true, value: { tier: "proven" } });
  expect(ledger.get(tease(1n).id)).toEqual(signed(tease(1n)));
  expect(ledger.add(tease(1n))).toMatchObject({ refusal: "duplicate" });
  expect(ledger.add({ ...signed(tease(1n)), sig: "b3RoZXI=" })).toMatchObject({
    refusal: "duplicate",
  });
  expect(ledger.forgotten().social.replaced).toBe(1);
});

test("an observation that is refused displaces nothing", () => {
  const ledger = ledgerOf(100, ...times(maxObservationsPerPair, change));
  expect(ledger.add(change(1n))).toMatchObject({ refusal: "duplicate" });
  const invalid = newSyncEvent("observation", 99n, { observer: "alice", subject: "bob" });
  expect(ledger.add(invalid)).toMatchObject({ refusal: "invalid" });
  expect(ledger.count()).toBe(maxObservationsPerPair);
  expect(ledger.version()).toBe(0);
});

test("observations make room in a full ledger", () => {
  const ledger = ledgerOf(2, ping(1n), ping(2n), change(3n), restart(4n));
  expect(ledger.events()).toEqual([change(3n), restart(4n)]);
});

test("pruning passes over what must not be missed", () => {
  const precious = restart(1n);
  const ledger = ledgerOf(3, precious, tease(2n), tease(3n), tease(4n));
  expect(ledger.events()).toEqual([precious, tease(3n), tease(4n)]);
});

test("invented naras, however precious their events, displace nothing about those we know", () => {
  const ledger = createLedger({ capacity: 3, isKnown: (name) => !name.startsWith("invented") });
  const invented = (tsNs: bigint) => restart(tsNs, "alice", `invented-${tsNs}`);
  for (const event of [invented(1n), invented(2n), tease(3n), ping(4n), ping(5n)]) {
    expect(ledger.add(event).ok).toBe(true);
  }
  expect(ledger.add(invented(9n))).toMatchObject({ refusal: "ledger_full" });
  expect(ledger.events()).toEqual([tease(3n), ping(4n), ping(5n)]);
});

test("even what must not be missed goes when nothing else is left, the oldest first", () => {
  const ledger = ledgerOf(2, restart(2n), restart(1n), restart(3n));
  expect(ledger.events()).toEqual([restart(2n), restart(3n)]);
});

test("an event that would have to go at once is refused", () => {
  const ledger = ledgerOf(2, restart(1n), tease(5n));
  let heard = 0;
  ledger.onAdd(() => heard++);
  expect(ledger.add(tease(4n))).toMatchObject({ refusal: "ledger_full" });
  expect(ledger.add(ping(6n))).toMatchObject({ refusal: "ledger_full" });
  expect(heard).toBe(0);
});

test("pruning leaves the order of arrival as it is", () => {
  const ledger = ledgerOf(3, tease(30n), tease(10n), tease(20n), tease(40n));
  expect(ledger.events()).toEqual([tease(30n), tease(20n), tease(40n)]);
});

test("without room nothing is kept", () => {
  expect(ledgerOf(0, restart(1n), tease(1n)).count()).toBe(0);
  expect(ledgerOf(-4, restart(1n)).count()).toBe(0);
});

test("restarts of a pair are bounded even without a checkpoint", () => {
  const ledger = ledgerOf(5000, ...times(maxRestartsPerPair + 2, restart));
  expect(ledger.count()).toBe(maxRestartsPerPair);
  expect(ledger.has(restart(2n).id)).toBe(false);
  expect(ledger.has(restart(3n).id)).toBe(true);
});

test("one observer's pings, however new, leave room for those of others", () => {
  const ledger = ledgerOf(100, ...times(5, (tsNs) => ping(tsNs + 1000n)));
  for (const observer of ["carol", "dave", "erin", "frank"]) {
    expect(ledger.add(ping(1n, observer)).ok, observer).toBe(true);
  }
  for (const ping6 of times(20, (tsNs) => ping(tsNs + 2000n))) ledger.add(ping6);
  expect(ledger.byService("ping").map(({ payload }) => payload.observer)).toEqual([
    "carol",
    "dave",
    "erin",
    "frank",
    "alice",
  ]);
  expect(ledger.has(ping(2020n).id)).toBe(true);
});

test("who has told no more than others displaces what is older than its own word", () => {
  const observers = ["alice", "carol", "dave", "erin", "frank"];
  const ledger = ledgerOf(100, ...observers.map((name, at) => ping(BigInt(at + 10), name)));
  expect(ledger.add(ping(9n, "grace"))).toMatchObject({ refusal: "outlived" });
  expect(ledger.add(ping(20n, "grace"))).toMatchObject({ value: { forgotten: ping(10n) } });
  expect(ledger.add(ping(12n, "frank"))).toMatchObject({ refusal: "outlived" });
  expect(ledger.add(ping(21n, "frank"))).toMatchObject({
    value: { forgotten: ping(14n, "frank") },
  });
});

test("forgetting the nara without a name forgets nothing", () => {
  const ledger = ledgerOf(10, tease(1n), restart(2n));
  expect(ledger.removeNara("")).toBe(0);
  expect(ledger.count()).toBe(2);
});

test("hearsay goes before all that is proven, however precious it claims to be", () => {
  const ledger = ledgerOf(3, ping(1n), tease(2n));
  ledger.add(restart(9n), hearsay("carol"));
  ledger.add(ping(3n, "carol", "dave"));
  expect(ledger.events()).toEqual([ping(1n), tease(2n), ping(3n, "carol", "dave")]);
  expect(ledger.add(restart(9n), hearsay("carol"))).toMatchObject({ refusal: "ledger_full" });
});

test("hearsay displaces only hearsay: neither pings nor observations that are proven", () => {
  const pings = times(5, ping);
  const changes = times(maxObservationsPerPair, change);
  const ledger = ledgerOf(100, ...pings, ...changes);
  expect(ledger.add(ping(50n), hearsay("carol"))).toMatchObject({ refusal: "outlived" });
  expect(ledger.add(change(50n), hearsay("carol"))).toMatchObject({ refusal: "outlived" });
  expect(ledger.events()).toEqual([...pings, ...changes]);
});

test("what is proven displaces hearsay first, whatever its age", () => {
  const ledger = createLedger({ capacity: 100 });
  for (const event of [
    ...times(5, (ts) => ping(ts + 50n)),
    ...times(20, (ts) => restart(ts + 50n)),
  ]) {
    expect(ledger.add(event, hearsay("carol")).ok).toBe(true);
  }
  expect(ledger.add(ping(1n))).toMatchObject({ value: { forgotten: ping(51n) } });
  expect(ledger.add(restart(1n))).toMatchObject({ value: { forgotten: restart(51n) } });
});

test("hearsay about a pair is bounded like the rest of it", () => {
  const ledger = createLedger({ capacity: 100 });
  for (const event of times(21, change)) ledger.add(event, hearsay("carol"));
  expect(ledger.count()).toBe(maxObservationsPerPair);
  expect(ledger.has(change(1n).id)).toBe(false);
});

test("each peer who vouches is named once, and proof ends the vouching", () => {
  const ledger = createLedger({ capacity: 10 });
  const told: (readonly string[])[] = [];
  ledger.onVouch(({ vouchers }) => told.push(vouchers));
  for (const voucher of ["carol", "dave", "carol"]) ledger.add(change(1n), hearsay(voucher));
  expect(ledger.standingOf(change(1n).id)).toEqual({
    tier: "vouched",
    vouchers: ["carol", "dave"],
  });
  expect(told).toEqual([["carol", "dave"]]);
  expect(ledger.vouchedCount()).toBe(1);

  const gone: unknown[] = [];
  ledger.onForget(({ event, reason, tier, vouchers }) =>
    gone.push([event, reason, tier, vouchers]),
  );
  expect(ledger.add(signed(change(1n))).ok).toBe(true);
  expect(gone).toEqual([[change(1n), "replaced", "vouched", ["carol", "dave"]]]);
  expect(ledger.standingOf(change(1n).id)).toEqual({ tier: "proven", vouchers: [] });
  expect(ledger.add(change(1n), hearsay("erin"))).toMatchObject({ refusal: "duplicate" });
  expect(ledger.vouchedCount()).toBe(0);
});

test("no more than 64 peers are named for one event", () => {
  const ledger = createLedger({ capacity: 10 });
  for (const at of Array(100).keys()) ledger.add(change(1n), hearsay(`peer-${at}`));
  expect(ledger.standingOf(change(1n).id)?.vouchers).toHaveLength(64);
});

test("my own observation of a proven fact is refused, of hearsay it is not", () => {
  const own = { isOwnObservation: true };
  const mine = { ...restart(1n, "me").payload, restart_num: 5n };
  const ownRestart = newSyncEvent("observation", 8n, mine);
  const theirs = newSyncEvent("observation", 9n, { ...mine, observer: "alice" });
  const ledger = createLedger({ capacity: 10 });
  ledger.add(theirs, hearsay("carol"));
  expect(ledger.add(ownRestart, own).ok).toBe(true);
  expect(ledger.add(newSyncEvent("observation", 10n, mine), own)).toMatchObject({
    refusal: "known_fact",
  });
  expect(ledger.add(newSyncEvent("observation", 10n, mine)).ok).toBe(true);
});
