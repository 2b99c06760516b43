import fc from "fast-check";
import { expect, test } from "vitest";
import { newSyncEvent, type SyncEvent } from "../events/sync-event.ts";
import { createLedger, type Ledger } from "../ledger/ledger.ts";
import { createProjections, mostReasons, type Projections } from "./projections.ts";
import type { Judge } from "./social-weight.ts";

const judge: Judge = {
  soulText: "test-soul",
  personality: { agreeableness: 40, sociability: 75, chill: 20 },
};
const nowNs = 5_000_000_000_000n;
const nowS = 5000;
const clock = { nowNs: () => nowNs };
const names = ["alice", "bob", "carol"];

const anyName = fc.constantFrom(...names);
const anyTime = fc
  .integer({ min: 1, max: 4000 })
  .map((seconds) => BigInt(seconds) * 1_000_000_000n);
const anySeconds = fc.integer({ min: 0, max: 4500 }).map(BigInt);
const anyObservation = fc
  .record({
    tsNs: anyTime,
    observer: anyName,
    subject: anyName,
    type: fc.constantFrom("restart", "first-seen", "status-change"),
    online_state: fc.constantFrom("ONLINE", "OFFLINE", "MISSING"),
    start_time: anySeconds,
    restart_num: fc.integer({ min: 0, max: 9 }).map(BigInt),
    last_restart: anySeconds,
    is_backfill: fc.boolean(),
  })
  .map(({ tsNs, ...payload }) => newSyncEvent("observation", tsNs, { importance: 3n, ...payload }));
const anySocial = fc
  .record({
    tsNs: anyTime,
    actor: anyName,
    target: anyName,
    type: fc.constantFrom("tease", "observed", "gossip", "observation", "service"),
    reason: fc.constantFrom("", "comeback", "random", "journey-pass", "offline", "stash-stored"),
  })
  .map(({ tsNs, ...payload }) => newSyncEvent("social", tsNs, payload));
const anyPing = fc
  .record({
    tsNs: anyTime,
    observer: anyName,
    target: anyName,
    rtt: fc.integer({ min: 1, max: 300 }),
  })
  .map(({ tsNs, ...payload }) => newSyncEvent("ping", tsNs, payload));
const anyCheckpoint = fc
  .record({ tsNs: anyTime, subject: anyName, asOfS: anySeconds, restarts: anySeconds })
  .map(({ tsNs, subject, asOfS, restarts }) => {
    const zero = newSyncEvent("checkpoint", 1n, {}).payload.observation;
    const observation = { ...zero, restarts, start_time: asOfS / 2n, total_uptime: restarts };
    return newSyncEvent("checkpoint", tsNs, { subject, as_of_time: asOfS + 1n, observation });
  });
const anyPresence = fc
  .tuple(anyTime, anyName, fc.boolean())
  .map(([tsNs, From, comes]) =>
    comes
      ? newSyncEvent("hey-there", tsNs, { From, PublicKey: "key" })
      : newSyncEvent("chau", tsNs, { From }),
  );
const anyEvent: fc.Arbitrary<SyncEvent> = fc.oneof(
  anyObservation,
  anySocial,
  anyPing,
  anyCheckpoint,
  anyPresence,
);
const anyStep = fc.record({
  event: anyEvent,
  voucher: fc.option(anyName, { nil: undefined, freq: 2 }),
});

const take = (ledger: Ledger, event: SyncEvent, voucher?: string) =>
  ledger.add(event, voucher === undefined ? {} : { tier: "vouched", voucher });

const beliefs = ({ online, opinions, uptimes, clout, teases, roundTrips, why }: Projections) => ({
  ofEach: names.map((name) => ({
    evidence: online.evidenceOf(name),
    opinion: opinions.opinionOf(name, nowS),
    uptime: uptimes.uptimeOf(name, nowS),
    recently: uptimes.uptimeAfter(name, 2000, nowS),
    friends: teases.friendsOf(name),
    why: (["online", "start-time", "restarts", "last-restart", "uptime", "clout"] as const).map(
      (belief) => new Set(why(name, belief).map((reason) => JSON.stringify(reason))),
    ),
  })),
  clout: clout.scores(nowS),
  teases: teases.givenByName(),
  gridMs: roundTrips.gridMs(),
});

test("whatever came and went, it believes what a replay of what is left would", () => {
  const history = fc.array(anyStep, { maxLength: 60 });
  fc.assert(
    fc.property(history, fc.integer({ min: 1, max: 30 }), anyName, (steps, capacity, left) => {
      const ledger = createLedger({ capacity });
      const incremental = createProjections(ledger, judge, clock);
      for (const [at, { event, voucher }] of steps.entries()) {
        take(ledger, event, voucher);
        if (at % 7 === 6) beliefs(incremental);
        if (at % 20 === 19) ledger.removeNara(left);
      }
      ledger.setCapacity(Math.ceil(capacity / 2));
      const replayed = createProjections(ledger, judge, clock);
      expect(beliefs(incremental)).toEqual(beliefs(replayed));
      for (const name of names) ledger.removeNara(name);
      const empty = createProjections(createLedger({ capacity }), judge, clock);
      expect(beliefs(incremental)).toEqual(beliefs(empty));
    }),
    { numRuns: 300 },
  );
});

const tease = (tsNs: bigint, actor = "alice", target = "bob") =>
  newSyncEvent("social", tsNs, { type: "tease", actor, target });
const restart = (tsNs: bigint, observer: string, restart_num: bigint) =>
  newSyncEvent("observation", tsNs, {
    observer,
    subject: "alice",
    type: "restart",
    importance: 3n,
    start_time: 1n,
    restart_num,
  });

test("it knows at once what the ledger knows, and no longer what it forgot", () => {
  const ledger = createLedger({ capacity: 10 });
  const { online, teases } = createProjections(ledger, judge, clock);
  ledger.add(tease(nowNs));
  expect(online.statusOf("alice", nowNs)).toBe("ONLINE");
  expect(teases.given("alice")).toBe(1);
  ledger.removeNara("bob");
  expect(online.statusOf("alice", nowNs)).toBe("");
  expect(teases.given("alice")).toBe(0);
});

test("what was in the ledger before counts too", () => {
  const ledger = createLedger({ capacity: 10 });
  ledger.add(tease(nowNs));
  expect(createProjections(ledger, judge, clock).teases.given("alice")).toBe(1);
});

test("hearsay has a voice in opinions and moves nothing else", () => {
  const ledger = createLedger({ capacity: 10 });
  const { online, opinions, clout } = createProjections(ledger, judge, clock);
  take(ledger, restart(nowNs, "bob", 3n), "carol");
  take(ledger, tease(nowNs), "carol");
  expect(opinions.opinionOf("alice", nowS).restarts).toBe(3);
  expect(online.names()).toEqual([]);
  expect(clout.scores(nowS)).toEqual(new Map());
});

test("each who vouches speaks, until the observer's own signature replaces them all", () => {
  const ledger = createLedger({ capacity: 10 });
  const { opinions } = createProjections(ledger, judge, clock);
  const told = restart(nowNs, "bob", 3n);
  take(ledger, told, "carol");
  take(ledger, told, "dave");
  expect(opinions.why("alice", "restarts").map(({ voice }) => voice)).toEqual(["carol", "dave"]);
  take(ledger, told);
  expect(opinions.why("alice", "restarts").map(({ voice }) => voice)).toEqual(["bob"]);
});

test("it says which events gave somebody clout, and how much", () => {
  const ledger = createLedger({ capacity: 10 });
  const projections = createProjections(ledger, judge, clock);
  const [older, newer] = [tease(1_000_000_000n), tease(nowNs)];
  for (const event of [older, newer, tease(nowNs, "bob", "alice")]) ledger.add(event);
  const reasons = projections.why("alice", "clout");
  expect(reasons.map(({ id }) => id)).toEqual([newer.id, older.id]);
  const sum = reasons.reduce((points, { value }) => points + value, 0);
  expect(sum).toBeCloseTo(projections.clout.scoreOf("alice", nowS), 9);
});

test("it never gives more reasons than a person reads", () => {
  const ledger = createLedger({ capacity: 1000 });
  const projections = createProjections(ledger, judge, clock);
  for (let at = 1n; at <= 300n; at++) ledger.add(tease(at));
  expect(projections.why("alice", "online")).toHaveLength(mostReasons);
  expect(projections.why("alice", "clout")).toHaveLength(mostReasons);
});

test("once stopped it learns nothing more", () => {
  const ledger = createLedger({ capacity: 10 });
  const projections = createProjections(ledger, judge, clock);
  projections.stop();
  ledger.add(tease(nowNs));
  expect(projections.online.names()).toEqual([]);
});
