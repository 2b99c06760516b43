import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeSyncEvent, newSyncEvent, priorityOf, type SyncEvent } from "../events/sync-event.ts";
import { createVirtualClock } from "../testing/virtual-clock.ts";
import { alreadyChecked } from "./checked-event.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import { trimInSteps } from "./trim-in-steps.ts";

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
          const isMore = outcome.ok && outcome.value.forgotten === undefined;
          expect(ledger.count()).toBe(isMore ? before + 1 : before);
          expect(ledger.count()).toBeLessThanOrEqual(capacity);
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

const anyStanding = fc.option(fc.constantFrom("carol", "dave"), { nil: undefined });
const take = (ledger: Ledger, [event, voucher]: readonly [SyncEvent, string | undefined]) =>
  ledger.add(event, voucher === undefined ? {} : { tier: "vouched", voucher });

test("with room enough, the order of arrival makes no difference, nor does coming twice", () => {
  fc.assert(
    fc.property(
      fc
        .array(fc.tuple(anyEvent, anyStanding), { maxLength: 20 })
        .chain((told) =>
          fc.tuple(
            fc.constant(told),
            fc.shuffledSubarray([...told, ...told], { minLength: 2 * told.length }),
          ),
        ),
      ([told, shuffled]) => {
        const facts = (ledger: Ledger) =>
          ledger
            .events()
            .filter(({ svc }) => svc !== "ping")
            .map(({ id }) => [
              id,
              ledger.standingOf(id)?.tier,
              ledger.standingOf(id)?.vouchers.toSorted(),
            ])
            .sort();
        const one = createLedger({ capacity: 1000 });
        const other = createLedger({ capacity: 1000 });
        for (const each of told) take(one, each);
        for (const each of shuffled) take(other, each);
        expect(facts(other)).toEqual(facts(one));
      },
    ),
  );
});

test("whatever comes, it holds no more than its capacity and tells of every loss", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          { weight: 20, arbitrary: fc.tuple(anyEvent, anyStanding) },
          fc.nat({ max: 8 }),
          fc.constantFrom("a", "b"),
        ),
        { maxLength: 80 },
      ),
      (doings) => {
        const ledger = createLedger({ capacity: 8 });
        const followed = new Map<string, SyncEvent>();
        let losses = 0;
        ledger.onForget(({ event }) => {
          losses++;
          expect(followed.delete(event.id)).toBe(true);
        });
        ledger.onAdd(({ event }) => followed.set(event.id, event));
        for (const doing of doings) {
          if (typeof doing === "number") ledger.setCapacity(doing);
          else if (typeof doing === "string") ledger.removeNara(doing);
          else take(ledger, doing);
          expect(ledger.count()).toBeLessThanOrEqual(ledger.capacity);
          const kept = ledger.events();
          expect(new Set(kept)).toEqual(new Set(followed.values()));
          const vouched = kept.filter(({ id }) => ledger.standingOf(id)?.tier === "vouched");
          expect(ledger.vouchedCount()).toBe(vouched.length);
        }
        const counted = Object.values(ledger.forgotten()).flatMap((counts) =>
          Object.values(counts),
        );
        expect(counted.reduce((sum, count) => sum + count, 0)).toBe(losses);
      },
    ),
  );
});

test("it says how much it forgot of each kind, and why", () => {
  const ledger = ledgerOf(8, ping(1n), ping(2n), ping(3n), ping(4n), ping(5n), ping(6n), tease(1n));
  ledger.add(heyThere(7n, "carol"));
  ledger.removeNara("carol");
  ledger.setCapacity(2);
  const { ping: pings, social, "hey-there": greetings } = ledger.forgotten();
  expect(pings).toMatchObject({ ping_retention: 1, capacity: 4 });
  expect(social.capacity).toBe(0);
  expect(greetings).toMatchObject({ removed: 1, capacity: 0 });
  expect(ledger.version()).toBe(3);
  expect(ledger.capacity).toBe(2);
});

test("made smaller and larger again, it finds all that is left", () => {
  const ledger = ledgerOf(100, ...Array.from({ length: 60 }, (_, at) => tease(BigInt(at + 1))));
  ledger.setCapacity(10);
  ledger.setCapacity(100);
  ledger.add(restart(99n));
  expect(ledger.count()).toBe(11);
  expect(ledger.events().every(({ id }) => ledger.has(id))).toBe(true);
  expect(ledger.since(0n)).toEqual(ledger.events());
});

test("a long memory made small forgets in steps, the least precious first, and grows no more", async () => {
  const ledger = createLedger({ capacity: 3000 });
  for (let at = 1n; at <= 3000n; at++) ledger.add(at > 2990n ? restart(at) : tease(at));
  const clock = createVirtualClock();
  const sizes = [ledger.count()];
  ledger.setCapacity(10);
  expect(ledger.count()).toBeGreaterThan(1000);
  trimInSteps(ledger, {
    after(delayMs, task) {
      const before = ledger.count();
      expect(ledger.add(tease(5000n + BigInt(before))).ok).toBe(true);
      expect(ledger.count()).toBe(before);
      sizes.push(before);
      return clock.after(delayMs, task);
    },
  });
  await clock.pass({ seconds: 1 });
  expect(sizes.length).toBeGreaterThan(3);
  expect(sizes).toEqual(sizes.toSorted((one, other) => other - one));
  expect(ledger.count()).toBe(10);
  expect(ledger.trim()).toBe(true);
  expect(ledger.events().every(({ svc }) => svc === "observation")).toBe(true);
});

test("whoever comes and goes, events are found and counted by the names in them", () => {
  const ledger = createLedger({ capacity: 4 });
  const names = ["ann", "annabel", "bob", "joanna", "zoe"];
  for (let at = 0; at < 40; at++) {
    const [actor = "", target = "", emitter = ""] = [at, at * 3 + 1, at * 7 + 2].map(
      (number) => names[number % names.length],
    );
    ledger.add({ ...tease(BigInt(at + 1), actor, target), emitter, sig: "c2ln" });
    for (const part of ["ann", "bob", "zoe", "nobody"]) {
      const named = (name: string): boolean => name.includes(part);
      const expected = ledger
        .newest(9)
        .filter(({ payload, emitter: teller }) =>
          "actor" in payload ? [payload.actor, payload.target, teller].some(named) : false,
        );
      expect(ledger.newest(9, undefined, { named })).toEqual(expected);
      expect(ledger.countNaming(named, () => true)).toBe(expected.length);
      const old = expected.filter(({ tsNs }) => tsNs <= BigInt(at));
      expect(ledger.newest(9, undefined, { named, upToNs: BigInt(at) })).toEqual(old);
    }
  }
});

test("a batch says how much was added and why the rest was not", () => {
  const ledger = createLedger({ capacity: 10 });
  const events = [ping(1n), ping(1n), tease(2n)].map(alreadyChecked);
  expect(ledger.merge(events)).toEqual({ added: 2, refused: { duplicate: 1 } });
});

test("what names strangers goes first, until they become known", () => {
  const known = new Set(["alice", "bob"]);
  const ledger = createLedger({ capacity: 2, isKnown: (name) => known.has(name) });
  const ofStranger = tease(5n, "alice", "stranger");
  const ofNewcomer = tease(6n, "alice", "newcomer");
  for (const event of [ofStranger, ofNewcomer, ping(1n)]) ledger.add(event);
  expect(ledger.events()).toEqual([ofNewcomer, ping(1n)]);
  expect(ledger.add(ofStranger)).toMatchObject({ refusal: "ledger_full" });
  known.add("newcomer");
  ledger.add(tease(8n));
  expect(ledger.events()).toEqual([ofNewcomer, tease(8n)]);
});

test("the latest are found without looking at the rest", () => {
  const ledger = ledgerOf(10, tease(3n), ping(5n), tease(1n), tease(4n));
  expect(ledger.newest(2)).toEqual([ping(5n), tease(4n)]);
  expect(ledger.newest(2, ({ svc }) => svc === "social")).toEqual([tease(4n), tease(3n)]);
  expect(ledger.since(1n, 2)).toEqual([tease(3n), tease(4n)]);
  expect(ledger.targeting("social", "bob")).toEqual([tease(3n), tease(1n), tease(4n)]);
});

test("a frozen event is taken as it is", () => {
  const event = tease(1n);
  Object.freeze(event.payload);
  expect(ledgerOf(1, Object.freeze(event)).events()).toEqual([event]);
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
