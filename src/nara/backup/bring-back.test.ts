import { expect, test } from "vitest";
import { newSyncEvent, type SyncEvent } from "../events/sync-event.ts";
import type { Taken } from "../trust/intake.ts";
import { bringBack } from "./bring-back.ts";
import { dumpLines } from "./dump.ts";

const tease = (at: number) =>
  newSyncEvent("social", BigInt(at + 1), { type: "tease", actor: "alice", target: "bob" });
const heyThere = (from: string) =>
  newSyncEvent("hey-there", 9n, { From: from, PublicKey: `key of ${from}` });
const chau = newSyncEvent("chau", 10n, { From: "carol", PublicKey: "key of carol" });

const pieces = (...texts: readonly string[]) =>
  async function* () {
    yield* texts;
  };
const dumpOf = (events: readonly SyncEvent[]) => pieces(...dumpLines(events));

/** Takes everything, and keeps each handful apart. */
function openGate() {
  const handfuls: (readonly SyncEvent[])[] = [];
  const take = async (events: readonly SyncEvent[]): Promise<Taken> => {
    handfuls.push(events);
    return { added: events.length - 1, dropped: new Map([["duplicate" as const, 1]]) };
  };
  return { handfuls, take };
}

test("those who show their keys come first, whatever the order of the file", async () => {
  const { handfuls, take } = openGate();
  const report = await bringBack(dumpOf([tease(0), heyThere("alice"), tease(1), chau]), take);
  expect(handfuls).toEqual([
    [heyThere("alice"), chau],
    [tease(0), tease(1)],
  ]);
  expect(report).toEqual({
    lines: 4,
    events: 4,
    bad: {},
    firstBad: [],
    remembered: 2,
    refused: { duplicate: 2 },
  });
});

test("a long dump goes through the gate in handfuls", async () => {
  const { handfuls, take } = openGate();
  const events = Array.from({ length: 4500 }, (_, at) => tease(at));
  await bringBack(dumpOf(events), take);
  expect(handfuls.map(({ length }) => length)).toEqual([2000, 2000, 500]);
});

test("bad lines are told once, an empty dump brings nothing", async () => {
  const { handfuls, take } = openGate();
  expect(await bringBack(pieces("?\n"), take)).toMatchObject({ lines: 1, bad: { malformed: 1 } });
  expect(await bringBack(pieces(), take)).toMatchObject({ lines: 0, remembered: 0 });
  expect(handfuls).toEqual([]);
});

test("when a file breaks off, what came before is remembered", async () => {
  const { handfuls, take } = openGate();
  const broken = async function* () {
    for (let at = 0; at < 2000; at++) yield* dumpLines([heyThere(`n${at}`)]);
    throw new Error("the disk is gone");
  };
  await expect(bringBack(broken, take)).rejects.toThrow("the disk is gone");
  expect(handfuls).toHaveLength(1);
});
