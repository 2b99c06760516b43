/** What holds for all events, in whatever order and company they come. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { dumpLines } from "../../src/nara/backup/dump.ts";
import { createDumpReader } from "../../src/nara/backup/dump-reader.ts";
import {
  decodeSyncEvent,
  encodeSyncEvent,
  newSyncEvent,
  type SyncEvent,
} from "../../src/nara/events/sync-event.ts";
import { createProjections } from "../../src/nara/projections/projections.ts";
import { readImportRequest, writeImportRequest } from "../../src/nara/sync/import-request.ts";
import { readSyncResponse, writeSyncResponse } from "../../src/nara/sync/sync-response.ts";
import { readZine, writeZine } from "../../src/nara/sync/zine.ts";
import type { Source } from "../../src/nara/trust/judgement.ts";
import {
  alice,
  type Besieged,
  besieged,
  bob,
  carol,
  checkpointOf,
  dave,
  everyPath,
  mallory,
  missing,
  nowNs,
  nowS,
  restart,
  seconds,
  unsigned,
} from "../attacks/besieged.ts";

const people = [bob, carol, dave, mallory];

/** True words of every kind, words that nobody signed, and forged ones. */
const pool: readonly SyncEvent[] = people.flatMap((by, index) => {
  const at = (ageS: number): bigint => nowNs - seconds(ageS + 10 * index);
  const seen = by.says("observation", { ...missing, observer: by.name, subject: "erin" }, at(1));
  const start = { ...restart, observer: by.name, subject: "erin", restart_num: BigInt(index) };
  const known = by.says("observation", { ...start, last_restart: 0n }, at(2));
  const tease = by.says("social", { type: "tease", actor: by.name, target: "erin" }, at(3));
  return [
    seen,
    unsigned(seen),
    known,
    unsigned(known),
    tease,
    unsigned(tease),
    { ...tease, id: "0".repeat(32) },
    by.says("ping", { observer: by.name, target: "erin", rtt: 5 }, at(4)),
    by.says("seen", { observer: by.name, subject: "erin", via: "zine" }, at(5)),
    by.says("hey-there", { From: by.name, PublicKey: by.publicKey }, at(6)),
    by.says("chau", { From: by.name, PublicKey: by.publicKey }, at(7)),
    newSyncEvent("checkpoint", at(8), checkpointOf(by, people, { as_of_time: nowS - 100n })),
  ];
});

const events = fc.array(fc.constantFrom(...pool), { maxLength: 40 });
const source = fc.constantFrom<Source>(
  { path: "sync", from: "mallory" },
  { path: "sync", from: "bob" },
  { path: "import", from: "carol" },
);
const batches = fc.array(fc.tuple(events, source), { maxLength: 5 });
type Batches = readonly (readonly [readonly SyncEvent[], Source])[];

async function takeAll(home: Besieged, all: Batches): Promise<void> {
  for (const [some, from] of all) await home.take(some, from);
}

/** What is kept, and how well it is proven; the order tells when it came. */
const kept = ({ ledger }: Besieged) =>
  ledger
    .events()
    .map((event) => {
      const { tier, vouchers } = ledger.standingOf(event.id) ?? { tier: "", vouchers: [] };
      return { event, tier, vouchers: vouchers.toSorted() };
    })
    .toSorted((one, other) => (one.event.id < other.event.id ? -1 : 1));

test("with room enough, batches merge to the same in whatever order they come", async () => {
  await fc.assert(
    fc.asyncProperty(batches, fc.infiniteStream(fc.nat()), async (all, dice) => {
      const order = all.map((batch) => ({ batch, rank: dice.next().value ?? 0 }));
      const shuffled = order.toSorted((one, other) => one.rank - other.rank);
      const one = besieged();
      const other = besieged();
      await takeAll(one, all);
      await takeAll(
        other,
        shuffled.map(({ batch }) => batch),
      );
      expect(kept(other)).toEqual(kept(one));
    }),
    { numRuns: 60 },
  );
});

test("what was merged once changes nothing when it is merged again", async () => {
  await fc.assert(
    fc.asyncProperty(batches, async (all) => {
      const home = besieged();
      await takeAll(home, all);
      const before = kept(home);
      const version = home.ledger.version();
      await takeAll(home, all);
      expect(kept(home)).toEqual(before);
      expect(home.ledger.version()).toBe(version);
    }),
    { numRuns: 60 },
  );
});

test("however little room there is, there is never more, and every event is added or counted", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 12 }), batches, async (capacity, all) => {
      const home = besieged({ capacity });
      for (const [some, from] of all) {
        const { added, dropped } = await home.take(some, from);
        const refused = Object.values(dropped).reduce((sum, count) => sum + count, 0);
        expect(added + refused).toBe(some.length);
        expect(home.ledger.count()).toBeLessThanOrEqual(capacity);
      }
    }),
    { numRuns: 60 },
  );
});

test("beliefs that grew with the events are those of a replay of what is left", async () => {
  const judge = { soulText: "", personality: { agreeableness: 50, sociability: 50, chill: 50 } };
  const beliefsOf = (home: Besieged) =>
    createProjections(home.ledger, judge, { nowNs: () => nowNs });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 60 }), batches, async (capacity, all) => {
      const home = besieged({ capacity });
      const grown = beliefsOf(home);
      await takeAll(home, all);
      const replayed = beliefsOf(home);
      for (const name of ["erin", ...people.map((one) => one.name)]) {
        const wallS = Number(nowS);
        expect(grown.opinions.opinionOf(name, wallS)).toEqual(
          replayed.opinions.opinionOf(name, wallS),
        );
        expect(grown.online.statusOf(name, nowNs)).toBe(replayed.online.statusOf(name, nowNs));
      }
    }),
    { numRuns: 60 },
  );
});

test("an event reads as it was written, alone and in every list that carries events", () => {
  fc.assert(
    fc.property(events, (some) => {
      for (const event of some) {
        expect(decodeSyncEvent(encodeSyncEvent(event))).toEqual({ ok: true, value: event });
      }
      const zine = readZine(writeZine(some, { name: "alice", keyPair: alice.keyPair }, nowNs));
      const page = { events: some, nextCursor: "" };
      const author = { name: "alice", keyPair: alice.keyPair };
      const answer = readSyncResponse(writeSyncResponse(page, author, nowNs));
      const brought = readImportRequest(writeImportRequest(some, alice.keyPair, nowNs));
      for (const read of [zine, answer, brought])
        expect(read.ok && read.value.events).toEqual(some);
      const reader = createDumpReader();
      const lines = [...dumpLines(some)].join("");
      expect([...reader.push(lines), ...reader.end()]).toEqual(some);
    }),
    { numRuns: 60 },
  );
});

test("nothing that can be read makes taking in throw, by whatever path", async () => {
  const odd = fc.record({
    tsNs: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    emitter: fc.oneof(fc.string(), fc.constantFrom("bob", "alice", "")),
    sig: fc.string(),
    id: fc.oneof(fc.string(), fc.constantFrom(...pool.map(({ id }) => id))),
    word: fc.string(),
    number: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom(...pool), odd), { maxLength: 20 }),
      fc.constantFrom(...everyPath),
      async (some, from) => {
        const spoilt = some.map(([event, { word, number, ...rest }]) => {
          const fields = Object.entries(event.payload).map(([key, value]) => [
            key,
            typeof value === "string" ? word : typeof value === "bigint" ? number : value,
          ]);
          return { ...event, ...rest, payload: Object.fromEntries(fields) } as SyncEvent;
        });
        const home = besieged();
        const { added, dropped } = await home.take(spoilt, from);
        const refused = Object.values(dropped).reduce((sum, count) => sum + count, 0);
        expect(added + refused).toBe(some.length);
        expect(added).toBe(0);
      },
    ),
    { numRuns: 150 },
  );
});
