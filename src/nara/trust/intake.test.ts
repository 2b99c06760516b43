import { expect, test } from "vitest";
import { createBreather } from "../breather.ts";
import { newSyncEvent } from "../events/sync-event.ts";
import { createLedger } from "../ledger/ledger.ts";
import type { DropReason } from "../runtime/drops.ts";
import type { Gate } from "./gate.ts";
import { createIntake } from "./intake.ts";

const event = (index: number) =>
  newSyncEvent("social", BigInt(index + 1) * 1_000_000_000n, {
    ...{ type: "tease", actor: "bob", target: "carol", reason: "comeback" },
  });

/** Each event that is judged takes `eventMs`. */
function stage(eventMs: number, judgement: "taken" | DropReason = "taken") {
  const ledger = createLedger({ capacity: 20_000 });
  let nowMs = 0;
  let judged = 0;
  const turnsMs: number[] = [];
  let turnMs = 0;
  const gate: Gate = {
    async judge(events) {
      judged += events.length;
      nowMs += events.length * eventMs;
      return events.map((one) => {
        if (judgement !== "taken") return { drop: judgement };
        ledger.add(one);
        return { drop: "duplicate" };
      });
    },
  };
  const intake = createIntake({
    gate,
    ledger,
    personality: { agreeableness: 50, sociability: 50, chill: 50 },
    countDrop: () => {},
    clock: {
      breathe: createBreather({
        monotonicMs: () => nowMs,
        nextTurn: (task) =>
          setImmediate(() => {
            turnsMs.push(nowMs - turnMs);
            turnMs = nowMs;
            task();
          }),
      }),
    },
  });
  return { intake, turnsMs, judged: () => judged };
}

test("ten thousand events that are all refused let others have their turn between", async () => {
  const { intake, turnsMs } = stage(0.05, "id_mismatch");
  const events = Array.from({ length: 10_000 }, (_, index) => event(index));
  const { dropped } = await intake.take(events, { path: "zine", from: "mallory" });
  expect(dropped.get("id_mismatch")).toBe(10_000);
  expect(turnsMs.length).toBeGreaterThan(15);
  expect(Math.max(...turnsMs)).toBeLessThan(25);
});

test("five lists taken in at once let others have their turn as often as one", async () => {
  const { intake, turnsMs } = stage(0.05, "id_mismatch");
  const events = Array.from({ length: 2000 }, (_, index) => event(index));
  const froms = ["mallory", "trudy", "eve", "oscar", "craig"];
  await Promise.all(froms.map((from) => intake.take(events, { path: "sync", from })));
  expect(turnsMs.length).toBeGreaterThan(15);
  expect(Math.max(...turnsMs)).toBeLessThan(25);
});

test("few events are taken in at once", async () => {
  const { intake, turnsMs } = stage(0.05);
  await intake.take([event(1), event(2)], { path: "zine", from: "mallory" });
  expect(turnsMs).toEqual([]);
});

test("ten thousand copies of one event are not judged ten thousand times", async () => {
  const { intake, judged } = stage(0);
  const copies = Array.from({ length: 10_000 }, () => event(1));
  const { dropped } = await intake.take(copies, { path: "zine", from: "mallory" });
  expect(dropped.get("duplicate")).toBe(10_000);
  expect(judged()).toBeLessThanOrEqual(512);
});
