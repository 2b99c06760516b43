/**
 * What the reference believes of the same facts (docs/protocol/events-and-ledger.md §8). Where we
 * believe otherwise on purpose (docs/differences.md, Projections), what to expect is worked out
 * here from the vector, by the rule.
 */
import { expect } from "vitest";
import type { SyncEvent } from "../../src/nara/events/sync-event.ts";
import type { Coordinate } from "../../src/nara/identity/barrio.ts";
import { createOnlineStatus } from "../../src/nara/projections/online-status.ts";
import { createProjections, type Projections } from "../../src/nara/projections/projections.ts";
import { distanceMs, nearClout } from "../../src/nara/projections/proximity.ts";
import {
  agedWeight,
  createResonance,
  freshWeight,
  halfLifeS,
  type Judge,
} from "../../src/nara/projections/social-weight.ts";
import { trimmedMean, trimmedMeanPositive } from "../../src/nara/projections/trimmed-mean.ts";
import { startTimeConsensus } from "../../src/nara/services/presence/votes.ts";
import type { Personality } from "../../src/nara/view.ts";
import {
  createReferenceLedger,
  eventsOf,
  type LedgerOp,
  type LedgerVector,
} from "./reference-ledger.ts";
import { coverSections, testCases } from "./support.ts";

// ── Shapes ──────────────────────────────────────────────────────────────────────────────────────

/** [agreeableness, sociability, chill] */
type Traits = readonly [number, number, number];

interface RunOp {
  readonly op: "run";
  readonly failed?: boolean;
  readonly handled?: readonly string[];
  readonly resets?: number;
}

type OnlineOp =
  | LedgerOp
  | RunOp
  | { readonly op: "read"; readonly now: string; readonly r: { readonly [name: string]: string } }
  | { readonly op: "thresholds"; readonly default: number; readonly per: SecondsByName | null }
  | { readonly op: "wait"; readonly ns: string };

interface SecondsByName {
  readonly [name: string]: number;
}

interface OnlineVector extends LedgerVector {
  readonly now: string;
  readonly ops: readonly OnlineOp[];
  readonly statuses: {
    readonly [name: string]: {
      readonly status: string;
      readonly held?: string;
      readonly at?: string;
      readonly by?: string;
      readonly svc?: string;
    };
  };
}

interface Trinity {
  readonly startTime: number;
  readonly restarts: number;
  readonly lastRestart: number;
  readonly totalUptime: number;
}

interface OpinionVector extends LedgerVector {
  readonly now: string;
  readonly ops: readonly (LedgerOp | RunOp)[];
  readonly opinions: {
    readonly [name: string]: {
      readonly opinion: Trinity;
      readonly records: number;
      readonly checkpointUsed: boolean;
      readonly checkpointVariant: Trinity;
    };
  };
}

interface UptimeVector extends LedgerVector {
  readonly now: string;
  readonly ops: readonly LedgerOp[];
  readonly subject: string;
  readonly uptime: number;
  readonly uptimeAfter: readonly { readonly t: number; readonly s: number }[] | null;
}

interface CloutVector extends LedgerVector {
  readonly now: string;
  readonly ops: readonly (LedgerOp | RunOp)[];
  readonly observers: readonly {
    readonly soul: string;
    readonly p: Traits;
    readonly clout: { readonly [name: string]: number };
  }[];
}

interface FrameworkVector extends LedgerVector {
  readonly now: string;
  readonly ops: readonly (
    | LedgerOp
    | (RunOp & { readonly handled: readonly string[]; readonly resets: number })
    | { readonly op: "reset" }
    | { readonly op: "fail" }
  )[];
}

const personalityOf = ([agreeableness, sociability, chill]: Traits): Personality => ({
  agreeableness,
  sociability,
  chill,
});
const judgeOf = (soulText: string, traits: Traits): Judge => ({
  soulText,
  personality: personalityOf(traits),
});
const someJudge = judgeOf("test-soul", [50, 50, 50]);
const secondsAt = (now: string): number => Number(BigInt(now) / 1_000_000_000n);

/** Floating point agrees to 1e-9 relative. */
function expectClose(actual: number, expected: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(
    1e-9 * Math.max(Math.abs(expected), 1e-3),
  );
}

// ── Sections ────────────────────────────────────────────────────────────────────────────────────

coverSections("projections.json", {
  online: (cases: readonly OnlineVector[]) => testCases(cases, checkOnline),
  opinions: (cases: readonly OpinionVector[]) => testCases(cases, checkOpinions),
  uptimes: (cases: readonly UptimeVector[]) =>
    testCases(cases, (vector) => {
      const { uptimes } = projectionsAfter(vector);
      const nowS = secondsAt(vector.now);
      expect(uptimes.uptimeOf(vector.subject, nowS)).toBe(vector.uptime);
      for (const { t, s } of vector.uptimeAfter ?? []) {
        expect(uptimes.uptimeAfter(vector.subject, t, nowS)).toBe(s);
      }
    }),

  means: (
    cases: readonly { readonly in: readonly number[] | null; mean: number; positive: number }[],
  ) =>
    testCases(cases, ({ in: values, mean, positive }) => {
      expect(trimmedMean(values ?? []).mean).toBe(mean);
      expect(trimmedMeanPositive(values ?? []).mean).toBe(positive);
    }),

  votes: (cases: readonly VoteVector[]) => testCases(cases, checkVotes),

  resonance: (
    cases: readonly { id: string; soul: string; p: Traits; r: boolean; ofTwenty: number }[],
  ) =>
    testCases(cases, ({ id, soul, p, r, ofTwenty }) => {
      expect(createResonance(judgeOf(soul, p))(id)).toBe(r);
      const sociabilities = Array.from({ length: 20 }, (_, step) => step * 5);
      const struck = sociabilities.filter((sociability) =>
        createResonance(judgeOf(soul, [p[0], sociability, p[2]]))(id),
      );
      expect(struck).toHaveLength(ofTwenty);
    }),

  weights: (
    cases: readonly {
      type: string;
      reason: string;
      ts: string;
      nowSeconds: number;
      p: Traits;
      weight: number;
    }[],
  ) =>
    testCases(cases, ({ type, reason, ts, nowSeconds, p, weight }) => {
      const personality = personalityOf(p);
      const fresh = freshWeight({ type, reason }, personality);
      const ageS = nowSeconds - secondsAt(ts);
      expectClose(agedWeight(fresh, ageS, halfLifeS(personality)), weight);
    }),

  clouts: (cases: readonly CloutVector[]) =>
    testCases(cases, (vector) => {
      for (const { soul, p, clout } of vector.observers) {
        const ours = projectionsAfter(vector, judgeOf(soul, p)).clout.scores(secondsAt(vector.now));
        expect([...ours.keys()].sort()).toEqual(Object.keys(clout).sort());
        for (const [name, score] of Object.entries(clout)) {
          expectClose(ours.get(name) ?? Number.NaN, score);
        }
      }
    }),

  proximity: (
    cases: readonly {
      clout: { readonly [name: string]: number };
      me: Coordinate | null;
      peers: { readonly [name: string]: Coordinate | null } | null;
      r: { readonly [name: string]: number };
    }[],
  ) =>
    testCases(cases, ({ clout, me, peers, r }) => {
      expect(Object.keys(r).sort()).toEqual(Object.keys(clout).sort());
      for (const [name, score] of Object.entries(clout)) {
        const near = nearClout(score, me ?? undefined, peers?.[name] ?? undefined);
        expectClose(near, r[name] ?? Number.NaN);
      }
    }),

  framework: (cases: readonly FrameworkVector[]) => testCases(cases, checkFramework),
});

/** [x, y, height, error] */
type Place = readonly [number, number, number, number];

coverSections("life.json", {
  distance: (cases: readonly { a: Place | null; b: Place | null; distance: number | null }[]) =>
    testCases(cases, ({ a, b, distance }) => {
      const ours = distanceMs(placed(a), placed(b));
      if (distance === null) expect(ours).toBeUndefined();
      else expectClose(ours ?? Number.NaN, distance);
    }),

  proximity: (
    cases: readonly {
      clout: number;
      me: Place | null;
      peer: Place | string | null;
      after: number;
    }[],
  ) =>
    testCases(cases, ({ clout, me, peer, after }) =>
      expectClose(nearClout(clout, placed(me), placed(peer)), after),
    ),

  valid: (cases: readonly { field: keyof Coordinate; value: string; valid: boolean }[]) =>
    testCases(cases, ({ field, value, valid }) => {
      const here: Coordinate = { x: 1, y: 1, height: 1, error: 1 };
      const there = { ...here, [field]: Number(value.replace("Inf", "Infinity")) };
      const isMoved = nearClout(1, here, there) !== 1;
      expect(isMoved).toBe(valid);
    }),
});

/** @param place a text says which field is not finite: `x=Infinity`. */
function placed(place: Place | string | null): Coordinate | undefined {
  if (place === null) return undefined;
  const [x, y, height, error] = typeof place === "string" ? [1, 2, 3, 1] : place;
  const known = { x, y, height, error } as Coordinate;
  if (typeof place !== "string") return known;
  const [field, value] = place.split("=");
  return { ...known, [String(field)]: Number(value) };
}

// ── Online ──────────────────────────────────────────────────────────────────────────────────────

/**
 * The reference looks at the ledger when it is told to run; until then it believes what it did.
 * So does this test, and hands over at each run what came and went since.
 */
function checkOnline(vector: OnlineVector): void {
  const ledger = createReferenceLedger(vector);
  let after: { default: number; per: SecondsByName | null } = { default: 300, per: null };
  const online = createOnlineStatus(
    (name) => BigInt(after.per?.[name] ?? after.default) * 10n ** 9n,
  );
  const pending: (() => void)[] = [];
  const believed: { event: SyncEvent; atNs: bigint }[] = [];
  let nowNs = startOf(vector);
  ledger.onAdd(({ event }) =>
    pending.push(() => {
      online.feed(event, nowNs);
      const isAhead = event.tsNs > nowNs;
      believed.push({ event, atNs: isAhead ? nowNs : event.tsNs });
    }),
  );
  ledger.onForget(({ event }) =>
    pending.push(() => {
      online.forget(event);
      believed.splice(
        believed.findIndex((other) => other.event === event),
        1,
      );
    }),
  );

  for (const op of vector.ops) {
    if (op.op === "run") {
      for (const happened of pending.splice(0)) happened();
    } else if (op.op === "wait") nowNs += BigInt(op.ns);
    else if (op.op === "thresholds") after = op;
    else if (op.op === "read") {
      expect(BigInt(op.now)).toBe(nowNs);
      for (const name of new Set([...Object.keys(op.r), ...online.names()])) {
        if (isPinned(name)) continue;
        expect(online.statusOf(name, nowNs), name).toBe(op.r[name] ?? "");
      }
    } else ledger.apply(op);
  }

  expect(nowNs).toBe(BigInt(vector.now));
  for (const [name, { status, held, at, by, svc }] of Object.entries(vector.statuses)) {
    const evidence = online.evidenceOf(name);
    if (isPinned(name)) {
      expect(evidence?.tsNs).toBe(newest(name)?.atNs);
      continue;
    }
    expect(online.statusOf(name, nowNs), name).toBe(status);
    const expected = held && { state: held, tsNs: BigInt(at ?? ""), svc, observer: by };
    expect(evidence, name).toEqual(expected);
  }

  /** Some evidence came from the future, which the reference takes for what it says. */
  function isPinned(name: string): boolean {
    return believed.some(({ event, atNs }) => event.tsNs > atNs && shows(event, name));
  }

  /** Ours: what comes from the future counts as of when it was heard; of equal times the first. */
  function newest(name: string): { event: SyncEvent; atNs: bigint } | undefined {
    return believed
      .filter(({ event }) => shows(event, name))
      .reduce<{ event: SyncEvent; atNs: bigint } | undefined>(
        (best, one) => (best === undefined || one.atNs > best.atNs ? one : best),
        undefined,
      );
  }
}

const shows = ({ payload }: SyncEvent, name: string): boolean =>
  Object.values(payload).some((value) => value === name);

function startOf({ now, ops }: OnlineVector): bigint {
  const waited = ops.reduce((sum, op) => (op.op === "wait" ? sum + BigInt(op.ns) : sum), 0n);
  return BigInt(now) - waited;
}

// ── Opinions ────────────────────────────────────────────────────────────────────────────────────

function projectionsAfter(
  vector: LedgerVector & {
    readonly now: string;
    readonly ops: readonly (
      | LedgerOp
      | RunOp
      | { readonly op: "reset" }
      | { readonly op: "fail" }
    )[];
  },
  judge = someJudge,
): Projections {
  const ledger = createReferenceLedger(vector);
  const projections = createProjections(ledger, judge, { nowNs: () => BigInt(vector.now) });
  for (const op of vector.ops) {
    if (op.op === "add" || op.op === "remove" || op.op === "prune") ledger.apply(op);
  }
  expect(new Set(ledger.events().map(({ id }) => id))).toEqual(new Set(vector.stored));
  return projections;
}

function checkOpinions(vector: OpinionVector): void {
  const { opinions } = projectionsAfter(vector);
  for (const [name, told] of Object.entries(vector.opinions)) {
    const { startTimeS, restarts, lastRestartS, totalUptimeS } = opinions.opinionOf(
      name,
      secondsAt(vector.now),
    );
    const ours = {
      startTime: startTimeS,
      restarts,
      lastRestart: lastRestartS,
      totalUptime: totalUptimeS,
    };
    expect(ours, name).toEqual(expectedOpinion(vector, name, told));
  }
}

type Told = OpinionVector["opinions"][string];

interface Word {
  readonly observer: string;
  readonly tsNs: bigint;
  readonly startTime: number;
  /** 0 where it is no restart. */
  readonly restarts: number;
}

/**
 * The reference's own, with two rules of ours: an observer's newest word is its only one, and a
 * checkpoint anchors what it counts.
 */
function expectedOpinion(vector: OpinionVector, name: string, told: Told): Trinity {
  const { opinion, checkpointUsed, checkpointVariant } = told;
  const words = wordsAbout(vector, name);
  const starts = lastWords(words.filter(({ startTime }) => startTime > 0));
  const counts = lastWords(words.filter(({ restarts }) => restarts > 0));
  const isRepeated = starts.length + counts.length < saying(words);
  const free = isRepeated
    ? {
        ...opinion,
        startTime: trimmedMeanPositive(starts.map(({ startTime }) => startTime)).mean,
        restarts:
          counts.length < 2
            ? opinion.restarts
            : trimmedMean(counts.map(({ restarts }) => restarts)).mean,
      }
    : opinion;
  if (!checkpointUsed) return free;
  const asOfNs = asOfIn(vector, name);
  const later = counts.filter(({ tsNs }) => tsNs > asOfNs).map(({ restarts }) => restarts);
  return {
    startTime: checkpointVariant.startTime || free.startTime,
    restarts: Math.max(checkpointVariant.restarts, later.length < 2 ? 0 : trimmedMean(later).mean),
    lastRestart: free.lastRestart,
    totalUptime: checkpointVariant.totalUptime,
  };
}

function wordsAbout(vector: OpinionVector, name: string): readonly Word[] {
  return storedIn(vector).flatMap((event) => {
    if (event.svc !== "observation" || event.payload.subject !== name) return [];
    const { observer, type, start_time, restart_num } = event.payload;
    if (type !== "restart" && type !== "first-seen") return [];
    const restarts = type === "restart" ? Number(restart_num) : 0;
    return [{ observer, tsNs: event.tsNs, startTime: Number(start_time), restarts }];
  });
}

const saying = (words: readonly Word[]): number =>
  words.filter(({ startTime }) => startTime > 0).length +
  words.filter(({ restarts }) => restarts > 0).length;

function lastWords(words: readonly Word[]): readonly Word[] {
  const last = new Map<string, Word>();
  for (const word of words) {
    const known = last.get(word.observer);
    if (known === undefined || word.tsNs > known.tsNs) last.set(word.observer, word);
  }
  return [...last.values()];
}

/** Unix ns of the latest checkpoint. */
function asOfIn(vector: OpinionVector, name: string): bigint {
  let latestS = 0n;
  for (const { svc, payload } of storedIn(vector)) {
    if (svc !== "checkpoint" || payload.subject !== name) continue;
    if (payload.as_of_time > latestS) latestS = payload.as_of_time;
  }
  return latestS * 1_000_000_000n;
}

function storedIn({ events, stored }: LedgerVector): readonly SyncEvent[] {
  const byId = new Map(eventsOf(events).map((event) => [event.id, event]));
  return (stored ?? []).flatMap((id) => byId.get(id) ?? []);
}

// ── Votes ───────────────────────────────────────────────────────────────────────────────────────

interface VoteVector {
  readonly votes: readonly (readonly [value: number, weight: number])[] | null;
  /** A coin may be tossed, which the reference never does in production. */
  readonly coin: boolean;
  readonly result: number;
}

function checkVotes({ votes, coin, result }: VoteVector): void {
  const cast = (votes ?? []).map(([startTimeS, weightS]) => ({ startTimeS, weightS }));
  const ours = startTimeConsensus(cast) ?? 0;
  if (!coin || ours === result) {
    expect(ours).toBe(result);
    return;
  }
  const heaviest = Math.max(...cast.map(({ weightS }) => weightS));
  const tossed = cast.find(({ startTimeS }) => startTimeS === result);
  expect(cast.find(({ startTimeS }) => startTimeS === ours)?.weightS).toBe(heaviest);
  expect(tossed?.weightS).toBeGreaterThanOrEqual(Math.trunc((heaviest * 80) / 100));
}

// ── Framework ───────────────────────────────────────────────────────────────────────────────────

/**
 * The reference starts again whenever something has gone, and replays what is left. Ours never
 * does, and must still believe after each run what a projection made of the same events believes.
 */
function checkFramework(vector: FrameworkVector): void {
  const ledger = createReferenceLedger(vector);
  const clock = { nowNs: () => BigInt(vector.now) };
  const projections = createProjections(ledger, someJudge, clock);
  let handled = new Set<string>();
  let resets = 0;
  for (const op of vector.ops) {
    if (op.op === "run") {
      if (op.resets > resets) handled = new Set();
      resets = op.resets;
      for (const id of op.handled) handled.add(id);
      if (op.failed === true) continue;
      const held = ledger.events();
      expect(new Set(held.map(({ id }) => id))).toEqual(handled);
      const replayed = createProjections(ledger, someJudge, clock);
      expect(beliefsOf(projections, held, vector.now)).toEqual(
        beliefsOf(replayed, held, vector.now),
      );
      replayed.stop();
    } else if (op.op === "add" || op.op === "remove" || op.op === "prune") ledger.apply(op);
  }
}

function beliefsOf(
  { online, opinions, clout, teases, roundTrips }: Projections,
  events: readonly SyncEvent[],
  now: string,
) {
  const names = new Set(events.flatMap(({ payload }) => Object.values(payload).map(String)));
  return {
    online: new Map(online.names().map((name) => [name, online.evidenceOf(name)])),
    opinions: [...names].map((name) => opinions.opinionOf(name, secondsAt(now))),
    clout: clout.scores(secondsAt(now)),
    teases: teases.givenByName(),
    gridMs: roundTrips.gridMs(),
  };
}
