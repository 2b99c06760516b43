import fc from "fast-check";
import { expect, test } from "vitest";
import { newSyncEvent, type SyncEvent } from "../events/sync-event.ts";
import { maxSyncEvents } from "../limits.ts";
import { eventPage, parseCursor } from "./page.ts";
import { recentEvents } from "./recent.ts";
import { eventSlice } from "./slices.ts";

const at = (tsNs: bigint, actor = "a"): SyncEvent =>
  newSyncEvent("social", tsNs, { type: "tease", actor, target: "b" });
const all = { sinceNs: 0n, index: 0n, total: 1n, most: 100 };

test("page by page every event is told exactly once, whatever its time", () => {
  fc.assert(
    fc.property(
      fc.array(fc.bigInt(1n, 12n), { maxLength: 60 }),
      fc.integer({ min: 1, max: 7 }),
      (times, size) => {
        const events = times.map((tsNs, index) => at(tsNs, `n${index}`));
        const told: SyncEvent[] = [];
        let cursor = "";
        do {
          const page = eventPage(events, cursor, size);
          told.push(...page.events);
          cursor = page.nextCursor;
        } while (cursor !== "");
        expect(told).toEqual(events.toSorted((a, b) => Number(a.tsNs - b.tsNs)));
      },
    ),
  );
});

test("a page grows by the events of one time, but not without end", () => {
  const events = Array.from({ length: maxSyncEvents + 9 }, (_, index) => at(5n, `n${index}`));
  expect(eventPage(events, "", 2).events).toHaveLength(maxSyncEvents + 2);
});

test("a full page has a cursor even when nothing follows, a page that is not full has none", () => {
  const events = [at(1n), at(2n)];
  expect(eventPage(events, "", 2)).toEqual({ events, nextCursor: "2" });
  expect(eventPage(events, "2", 2)).toEqual({ events: [], nextCursor: "" });
  expect(eventPage(events, "", 3)).toEqual({ events, nextCursor: "" });
});

test("a cursor is read as Go reads an int64", () => {
  const read = ["7", "+7", "-7", "007", "", "x", "1e3", " 7", "0x7", "1_0", "9223372036854775808"];
  expect(read.map(parseCursor)).toEqual([7n, 7n, -7n, 7n, 0n, 0n, 0n, 0n, 0n, 0n, 0n]);
  expect(parseCursor("9".repeat(1_000_000))).toBe(0n);
});

test("recent events come newest first", () => {
  const events = [at(2n), at(3n, "x"), at(3n, "y"), at(1n)];
  expect(recentEvents(events, 3)).toEqual([events[1], events[2], events[0]]);
});

test("three slices of nine hold three each and nothing twice", () => {
  const events = Array.from({ length: 9 }, (_, index) => at(BigInt(index + 1)));
  const slices = [0n, 1n, 2n].map((index) => eventSlice(events, { ...all, index, total: 3n }));
  expect(slices.map(({ length }) => length)).toEqual([3, 3, 3]);
  expect(new Set(slices.flat())).toEqual(new Set(events));
});

test("a slice that does not exist is the first, and of too many events the newest stay", () => {
  const events = [at(1n), at(2n), at(3n), at(4n)];
  const odd = [events[0], events[2]];
  for (const index of [2n, -1n, 2n ** 63n - 1n]) {
    expect(eventSlice(events, { ...all, index, total: 2n })).toEqual(odd);
  }
  expect(eventSlice(events, { ...all, total: -5n, most: 3 })).toEqual(events.slice(1));
  expect(eventSlice(events, { ...all, sinceNs: 2n })).toEqual(events.slice(2));
});
