import { expect, test } from "vitest";
import { newSyncEvent, type SyncEvent } from "./events/sync-event.ts";
import { createLedger } from "./ledger/ledger.ts";
import { createProjections } from "./projections/projections.ts";
import { createRecall } from "./recall.ts";
import { createVirtualClock } from "./testing/virtual-clock.ts";
import type { MemoryQuery, TimelineEntry } from "./view.ts";

const s = 1_000_000_000n;
const everything: MemoryQuery = { kinds: [], name: "", cursor: "", limit: 10 };
const judge = { soulText: "s", personality: { agreeableness: 50, sociability: 50, chill: 50 } };

/** A nara's memory; its clock stands at the year 2026. */
function memoryOf(events: readonly SyncEvent[], capacity = 1000) {
  const clock = createVirtualClock();
  const ledger = createLedger({ capacity });
  const projections = createProjections(ledger, judge, clock);
  for (const event of events) ledger.add(event);
  return { clock, ledger, recall: createRecall({ clock, ledger, projections }) };
}

const tease = (atS: number, actor: string, target: string): SyncEvent =>
  newSyncEvent("social", BigInt(atS) * s, { type: "tease", actor, target, reason: "random" });
const chau = (atS: number, name: string): SyncEvent =>
  newSyncEvent("chau", BigInt(atS) * s, { From: name, PublicKey: "k" });

/** Everything, page after page. */
function readOut(recall: ReturnType<typeof memoryOf>["recall"], query: MemoryQuery) {
  const entries: TimelineEntry[] = [];
  for (let cursor = "", pages = 0; pages < 100; pages++) {
    const page = recall.page({ ...query, cursor });
    entries.push(...page.entries);
    if (page.cursor === "") break;
    cursor = page.cursor;
  }
  return entries;
}

test("page by page the whole memory is read, newest first, each event once", () => {
  const events = Array.from({ length: 95 }, (_, at) => tease(1000 + at, "ann", `bob-${at}`));
  const { recall } = memoryOf(events);
  const entries = readOut(recall, everything);
  expect(entries.map(({ id }) => id)).toEqual(events.map(({ id }) => id).toReversed());
  expect(recall.page(everything)).toMatchObject({ total: 95 });
});

test("many events of one time are told once each, however the pages fall", () => {
  const events = Array.from({ length: 47 }, (_, at) => tease(1000, "ann", `bob-${at}`));
  const { recall } = memoryOf([...events, tease(999, "ann", "bob"), tease(1001, "ann", "bob")]);
  const ids = readOut(recall, { ...everything, limit: 5 }).map(({ id }) => id);
  expect(ids).toHaveLength(49);
  expect(new Set(ids).size).toBe(49);
});

test("what comes between two pages neither repeats nor hides anything older", () => {
  const { recall, ledger } = memoryOf([1, 2, 3, 4].map((at) => tease(at, "ann", "bob")));
  const first = recall.page({ ...everything, limit: 2 });
  ledger.add(tease(9, "late", "comer"));
  const second = recall.page({ ...everything, limit: 2, cursor: first.cursor });
  expect(second.entries.map(({ atMs }) => atMs)).toEqual([2000, 1000]);
  expect(second.cursor).toBe("");
});

test("only the kinds and the nara that were asked for are told, and counted", () => {
  const { recall } = memoryOf([
    tease(1, "ann", "bob"),
    tease(2, "carla", "annabel"),
    tease(3, "carla", "bob"),
    chau(4, "ann"),
  ]);
  const told = (query: Partial<MemoryQuery>) => {
    const { entries, total } = recall.page({ ...everything, ...query });
    return [entries.map(({ atMs }) => atMs / 1000), total];
  };
  expect(told({ kinds: ["chau"] })).toEqual([[4], 1]);
  expect(told({ kinds: ["chau", "social"] })).toEqual([[4, 3, 2, 1], 4]);
  expect(told({ name: "ann" })).toEqual([[4, 2, 1], 3]);
  expect(told({ name: "ann", kinds: ["social"] })).toEqual([[2, 1], 2]);
  expect(told({ name: "nobody" })).toEqual([[], 0]);
  expect(told({ kinds: ["no such kind"] })).toEqual([[], 0]);
});

test("a cursor that is none begins anew, and no page is longer than pages may be", () => {
  const { recall } = memoryOf(Array.from({ length: 600 }, (_, at) => tease(at + 1, "ann", "bob")));
  for (const cursor of ["-", "1", "1+2+3", "9".repeat(40)]) {
    expect(recall.page({ ...everything, cursor }).entries[0]?.atMs).toBe(600_000);
  }
  expect(recall.page({ ...everything, limit: 1e9 }).entries).toHaveLength(500);
});

test("evidence of presence alone reads like a light in a window", () => {
  const still = { type: "observation", actor: "ann", target: "ann", reason: "still-here" };
  const { recall } = memoryOf([newSyncEvent("social", s, still)]);
  expect(recall.page(everything).entries[0]).toMatchObject({
    icon: "🕯️",
    text: "ann is still here",
    about: "ann",
  });
});

test("hearsay is told as unsigned", () => {
  const { recall, ledger } = memoryOf([]);
  ledger.add(tease(1, "ann", "bob"), { tier: "vouched", voucher: "carla" });
  expect(recall.page(everything).entries[0]?.signed).toBe(false);
  expect(recall.memory("short").hearsay).toBe(1);
});

test("each belief comes with what it is made of, in words", () => {
  const nowNs = memoryOf([]).clock.nowNs();
  const restart = (observer: string, count: bigint): SyncEvent =>
    newSyncEvent("observation", nowNs - BigInt(observer.length), {
      observer,
      subject: "bob",
      type: "restart",
      importance: 3n,
      start_time: 1000n,
      restart_num: count,
      last_restart: 5000n,
    });
  const heard = memoryOf([
    ...["al", "ann", "carla"].map((observer) => restart(observer, 4n)),
    restart("liar", 900n),
  ]);
  const beliefs = heard.recall.beliefs("bob");
  expect(beliefs.map(({ belief }) => belief)).toEqual([
    "online",
    "start-time",
    "restarts",
    "last-restart",
    "uptime",
    "clout",
  ]);
  const restarts = beliefs.find(({ belief }) => belief === "restarts");
  expect(restarts?.value).toBe(4);
  expect(restarts?.evidence.map(({ voice, value, share }) => [voice, value, share])).toContainEqual(
    ["liar", 900, "outlier"],
  );
  expect(restarts?.evidence.find(({ voice }) => voice === "ann")).toMatchObject({
    share: "kept",
    value: 4,
    text: "bob woke up again",
    kind: "observation",
  });
  expect(heard.recall.beliefs("nobody").every(({ total }) => total === 0)).toBe(true);
});

test("what is held and what was forgotten is told of each kind, and why", () => {
  const { recall, ledger } = memoryOf(
    Array.from({ length: 12 }, (_, at) => tease(at + 1, "ann", "bob")),
    10,
  );
  ledger.add(chau(50, "ann"));
  ledger.removeNara("ann");
  expect(recall.memory("medium")).toEqual({
    mode: "medium",
    capacity: 10,
    held: 0,
    hearsay: 0,
    kinds: [
      { kind: "chau", held: 0, forgotten: { removed: 1 } },
      { kind: "social", held: 0, forgotten: { capacity: 3, removed: 9 } },
    ],
  });
});
