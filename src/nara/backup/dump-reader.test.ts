import fc from "fast-check";
import { expect, test } from "vitest";
import { newSyncEvent, type SyncEvent } from "../events/sync-event.ts";
import { dumpLines } from "./dump.ts";
import { createDumpReader } from "./dump-reader.ts";

const tease = (at: number, reason = "random") =>
  newSyncEvent("social", BigInt(at + 1), { type: "tease", actor: "alice", target: "río", reason });
const textOf = (events: readonly SyncEvent[]) => [...dumpLines(events)].join("");

function readAll(...pieces: readonly string[]) {
  const reader = createDumpReader();
  const events = pieces.flatMap((piece) => [...reader.push(piece)]);
  events.push(...reader.end());
  return { ...reader.report(), count: reader.report().events, events };
}

test("a dump is one event a line, as Go prints it, and comes back the same", () => {
  const events = [tease(0, "<3"), tease(1), tease(2, "line\nbreak")];
  const text = textOf(events);
  expect(text.split("\n")).toHaveLength(4);
  expect(text).toContain("\\u003c3");
  expect(readAll(text)).toMatchObject({ events, lines: 3, count: 3, bad: {}, firstBad: [] });
});

test("however a dump is cut, the same events come out of it", () => {
  const events = [tease(0), tease(1, "日本語 🦊"), tease(2)];
  const text = `${textOf(events)}not an event\n\n${textOf([tease(3)])}`;
  const whole = readAll(text);
  fc.assert(
    fc.property(fc.array(fc.nat(text.length)), (cuts) => {
      const places = [0, ...cuts.toSorted((a, b) => a - b), text.length];
      const pieces = places.map((place, at) => text.slice(place, places[at + 1] ?? place));
      expect(readAll(...pieces)).toEqual(whole);
    }),
  );
});

test("lines that are no events are counted, with their numbers and why", () => {
  const good = textOf([tease(0)]);
  const text = `${good}{"id":"x"\n\n{"svc":"telepathy"}\n{"svc":"social"}\n{"ts":"x"}\n${good}`;
  expect(readAll(text)).toMatchObject({
    lines: 6,
    count: 2,
    bad: { malformed: 1, unknown_kind: 1, invalid: 1, mistyped: 1 },
    firstBad: [
      { line: 2, reason: "malformed" },
      { line: 4, reason: "unknown_kind" },
      { line: 5, reason: "invalid" },
      { line: 6, reason: "mistyped" },
    ],
  });
});

test("a byte order mark, carriage returns and a missing last line feed do no harm", () => {
  const text = textOf([tease(0), tease(1)])
    .replaceAll("\n", "\r\n")
    .trimEnd();
  expect(readAll(`\ufeff${text}`).events).toEqual([tease(0), tease(1)]);
});

test("a line without end is thrown away while it comes, and costs itself alone", () => {
  const reader = createDumpReader();
  for (let piece = 0; piece < 50; piece++) reader.push("x".repeat(100_000));
  expect(reader.push(`\n${textOf([tease(0)])}`)).toEqual([tease(0)]);
  expect(reader.report()).toMatchObject({ lines: 2, bad: { too_large: 1 } });
  reader.push("y".repeat(300_000));
  expect(reader.end()).toEqual([]);
  expect(reader.report().firstBad).toEqual([
    { line: 1, reason: "too_large" },
    { line: 3, reason: "too_large" },
  ]);
});

test("of very many bad lines the first are told, all are counted", () => {
  const report = readAll("?\n".repeat(100_000));
  expect(report.bad).toEqual({ malformed: 100_000 });
  expect(report.firstBad).toHaveLength(20);
});

test("nothing that a file can hold makes it throw", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), (pieces) => {
      expect(readAll(...pieces).count).toBe(0);
    }),
  );
});
