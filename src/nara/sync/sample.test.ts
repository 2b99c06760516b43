import { expect, test } from "vitest";
import { newSyncEvent, type SyncEvent } from "../events/sync-event.ts";
import { createSeededRandom } from "../testing/seeded-random.ts";
import { sampleEvents, sampleWeight } from "./sample.ts";

const nowNs = 1_790_000_000_000_000_000n;
const dayNs = 86_400_000_000_000n;
const tease = (tsNs: bigint, actor = "alice") =>
  newSyncEvent("social", tsNs, { type: "tease", actor, target: "bob", reason: "random" });
const heyThere = (tsNs: bigint) =>
  newSyncEvent("hey-there", tsNs, { From: "carol", PublicKey: "key" });
const sampler = (seed: string) => ({ me: "me", nowNs, random: createSeededRandom(seed) });
const series = (count: number, make: (at: bigint) => SyncEvent) =>
  Array.from({ length: count }, (_, index) => make(BigInt(index + 1)));

test("what must not be missed comes first, the rest is drawn, all oldest first", () => {
  const critical = series(3, (at) => heyThere(nowNs - at * dayNs));
  const others = series(100, (at) => tease(nowNs - at * dayNs));
  const sample = sampleEvents([...others, ...critical], 10, sampler("a"));
  expect(sample).toHaveLength(10);
  expect(sample.filter(({ svc }) => svc === "hey-there")).toHaveLength(3);
  expect(sample.map(({ tsNs }) => tsNs)).toEqual(
    sample.map(({ tsNs }) => tsNs).toSorted((a, b) => Number(a - b)),
  );
});

test("too much that must not be missed: the oldest of it, and nothing else", () => {
  const critical = series(8, (at) => heyThere(nowNs - at));
  const sample = sampleEvents([...series(5, tease), ...critical], 4, sampler("a"));
  expect(sample).toEqual(critical.toReversed().slice(0, 4));
  expect(sampleEvents(critical, 0, sampler("a"))).toEqual([]);
});

test("a sample larger than the ledger is the ledger, be its events ever so old", () => {
  const ancient = [tease(1n), tease(-(2n ** 63n)), tease(nowNs - 15_400n * dayNs)];
  expect(new Set(sampleEvents(ancient, 9, sampler("a")))).toEqual(new Set(ancient));
});

test("the young and one's own are likelier", () => {
  const young = series(50, (at) => tease(nowNs - at));
  const old = series(50, (at) => tease(nowNs - 60n * dayNs - at));
  const mine = series(50, (at) => tease(nowNs - 60n * dayNs - at, "me"));
  const count = { young: 0, old: 0, mine: 0 };
  const random = createSeededRandom("b");
  for (let draw = 0; draw < 200; draw++) {
    for (const event of sampleEvents([...young, ...old, ...mine], 30, {
      me: "me",
      nowNs,
      random,
    })) {
      if (young.includes(event)) count.young++;
      else if (mine.includes(event)) count.mine++;
      else count.old++;
    }
  }
  expect(count.young).toBeGreaterThan(5 * count.mine);
  expect(count.mine).toBeGreaterThan(1.3 * count.old);
});

test("a year later almost nothing is left of a weight, and the same draw comes of the same luck", () => {
  const weight = sampleWeight(tease(nowNs - 365n * dayNs), { me: "me", nowNs });
  expect(weight).toBeGreaterThan(0);
  expect(weight).toBeLessThan(1e-7);
  const events = series(500, (at) => tease(nowNs - at * dayNs));
  const draw = () => sampleEvents(events, 20, sampler("same"));
  expect(draw()).toEqual(draw());
});

test("only what is wanted is drawn", () => {
  const events = [heyThere(1n), tease(2n), tease(3n, "dave")];
  const wanted = { services: ["social"], subjects: ["dave", "nobody"] };
  expect(sampleEvents(events, 5, sampler("a"), wanted)).toEqual([events[2]]);
});
