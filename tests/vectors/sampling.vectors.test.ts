/** Which events the reference hands out: samples, pages, recent ones, slices, subjects dealt out. */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { dumpLines } from "../../src/nara/backup/dump.ts";
import { createDumpReader } from "../../src/nara/backup/dump-reader.ts";
import { goString } from "../../src/nara/codec/go-json.ts";
import {
  actorOf,
  decodeSyncEvent,
  isAlwaysIn,
  newSyncEvent,
  type SyncEvent,
  targetOf,
} from "../../src/nara/events/sync-event.ts";
import { maxSyncEvents } from "../../src/nara/limits.ts";
import { eventPage } from "../../src/nara/sync/page.ts";
import { sampleEvents, sampleWeight } from "../../src/nara/sync/sample.ts";
import { partitionSubjects } from "../../src/nara/sync/subjects.ts";
import { answerSync } from "../../src/nara/sync/sync-answer.ts";
import { readSyncResponse, syncResponseClaim } from "../../src/nara/sync/sync-response.ts";
import { createSeededRandom } from "../../src/nara/testing/seeded-random.ts";
import { holds, keyPairOf, publicKeyOf, type Signer, seedOf } from "./signers.ts";
import { signBytes } from "./signing.ts";
import { coverSections, goFloat, testCases, vectors } from "./support.ts";

interface LedgerRow {
  readonly name: string;
  readonly events: readonly string[];
}

interface BulkRule {
  readonly count: number;
  readonly first: string;
  readonly step: string;
}

interface WeightCase {
  readonly json: string;
  readonly me: string;
  readonly weight: string;
  readonly alwaysIn: boolean;
}

interface SyncCase {
  readonly ledger: string;
  readonly method: string;
  readonly request: string;
  readonly status: number;
  readonly contentType: string;
  /** Of refusals. */
  readonly body?: string;
  readonly count?: number;
  readonly ids?: readonly string[];
  /** With it `ids` are but the first and the last. */
  readonly idsSha256?: string;
  readonly eventsNull?: boolean;
  readonly nextCursor?: string;
  readonly ts?: string;
  readonly sig?: string;
}

interface DrawCase {
  readonly ledger: string;
  readonly size: number;
  readonly draws: number;
  readonly frequency: { readonly [id: string]: number };
}

interface PartitionCase {
  readonly subjects: readonly string[];
  readonly n: number;
  readonly parts: readonly (readonly string[])[];
}

interface Shared {
  readonly me: Signer;
  readonly now: string;
  readonly ledgers?: readonly LedgerRow[];
  readonly bulk?: BulkRule;
}

/** What two runs of so many draws may differ in (the file says so). */
const frequencyTolerance = 0.045;

const shared = vectors<Partial<Shared>>("sampling.json");
const nowNs = BigInt(shared.now ?? "0");
const ledgers = new Map<string, readonly SyncEvent[]>(
  (shared.ledgers ?? []).map(({ name, events }) => [name, events.map(eventOf)]),
);
if (shared.bulk !== undefined) ledgers.set("bulk", bulkLedger(shared.bulk));

coverSections("sampling.json", {
  ledgers: (rows: readonly LedgerRow[]) => {
    test("as a dump of the reference's backup tool they are read and written alike", () => {
      for (const { events } of rows) {
        const text = events.map((line) => `${line}\n`).join("");
        const reader = createDumpReader();
        const read = reader.push(text);
        expect(reader.report()).toMatchObject({ lines: events.length, bad: {} });
        expect([...dumpLines(read)].join("")).toBe(text);
      }
    });
  },
  bulk: (rule: BulkRule) => {
    test("a page of it and the page after hold it all", () => {
      const all = bulkLedger(rule);
      const first = eventPage(all, "", maxSyncEvents);
      const second = eventPage(all, first.nextCursor, maxSyncEvents);
      expect([...first.events, ...second.events]).toEqual(all);
      expect(second.nextCursor).toBe("");
    });
  },
  weights: (cases: readonly WeightCase[]) => testCases(cases, checkWeight),
  sync: (cases: readonly SyncCase[]) => testCases(cases, checkSync),
  draws: (cases: readonly DrawCase[]) => testCases(cases, checkDraws),
  partitions: (cases: readonly PartitionCase[]) =>
    testCases(cases, ({ subjects, n, parts }) => {
      expect(partitionSubjects(subjects, n)).toEqual(parts);
    }),
});

function checkWeight(row: WeightCase): void {
  const event = eventOf(row.json);
  const expected = goFloat(row.weight);
  const weight = sampleWeight(event, { me: row.me, nowNs });
  if (Number.isFinite(expected) && expected !== 0) expect(weight / expected).toBeCloseTo(1, 9);
  else expect(weight).toBe(expected);
  expect(isAlwaysIn(event)).toBe(row.alwaysIn);
}

function checkSync(row: SyncCase): void {
  const me = shared.me ?? raise("sampling.json says nothing of me");
  const keyPair = keyPairOf(me);
  const random = createSeededRandom(row.request);
  const answer = answerSync({ method: row.method, body: row.request }, ledgerOf(row.ledger), {
    name: me.name,
    keyPair,
    nowNs,
    random,
  });
  expect(answer.status).toBe(row.status);
  expect(answer.contentType).toBe(row.contentType);
  if (row.status !== 200) {
    expect(answer.body).toBe(row.body);
    return;
  }
  const read = readSyncResponse(answer.body);
  if (!read.ok) throw new Error(read.refusal);
  const response = read.value;
  expect(response.from).toBe(me.name);
  expect(response.nextCursor).toBe(row.nextCursor);
  expect(String(response.atS)).toBe(row.ts);
  expect(answer.body.startsWith(`{"from":${goString(me.name)},"events":null`)).toBe(row.eventsNull);
  expect(holds(syncResponseClaim(response, publicKeyOf(me)))).toBe(true);

  const grown = sharingTheLastTime(row);
  expect(response.ids).toHaveLength((row.count ?? 0) + grown.length);
  if (row.ids === undefined) return;
  if (row.idsSha256 === undefined) {
    expect(response.ids).toEqual([...row.ids, ...grown]);
  } else {
    const asked = response.ids.slice(0, row.count);
    expect(sha256(asked.join("")).toString("hex")).toBe(row.idsSha256);
    expect([asked[0], asked.at(-1)]).toEqual(row.ids);
  }
  const digest = sha256(`${me.name}:${row.ts}:${response.ids.join("")}`);
  expect(response.signature).toBe(grown.length === 0 ? row.sig : signBytes(seedOf(me), digest));
}

/**
 * docs/differences.md, "a page that ends within one time": the reference loses what shares the last
 * event's time; our page takes it along.
 */
function sharingTheLastTime(row: SyncCase): readonly string[] {
  if (row.nextCursor === undefined || row.nextCursor === "") return [];
  const asked = JSON.parse(row.request) as {
    readonly services?: readonly string[] | null;
    readonly subjects?: readonly string[] | null;
  };
  const told = new Set(row.ids);
  return ledgerOf(row.ledger)
    .filter(
      (event) =>
        String(event.tsNs) === row.nextCursor &&
        !told.has(event.id) &&
        (!asked.services?.length || asked.services.includes(event.svc)) &&
        (!asked.subjects?.length ||
          asked.subjects.includes(actorOf(event)) ||
          asked.subjects.includes(targetOf(event))),
    )
    .slice(0, maxSyncEvents)
    .map(({ id }) => id);
}

function checkDraws({ ledger, size, draws, frequency }: DrawCase): void {
  const events = ledgerOf(ledger);
  const me = shared.me?.name ?? "";
  const random = createSeededRandom(ledger);
  const drawn = new Map<string, number>();
  for (let draw = 0; draw < draws; draw++) {
    for (const { id } of sampleEvents(events, size, { me, nowNs, random })) {
      drawn.set(id, (drawn.get(id) ?? 0) + 1);
    }
  }
  for (const { id } of events) {
    const ours = (drawn.get(id) ?? 0) / draws;
    expect(Math.abs(ours - (frequency[id] ?? 0)), id).toBeLessThan(frequencyTolerance);
  }
}

function bulkLedger({ count, first, step }: BulkRule): readonly SyncEvent[] {
  const at = (index: number): bigint => BigInt(first) + BigInt(index) * BigInt(step);
  const gossip = Array.from({ length: count }, (_, index) =>
    newSyncEvent("social", at(index), {
      type: "gossip",
      actor: `b${index % 3}`,
      target: "t",
      reason: "random",
    }),
  );
  return [
    ...gossip,
    newSyncEvent("seen", at(count), { observer: "b0", subject: "t", via: "mesh" }),
  ];
}

function eventOf(text: string): SyncEvent {
  const decoded = decodeSyncEvent(text);
  return decoded.ok ? decoded.value : raise(decoded.refusal);
}

const ledgerOf = (name: string): readonly SyncEvent[] =>
  ledgers.get(name) ?? raise(`no ledger ${name}`);

const sha256 = (text: string): Buffer => createHash("sha256").update(text).digest();

function raise(why: string): never {
  throw new Error(why);
}
