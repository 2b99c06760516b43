import { expect, test } from "vitest";
import type { CheckpointPayload } from "../events/checkpoint.ts";
import type { ObservationPayload } from "../events/observation.ts";
import { newSyncEvent, type SyncEvent } from "../events/sync-event.ts";
import { createOpinions } from "./opinion.ts";
import { createUptimes } from "./uptime.ts";

const second = 1_000_000_000n;
const said = (observer: string, atS: bigint, changes: Partial<ObservationPayload> = {}) =>
  newSyncEvent("observation", atS * second, {
    observer,
    subject: "alice",
    type: "restart",
    importance: 3n,
    start_time: 1000n,
    ...changes,
  });
const counted = (observer: string, atS: bigint, restart_num: bigint, start_time = 1000n) =>
  said(observer, atS, { restart_num, start_time });
const agreed = (as_of_time: bigint, observation: Partial<CheckpointPayload["observation"]>) => {
  const zero = newSyncEvent("checkpoint", 1n, {}).payload.observation;
  return newSyncEvent("checkpoint", as_of_time * second, {
    subject: "alice",
    as_of_time,
    observation: { ...zero, ...observation },
  });
};
const after = (...events: readonly SyncEvent[]) => {
  const uptimes = createUptimes();
  const opinions = createOpinions(uptimes);
  for (const event of events) {
    uptimes.feed(event);
    opinions.feed(event, undefined);
  }
  return { opinions, ofAlice: () => opinions.opinionOf("alice", 10_000) };
};

test("an observer has one voice, its newest word", () => {
  const flood = [50n, 51n, 52n, 53n, 54n].map((count, at) =>
    counted("liar", 2000n + BigInt(at), count),
  );
  const { ofAlice } = after(...flood, counted("bob", 2000n, 20n), counted("carol", 2000n, 20n));
  expect(ofAlice().restarts).toBe(31); // ⌊(54 + 20 + 20) / 3⌋
});

test("order of arrival does not matter", () => {
  const history = [
    counted("bob", 2000n, 9n),
    counted("bob", 3000n, 4n),
    counted("carol", 2500n, 6n),
  ];
  expect(after(...history).ofAlice()).toEqual(after(...history.toReversed()).ofAlice());
  expect(after(...history).ofAlice().restarts).toBe(5);
});

test("while one observer speaks its highest count is believed", () => {
  expect(after(counted("bob", 2000n, 7n), counted("bob", 3000n, 5n)).ofAlice().restarts).toBe(7);
});

test("who vouches has one voice, for whomever", () => {
  const { opinions, ofAlice } = after(counted("bob", 2000n, 3n), counted("carol", 2000n, 3n));
  const hearsay = Array.from({ length: 9 }, (_, at) => counted(`friend-${at}`, 2000n, 12n));
  for (const event of hearsay) opinions.feed(event, "mallory");
  expect(ofAlice().restarts).toBe(6); // ⌊(3 + 3 + 12) / 3⌋
  for (const event of hearsay) opinions.forget(event, "mallory");
  expect(ofAlice().restarts).toBe(3);
});

test("what somebody signed outweighs what it merely vouches for", () => {
  const { opinions, ofAlice } = after(counted("bob", 2000n, 3n));
  opinions.feed(counted("dave", 3000n, 9n), "bob");
  opinions.feed(counted("dave", 3000n, 9n), "carol");
  expect(ofAlice().restarts).toBe(6); // ⌊(3 + 9) / 2⌋
});

test("times that lie ahead of the telling, and impossible counts, are not believed", () => {
  const { ofAlice } = after(
    said("bob", 2000n, { start_time: 2061n, last_restart: 2061n, restart_num: 1_000_001n }),
  );
  expect(ofAlice()).toEqual({ startTimeS: 0, restarts: 0, lastRestartS: 0, totalUptimeS: 0 });
  const edge = after(said("bob", 2000n, { start_time: 2060n, last_restart: 2060n }));
  expect(edge.ofAlice()).toMatchObject({ startTimeS: 2060, lastRestartS: 2060 });
});

test("a checkpoint anchors start, count and uptime, even while nobody says anything", () => {
  const anchor = agreed(5000n, { start_time: 900n, restarts: 40n, total_uptime: 77n });
  expect(after(anchor).ofAlice()).toEqual({
    startTimeS: 900,
    restarts: 40,
    lastRestartS: 0,
    totalUptimeS: 77,
  });
  const early = said("bob", 2000n, { restart_num: 3n, last_restart: 1900n });
  expect(after(anchor, early).ofAlice()).toMatchObject({
    startTimeS: 900,
    restarts: 40,
    lastRestartS: 1900,
  });
});

test("after a checkpoint, two who count higher move it on, one does not", () => {
  const anchor = agreed(5000n, { restarts: 40n });
  const { opinions, ofAlice } = after(anchor, counted("bob", 6000n, 43n));
  expect(ofAlice().restarts).toBe(40);
  opinions.feed(counted("carol", 6000n, 43n), undefined);
  expect(ofAlice().restarts).toBe(43);
});

test("start times after a checkpoint count, but not those that one observer makes up", () => {
  const honest = ["bob", "carol", "dave"].map((name) => counted(name, 6000n, 0n, 5500n));
  const made = Array.from({ length: 30 }, (_, at) =>
    counted("liar", 6100n, 0n, 5600n + BigInt(at)),
  );
  expect(after(agreed(5000n, { restarts: 40n }), ...honest, ...made).ofAlice().restarts).toBe(41);
});

test("what is forgotten is no longer believed", () => {
  const { opinions, ofAlice } = after(counted("bob", 2000n, 3n), counted("carol", 2000n, 9n));
  opinions.forget(counted("carol", 2000n, 9n), undefined);
  expect(ofAlice().restarts).toBe(3);
  opinions.forget(counted("bob", 2000n, 3n), undefined);
  expect(ofAlice()).toEqual({ startTimeS: 0, restarts: 0, lastRestartS: 0, totalUptimeS: 0 });
});

test("it knows whose words it believes, whose are too far off, whose are outdated", () => {
  const [old, bob, carol, liar] = [
    counted("bob", 2000n, 4n),
    counted("bob", 2001n, 5n),
    counted("carol", 2002n, 5n),
    counted("liar", 2003n, 500n),
  ] as const;
  const { opinions } = after(old, bob, carol, liar);
  expect(opinions.why("alice", "restarts")).toEqual([
    { id: liar.id, share: "outlier", voice: "liar", value: 500 },
    { id: carol.id, share: "kept", voice: "carol", value: 5 },
    { id: bob.id, share: "kept", voice: "bob", value: 5 },
    { id: old.id, share: "superseded", voice: "bob", value: 4 },
  ]);
  expect(opinions.why("alice", "start-time").map(({ share }) => share)).toEqual([
    "kept",
    "kept",
    "kept",
    "superseded",
  ]);
  expect(opinions.why("alice", "last-restart")).toEqual([]);
});

test("a checkpoint leads the reasons for what it anchors", () => {
  const anchor = agreed(5000n, { start_time: 900n, restarts: 40n });
  const word = counted("bob", 2000n, 3n);
  const { opinions } = after(word, anchor);
  for (const [belief, value] of [
    ["start-time", 900],
    ["restarts", 40],
  ] as const) {
    const [first, second] = opinions.why("alice", belief);
    expect(first).toEqual({ id: anchor.id, share: "kept", voice: "", value });
    expect(second).toMatchObject({ id: word.id, share: "superseded" });
  }
});
