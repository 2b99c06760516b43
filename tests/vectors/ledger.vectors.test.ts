/**
 * What the reference's ledger kept, dropped and answered. A model of its rules must repeat it
 * exactly; the same model with our deviations (docs/differences.md, Ledger) says what to expect of
 * ours.
 */
import { expect } from "vitest";
import {
  actorOf,
  decodeSyncEvent,
  type SyncEvent,
  targetOf,
} from "../../src/nara/events/sync-event.ts";
import { createLedger, type Ledger } from "../../src/nara/ledger/ledger.ts";
import {
  backfillOf,
  type FactReader,
  firstSeenOf,
  latestCheckpointOf,
  latestPingTo,
  meanRttTo,
  pingsBetween,
  recentSocial,
  restartsOf,
  teaseCounts,
  uptimeAfter,
  uptimeOf,
} from "../../src/nara/ledger/queries.ts";
import { isImportantEnough, keepsSocial } from "../../src/nara/services/social/filters.ts";
import { createSubjectLimiter } from "../../src/nara/services/social/limiter.ts";
import { eventPage } from "../../src/nara/sync/page.ts";
import { recentEvents } from "../../src/nara/sync/recent.ts";
import { eventSlice } from "../../src/nara/sync/slices.ts";
import { createLedgerModel, type LedgerModel, ours, reference } from "./ledger-model.ts";
import { coverSections, testCases } from "./support.ts";

// ── Shapes ──────────────────────────────────────────────────────────────────────────────────────

/** [agreeableness, sociability, chill] */
type Traits = readonly [number, number, number];

/** `e` and `es` index the events; `r` is what came back, `n` the count and `v` the version after. */
type Op =
  | ({ readonly op: "add" | "dedup" | "limited"; readonly e: number } & Added & After)
  | ({ readonly op: "importance" | "social"; readonly e: number; readonly p: Traits } & Added &
      After)
  | ({ readonly op: "merge"; readonly es: readonly number[]; readonly r: number } & After)
  | ({ readonly op: "remove"; readonly name: string; readonly r: number } & After)
  | ({ readonly op: "prune" } & After)
  | { readonly op: "know"; readonly names: readonly string[] }
  | { readonly op: "wait"; readonly ns: string };

interface Added {
  readonly r: boolean;
}

interface After {
  readonly n: number;
  readonly v: number;
}

interface Answers {
  readonly restarts: number;
  readonly uptime: number;
  readonly uptimeAfter: { readonly t: number; readonly s: number };
  readonly firstSeen: number;
  /** Id, "" without one. */
  readonly checkpoint: string;
  readonly checkpointAt?: number;
  readonly backfillStart: number | null;
  readonly meanRtt: number;
  readonly latestRtt: number | null;
  readonly involving: readonly number[];
  readonly observationsAbout: readonly number[];
  readonly socialAbout: readonly number[];
  readonly socialInvolving: number;
}

interface Asked {
  readonly services: readonly string[] | null;
  readonly subjects: readonly string[] | null;
  /** Positions in what is stored. */
  readonly r: readonly number[];
}

type SyncQuestion =
  | (Asked & {
      readonly kind: "slice";
      readonly since: string;
      readonly index: number;
      readonly total: number;
      readonly max: number;
    })
  | (Asked & {
      readonly kind: "page";
      readonly cursor: string;
      readonly size: number;
      readonly next: string;
    })
  | (Asked & { readonly kind: "recent"; readonly limit: number });

interface LedgerCase {
  readonly name: string;
  readonly capacity: number;
  readonly events: readonly string[] | null;
  readonly ops: readonly Op[];
  /** Ids in the order of the ledger. */
  readonly stored: readonly string[] | null;
  readonly heard: number;
  readonly version: number;
  readonly critical: number;
  readonly countsByService: { readonly [svc: string]: number };
  readonly now: string;
  readonly about: { readonly [name: string]: Answers };
  readonly recentSocial4: readonly number[];
  readonly teases: { readonly [name: string]: number };
  readonly teased: { readonly [name: string]: number };
  readonly pingsBetween?: {
    readonly a: string;
    readonly b: string;
    readonly rtts: readonly number[];
  };
  readonly sync?: readonly SyncQuestion[];
}

coverSections("ledger.json", {
  cases: (cases: readonly LedgerCase[]) => testCases(cases, check),
});

function check(vector: LedgerCase): void {
  const told = (vector.events ?? []).map(parsed);
  const theirs = createLedgerModel(vector.capacity, reference);
  repeat(vector, told, theirs, true);
  expect(ids(theirs.stored())).toEqual(vector.stored ?? []);
  expect([theirs.version(), theirs.heard()]).toEqual([vector.version, vector.heard]);
  answersOf(vector, theirs.stored());

  const expected = createLedgerModel(vector.capacity, ours);
  repeat(vector, told, expected, false);
  const known: { names: ReadonlySet<string> | undefined } = { names: undefined };
  const ledger = createLedger({
    capacity: vector.capacity,
    isKnown: (name) => known.names?.has(name) ?? true,
  });
  let heard = 0;
  ledger.onAdd(() => heard++);
  repeat(vector, told, asModel(ledger, known), false, createSteps(vector, told));
  expect(ids(ledger.events())).toEqual(ids(expected.stored()));
  expect([ledger.version(), heard]).toEqual([expected.version(), expected.heard()]);
  agrees(vector, ledger, expected.stored());
}

// ── Operations ──────────────────────────────────────────────────────────────────────────────────

/** What a ledger answered to each operation: what came back, the count, the version. */
type Step = readonly [result: boolean | number | undefined, count: number, version: number];

/** What our model answers, operation by operation. */
function createSteps(vector: LedgerCase, told: readonly (SyncEvent | undefined)[]): Step[] {
  return repeat(vector, told, createLedgerModel(vector.capacity, ours), false);
}

/** @param isExact the model must answer as the vector says. */
function repeat(
  { ops }: LedgerCase,
  told: readonly (SyncEvent | undefined)[],
  model: Omit<LedgerModel, "heard">,
  isExact: boolean,
  expected?: readonly Step[],
): Step[] {
  const limiter = createSubjectLimiter();
  const steps: Step[] = [];
  for (const op of ops) {
    const result = apply(op, told, model, limiter);
    const step: Step = [result, model.stored().length, model.version()];
    if (isExact && "n" in op) expect(step, stepName(op)).toEqual([recorded(op), op.n, op.v]);
    if (expected !== undefined) expect(step, stepName(op)).toEqual(expected[steps.length]);
    steps.push(step);
  }
  return steps;
}

const stepName = (op: Op): string => JSON.stringify(op);

const recorded = (op: Op): boolean | number | undefined => ("r" in op ? op.r : undefined);

function apply(
  op: Op,
  told: readonly (SyncEvent | undefined)[],
  model: Omit<LedgerModel, "heard">,
  limiter: ReturnType<typeof createSubjectLimiter>,
): boolean | number | undefined {
  switch (op.op) {
    case "add":
    case "dedup":
    case "limited":
    case "importance":
    case "social": {
      const event = told[op.e];
      if (event === undefined) return false;
      if (op.op === "limited" && event.svc === "observation") {
        const atS = Number(event.tsNs / 1_000_000_000n);
        if (!limiter.allow(event.payload.subject, atS)) return false;
      }
      if ("p" in op && !passes(op.op, personality(op.p), event)) return false;
      return model.add(event, op.op === "dedup");
    }
    case "merge":
      return model.merge(op.es.flatMap((at) => told[at] ?? []));
    case "remove":
      return model.remove(op.name);
    case "prune":
      model.prune();
      return undefined;
    case "know":
      model.know(op.names);
      return undefined;
    case "wait":
      return undefined;
  }
}

type Personality = Parameters<typeof isImportantEnough>[0];

const personality = ([agreeableness, sociability, chill]: Traits): Personality => ({
  agreeableness,
  sociability,
  chill,
});

const passes = (filter: string, nature: Personality, event: SyncEvent): boolean =>
  filter === "importance"
    ? isImportantEnough(nature, event)
    : event.svc !== "social" || keepsSocial(nature, event.payload.type, event.payload.reason);

/** Our ledger, asked as the models are. */
const asModel = (
  ledger: Ledger,
  known: { names: ReadonlySet<string> | undefined },
): Omit<LedgerModel, "heard"> => ({
  add: (event, isOwnObservation = false) => ledger.add(event, { isOwnObservation }).ok,
  merge: (events) => events.filter((event) => ledger.add(event).ok).length,
  prune: () => {},
  remove: ledger.removeNara,
  know: (names) => {
    known.names = new Set(names);
  },
  stored: ledger.events,
  version: ledger.version,
});

// ── Questions ───────────────────────────────────────────────────────────────────────────────────

/** The recorded answers, asked of our queries over what the reference had stored. */
function answersOf(vector: LedgerCase, stored: readonly SyncEvent[]): void {
  const reader = readerOf(stored);
  const at = (events: readonly SyncEvent[]): readonly number[] =>
    events.map((event) => stored.indexOf(event));
  const nowS = BigInt(vector.now) / 1_000_000_000n;
  for (const [name, answers] of Object.entries(vector.about)) {
    const after = { ...answers.uptimeAfter };
    const checkpoint = latestCheckpointOf(reader, name);
    const social = stored.filter((event) => event.svc === "social" && isAbout(event, name));
    const asked: Answers = {
      restarts: Number(restartsOf(reader, name)),
      uptime: Number(uptimeOf(reader, name, nowS)),
      uptimeAfter: { ...after, s: Number(uptimeAfter(reader, name, BigInt(after.t), nowS)) },
      firstSeen: Number(firstSeenOf(reader, name)),
      checkpoint: checkpoint?.id ?? "",
      ...(checkpoint === undefined ? {} : { checkpointAt: stored.indexOf(checkpoint) }),
      backfillStart: numberOrNull(backfillOf(reader, name)?.start_time),
      meanRtt: meanRttTo(reader, name),
      latestRtt: latestPingTo(reader, name)?.rtt ?? null,
      involving: at(stored.filter((event) => isAbout(event, name))),
      observationsAbout: at(reader.targeting("observation", name)),
      socialAbout: at(reader.targeting("social", name)),
      socialInvolving: social.length,
    };
    expect(asked, name).toEqual(answers);
  }
  const { given, received } = teaseCounts(reader);
  expect(Object.fromEntries(given)).toEqual(vector.teases);
  expect(Object.fromEntries(received)).toEqual(vector.teased);
  expect(at(recentSocial(reader, 4))).toEqual(vector.recentSocial4);
  if (vector.pingsBetween !== undefined) {
    const { a, b, rtts } = vector.pingsBetween;
    expect(pingsBetween(reader, a, b).map(({ rtt }) => rtt)).toEqual(rtts);
  }
  for (const question of vector.sync ?? []) {
    expect(at(told(stored, question)), question.kind).toEqual(question.r);
  }
}

function told(stored: readonly SyncEvent[], question: SyncQuestion): readonly SyncEvent[] {
  /** To the methods that were recorded 0 means no bound; to ours nothing does. */
  const size = (most: number): number => (most > 0 ? most : stored.length + 1);
  switch (question.kind) {
    case "slice": {
      const { since, index, total, max } = question;
      // The recorded method gives all for a slice that there is not; its only caller never asks so.
      const isOne = index >= 0 && index < total;
      const sinceNs = BigInt(since);
      const slice = isOne
        ? { sinceNs, index: BigInt(index), total: BigInt(total) }
        : { sinceNs, index: 0n, total: 1n };
      return eventSlice(stored, { ...slice, most: size(max) }, question);
    }
    case "page": {
      const page = eventPage(stored, question.cursor, size(question.size), question);
      expect(page.nextCursor).toBe(question.next);
      return page.events;
    }
    case "recent":
      return recentEvents(stored, size(question.limit), question);
  }
}

/** Our ledger finds what a search through all events finds. */
function agrees(vector: LedgerCase, ledger: Ledger, stored: readonly SyncEvent[]): void {
  const reader = readerOf(stored);
  for (const name of Object.keys(vector.about)) {
    expect(ids(ledger.about(name))).toEqual(ids(stored.filter((event) => isAbout(event, name))));
    for (const svc of ["observation", "social", "ping", "checkpoint"] as const) {
      expect(ids(ledger.targeting(svc, name))).toEqual(ids(reader.targeting(svc, name)));
    }
  }
  const oldestFirst = stored.toSorted(byTime);
  expect(ids(ledger.since(-(2n ** 63n) - 1n))).toEqual(ids(oldestFirst));
  const newestSocial = oldestFirst.toReversed().filter(({ svc }) => svc === "social");
  expect(ids(recentSocial(ledger, 4))).toEqual(ids(newestSocial.slice(0, 4)));
  expect(ids(ledger.byService("social"))).toEqual(ids(reader.byService("social")));
  expect(ledger.count()).toBe(stored.length);
  expect(ledger.count()).toBeLessThanOrEqual(Math.max(0, vector.capacity));
  if (ids(stored).join() !== (vector.stored ?? []).join()) return;
  expect(ledger.criticalCount()).toBe(vector.critical);
  expect(Object.fromEntries(ledger.countsByService())).toEqual(vector.countsByService);
}

const readerOf = (stored: readonly SyncEvent[]): FactReader => ({
  byService: (svc) => stored.filter((event) => event.svc === svc) as never,
  targeting: (svc, name) =>
    stored.filter((event) => event.svc === svc && targetOf(event) === name) as never,
  newest: (most, wanted = () => true) =>
    stored
      .toSorted((one, other) => byTime(other, one))
      .filter(wanted)
      .slice(0, most),
});

const byTime = (one: SyncEvent, other: SyncEvent): number =>
  one.tsNs < other.tsNs ? -1 : one.tsNs > other.tsNs ? 1 : 0;

const isAbout = (event: SyncEvent, name: string): boolean =>
  [actorOf(event), targetOf(event)].includes(name);

const numberOrNull = (value: bigint | undefined): number | null =>
  value === undefined ? null : Number(value);

const ids = (events: readonly SyncEvent[]): readonly string[] => events.map(({ id }) => id);

/** Undefined for what no ledger takes: an unknown service, a missing payload. */
function parsed(text: string): SyncEvent | undefined {
  const decoded = decodeSyncEvent(text);
  return decoded.ok ? decoded.value : undefined;
}
