import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Rememberer } from "../nara/backup/bring-back.ts";
import { dumpLines } from "../nara/backup/dump.ts";
import { newSyncEvent, type SyncEvent } from "../nara/events/sync-event.ts";
import { createMemories } from "./memories.ts";
import { oneLine } from "./tell.ts";

let folder = "";
let told: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nara-memories-"));
  told = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const tease = (at: number): SyncEvent =>
  newSyncEvent("social", BigInt(at + 1), { type: "tease", actor: "alice", target: "bob" });
const textOf = (events: readonly SyncEvent[]) => [...dumpLines(events)].join("");
const fileWith = (text: string): string => {
  const file = join(folder, "memories.jsonl");
  writeFileSync(file, text);
  return file;
};
const memoriesOf = (options: { memories?: string; dump?: string }, expected = 1) =>
  createMemories({
    options: { memories: options.memories, dump: options.dump },
    log: ({ level, service, text }) => told.push(oneLine(`${level} ${service}: ${text}`)),
    expected,
  });

interface Resident extends Rememberer {
  /** Resolves when so many events are remembered. */
  knows(count: number): Promise<void>;
}

function resident(...events: readonly SyncEvent[]): Resident {
  const known = [...events];
  const waiting: { count: number; resolve(): void }[] = [];
  return {
    memories: () => known,
    remember: async (more) => {
      known.push(...more);
      for (const { count, resolve } of waiting) if (known.length >= count) resolve();
      return { added: more.length, dropped: new Map() };
    },
    knows: (count) => new Promise((resolve) => waiting.push({ count, resolve })),
  };
}

test("what residents remember together is written, each event once, the signed copy of it", async () => {
  const dump = join(folder, "out.jsonl");
  const signed = { ...tease(1), emitter: "alice", sig: "AA==" };
  const memories = memoriesOf({ dump });
  await memories.write([resident(tease(0), tease(1)), resident(signed, tease(2))]);
  expect(readFileSync(dump, "utf8")).toBe(textOf([tease(0), signed, tease(2)]));
  expect(told).toEqual([`info server: 3 events are written to ${dump}`]);
  expect(readdirSync(folder)).toEqual(["out.jsonl"]);
});

test("without a place to write to nothing is written", async () => {
  await memoriesOf({}).write([resident(tease(0))]);
  expect([readdirSync(folder), told]).toEqual([[], []]);
});

test("a place that cannot be written to is named", async () => {
  const dump = join(folder, "nowhere", "out.jsonl");
  await memoriesOf({ dump }).write([resident(tease(0))]);
  expect(told).toEqual([`error server: memories cannot be written to ${dump} (ENOENT)`]);
});

test("a resident starts with the memories of a file, and bad lines are told", async () => {
  const memories = memoriesOf({ memories: fileWith(`${textOf([tease(0)])}nonsense\n`) });
  const alice = resident();
  const remembered = alice.knows(1);
  memories.bringBack("alice", alice);
  await remembered;
  await toldAtLeast(2);
  expect(alice.memories()).toEqual([tease(0)]);
  expect(told[0]).toBe("info alice: remembers 1 of 1 events");
  expect(told[1]).toMatch(/^warn alice: 1 lines of .* are no events, line 2: it was not readable/);
});

test("a file that is not there is named before anything starts", async () => {
  const missing = join(folder, "none.jsonl");
  expect(await memoriesOf({ memories: missing }).findFile()).toEqual({
    ok: false,
    refusal: `memories file ${missing} cannot be read (ENOENT)`,
  });
  expect((await memoriesOf({ memories: fileWith("") }).findFile()).ok).toBe(true);
  expect((await memoriesOf({}).findFile()).ok).toBe(true);
});

test("a file is not overwritten before everybody has its memories", async () => {
  const file = fileWith(textOf([tease(0)]));
  const memories = memoriesOf({ memories: file, dump: file }, 2);
  await memories.write([]);
  expect(readFileSync(file, "utf8")).toBe(textOf([tease(0)]));
  expect(told).toEqual([`warn server: not all memories are back: nothing is written to ${file}`]);

  const [alice, bob] = [resident(tease(1)), resident()];
  memories.bringBack("alice", alice);
  memories.bringBack("bob", bob);
  await toldAtLeast(3);
  await memories.write([alice, bob]);
  expect(readFileSync(file, "utf8")).toBe(textOf([tease(1), tease(0)]));
});

/** Files are read outside the test's hands: as many turns of the event loop as it takes. */
async function toldAtLeast(lines: number): Promise<void> {
  for (let turn = 0; turn < 100_000 && told.length < lines; turn++) {
    await new Promise((next) => setImmediate(next));
  }
}
