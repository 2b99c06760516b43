import { expect, test } from "vitest";
import { newSyncEvent, type SyncEvent } from "../events/sync-event.ts";
import { createUptimes } from "./uptime.ts";

const second = 1_000_000_000n;
const change = (atS: bigint, online_state: string, offsetNs = 0n) =>
  newSyncEvent("observation", atS * second + offsetNs, {
    observer: "bob",
    subject: "alice",
    type: "status-change",
    importance: 2n,
    online_state,
  });
const backfill = (atS: bigint, start_time: bigint) =>
  newSyncEvent("observation", atS * second, {
    observer: "bob",
    subject: "alice",
    type: "restart",
    importance: 3n,
    is_backfill: true,
    start_time,
  });
const checkpoint = (as_of_time: bigint, total_uptime: bigint) => {
  const zero = newSyncEvent("checkpoint", 1n, {}).payload;
  return newSyncEvent("checkpoint", as_of_time * second, {
    subject: "alice",
    as_of_time,
    observation: { ...zero.observation, total_uptime },
  });
};
const after = (...events: readonly SyncEvent[]) => {
  const uptimes = createUptimes();
  for (const event of events) uptimes.feed(event);
  return uptimes;
};

test("it counts from ONLINE to whatever ends it, or to now", () => {
  const history = [change(100n, "ONLINE"), change(130n, "MISSING"), change(150n, "ONLINE")];
  expect(after(...history).uptimeOf("alice", 160)).toBe(40);
  expect(after(...history.toReversed()).uptimeOf("alice", 160)).toBe(40);
  expect(after().uptimeOf("alice", 160)).toBe(0);
});

test("changes within one second count in the order of their nanoseconds, however they came", () => {
  const [up, down] = [change(100n, "ONLINE", 1n), change(100n, "OFFLINE", 2n)];
  expect(after(down, up).uptimeOf("alice", 160)).toBe(0);
  expect(after(up, down).uptimeOf("alice", 160)).toBe(0);
});

test("a checkpoint takes the place of all before it", () => {
  const history = [change(100n, "ONLINE"), checkpoint(200n, 1000n), change(250n, "ONLINE")];
  const uptimes = after(...history);
  expect(uptimes.uptimeOf("alice", 260)).toBe(1010);
  expect(uptimes.uptimeAfter("alice", 0, 260)).toBe(160);
  uptimes.forget(checkpoint(200n, 1000n));
  expect(uptimes.uptimeOf("alice", 260)).toBe(160);
});

test("a backfill says since when it was up, unless that is later than the backfill itself", () => {
  expect(after(backfill(500n, 100n)).uptimeOf("alice", 600)).toBe(500);
  expect(after(backfill(500n, 561n)).uptimeOf("alice", 600)).toBe(0);
});

test("changes that change nothing and what a checkpoint covers are superseded", () => {
  const history = [
    checkpoint(200n, 1000n),
    change(100n, "ONLINE"),
    change(250n, "ONLINE"),
    change(251n, "ONLINE"),
  ];
  const reasons = after(...history).why("alice");
  expect(reasons.map(({ id, share }) => [id, share])).toEqual([
    [history[3]?.id, "superseded"],
    [history[2]?.id, "kept"],
    [history[1]?.id, "superseded"],
    [history[0]?.id, "kept"],
  ]);
});
