/** Social rules as the reference has them (docs/protocol/presence-and-life.md §5, §7; events-and-ledger.md §5). */
import { expect } from "vitest";
import { quipIndex } from "../../src/nara/events/quips.ts";
import {
  decodeSyncEvent,
  newSyncEvent,
  refusalOf,
  type SyncEvent,
} from "../../src/nara/events/sync-event.ts";
import {
  markOnline,
  noOpinion,
  worthReporting,
} from "../../src/nara/services/presence/mark-online.ts";
import { isReportedMissing } from "../../src/nara/services/presence/missing-report.ts";
import { isForgettable } from "../../src/nara/services/presence/upkeep.ts";
import { isImportantEnough, isToTaste } from "../../src/nara/services/social/filters.ts";
import { createSubjectLimiter } from "../../src/nara/services/social/limiter.ts";
import {
  isNiceNumber,
  niceRoll,
  noticesNumber,
} from "../../src/nara/services/social/nice-numbers.ts";
import { createTeaseBook } from "../../src/nara/services/social/tease-book.ts";
import {
  isComeback,
  leftTrend,
  restartsOften,
  saidByAnother,
  teaseReason,
  teasesAtRandom,
  waitsForOthers,
} from "../../src/nara/services/social/teases.ts";
import { partitionSubjects } from "../../src/nara/sync/subjects.ts";
import type { OnlineState, Personality } from "../../src/nara/view.ts";
import { observed } from "./presence-records.ts";
import { coverSections, testCases, vectors } from "./support.ts";

/** Agreeableness, sociability, chill. */
type Traits = readonly [number, number, number];

const personality = ([agreeableness, sociability, chill]: Traits): Personality => ({
  agreeableness,
  sociability,
  chill,
});

const { reasons = [] } = vectors<{ readonly reasons?: readonly string[] }>("social.json");
const anyTimeNs = 1_790_000_000_000_000_000n;
const nanosecondsPerS = 1_000_000_000n;

coverSections("social.json", {
  filter: (cases: readonly FilterCase[]) =>
    testCases(cases, ({ p, keep }) => {
      for (const [type, expected] of Object.entries(keep)) {
        const kept = reasons.map((reason) => {
          const payload = { type, actor: "alice", target: "bob", reason };
          return Number(isToTaste(personality(p), newSyncEvent("social", anyTimeNs, payload)));
        });
        expect([type, kept.join("")]).toEqual([type, expected]);
      }
    }),

  reasons: (names: readonly string[]) =>
    testCases([{ name: "one digit each in every filter case" }], () => {
      const { filter = [] } = vectors<{ readonly filter?: readonly FilterCase[] }>("social.json");
      const lengths = filter.flatMap(({ keep }) => Object.values(keep).map(({ length }) => length));
      expect(new Set(lengths)).toEqual(new Set([names.length]));
    }),

  importance: (cases: readonly ImportanceCase[]) =>
    testCases(cases, ({ chill, importance, type, stored }) => {
      const event: SyncEvent =
        type === "tease"
          ? newSyncEvent("social", anyTimeNs, { type, actor: "alice", target: "bob" })
          : newSyncEvent("observation", anyTimeNs, {
              ...{ observer: "alice", subject: "bob", type, importance: BigInt(importance) },
              ...(type === "status-change" ? { online_state: "ONLINE" } : { start_time: 1n }),
            });
      const chilled = { agreeableness: 50, sociability: 50, chill };
      expect(refusalOf(event) === undefined && isImportantEnough(chilled, event)).toBe(stored);
    }),

  restarts: (cases: readonly RestartsCase[]) =>
    testCases(cases, ({ p, restarts, startTime, now, r }) =>
      expect(restartsOften(personality(p), { restarts, startTimeS: startTime, nowS: now })).toBe(r),
    ),

  nice: (cases: readonly NiceCase[]) =>
    testCases(cases, ({ n, nice, draw, leastSociability }) => {
      expect(isNiceNumber(n)).toBe(nice);
      if (draw !== null) expect(niceRoll(n)).toBe(draw);
      const speaksUp = Array.from({ length: 100 }, (_, sociability) =>
        noticesNumber(n, sociability),
      );
      expect(speaksUp.indexOf(true)).toBe(leastSociability);
    }),

  niceBelow1501: (numbers: readonly number[]) =>
    testCases([{ name: "all" }], () => {
      const found = Array.from({ length: 1501 }, (_, n) => n).filter(isNiceNumber);
      expect(found).toEqual(numbers);
    }),

  comeback: (cases: readonly ComebackCase[]) =>
    testCases(cases, ({ sociability, previous, current, r }) =>
      expect(isComeback({ sociability }, previous, current)).toBe(r),
    ),

  trend: (cases: readonly TrendCase[]) =>
    testCases(cases, ({ p, was, is, share, r }) =>
      expect(leftTrend(personality(p), was, is, share)).toBe(r),
    ),

  random: (cases: readonly RandomCase[]) =>
    testCases(cases, ({ p, soul, target, seconds, boost, r }) => {
      const me = { soulText: soul, personality: personality(p) };
      expect(teasesAtRandom(me, target, seconds, boost)).toBe(r);
    }),

  cooldown: (cases: readonly { readonly ops: readonly CooldownOp[] }[]) =>
    testCases(cases, ({ ops }) => {
      let nowS = 1_790_000_000;
      const book = createTeaseBook(() => nowS);
      ops.forEach((op, index) => {
        const told = cooldownAnswer(book, op);
        if (op.op === "wait") nowS += op.seconds;
        expect([index, told]).toEqual([index, op.op === "cleanup" ? op.left : op.r]);
      });
    }),

  templates: (cases: readonly TemplateCase[]) =>
    testCases(cases, (vector) => {
      if (vector.index === undefined) {
        expect(quipIndex(vector.reason, vector.target) === undefined).toBe(vector.wordless);
        return;
      }
      for (const [reason, expected] of Object.entries(vector.index)) {
        expect([reason, quipIndex(reason, vector.target)]).toEqual([reason, expected]);
      }
    }),

  limiter: (cases: readonly { readonly ops: readonly LimiterOp[] }[]) =>
    testCases(cases, ({ ops }) => {
      const limiter = createSubjectLimiter();
      ops.forEach((op, index) => {
        if (op.op === "cleanup") {
          limiter.tidy(op.now);
          expect([index, limiter.size]).toEqual([index, op.left]);
        } else {
          expect([index, limiter.allow(op.subject, op.t)]).toEqual([index, op.r]);
        }
      });
    }),

  triggers: (cases: readonly TriggerCase[]) => testCases(cases, checkTrigger),

  reports: (cases: readonly ReportCase[]) => testCases(cases, checkReport),

  neighbours: (cases: readonly NeighboursCase[]) =>
    testCases(cases, ({ me, now, peers, left }) => {
      const kept = Object.entries(peers).filter(
        ([name, { buzz, lastSeen, online, startTime }]) =>
          name === me ||
          !isForgettable(
            { online, startTimeS: startTime, lastSeenS: lastSeen, hasSpoken: buzz > 0 },
            now,
          ),
      );
      expect(kept.map(([name]) => name).sort()).toEqual([...left].sort());
    }),

  split: (cases: readonly SplitCase[]) =>
    testCases(cases, ({ subjects, n, parts }) =>
      expect(partitionSubjects(subjects ?? [], n)).toEqual(parts ?? []),
    ),
});

interface FilterCase {
  readonly p: Traits;
  /** By social type, a digit per reason: 1 for kept. */
  readonly keep: Readonly<Record<string, string>>;
}

interface ImportanceCase {
  readonly chill: number;
  readonly importance: number;
  /** Type of an observation, or "tease". */
  readonly type: string;
  readonly stored: boolean;
}

interface RestartsCase {
  readonly p: Traits;
  readonly restarts: number;
  readonly startTime: number;
  readonly now: number;
  readonly r: boolean;
}

interface NiceCase {
  readonly n: number;
  readonly nice: boolean;
  readonly draw: number | null;
  readonly leastSociability: number;
}

interface ComebackCase {
  readonly sociability: number;
  readonly previous: OnlineState;
  readonly current: OnlineState;
  readonly r: boolean;
}

interface TrendCase {
  readonly p: Traits;
  readonly was: string;
  readonly is: string;
  readonly share: number;
  readonly r: boolean;
}

interface RandomCase {
  readonly p: Traits;
  readonly soul: string;
  readonly target: string;
  readonly seconds: number;
  readonly boost: number;
  readonly r: boolean;
}

type TemplateCase =
  | { readonly target: string; readonly index: Readonly<Record<string, number>> }
  | {
      readonly target: string;
      readonly index?: undefined;
      readonly reason: string;
      readonly wordless: boolean;
    };

type CooldownOp =
  | { readonly op: "try" | "can"; readonly actor: string; readonly target: string; r: boolean }
  | { readonly op: "record"; readonly actor: string; readonly target: string; r?: undefined }
  | { readonly op: "wait"; readonly seconds: number; r?: undefined }
  | { readonly op: "cleanup"; readonly left: number };

type LimiterOp =
  | { readonly op?: undefined; readonly subject: string; readonly t: number; readonly r: boolean }
  | { readonly op: "cleanup"; readonly now: number; readonly left: number };

interface TriggerCase {
  readonly me: string;
  readonly soul: string;
  readonly p: Traits;
  /** Unix nanoseconds. */
  readonly now: string;
  readonly target: string;
  readonly previous: OnlineState;
  readonly online: OnlineState;
  readonly previousTrend: string;
  readonly trend: string;
  readonly restarts: number;
  readonly startTime: number;
  readonly inMyBarrio: boolean;
  readonly others: Readonly<
    Record<string, { readonly online: OnlineState; readonly trend: string }>
  >;
  /** Texts of events. */
  readonly earlier: readonly string[];
  readonly sent: boolean;
  readonly stored: string | null;
}

interface ReportCase {
  readonly what: "missing" | "restart";
  readonly me: string;
  readonly p: Traits;
  /** Unix nanoseconds. */
  readonly now: string;
  readonly subject: string;
  readonly startTime: number;
  readonly earlier: readonly string[];
  readonly stored: boolean;
}

interface NeighboursCase {
  readonly me: string;
  readonly now: number;
  readonly peers: Readonly<Record<string, PeerRecord>>;
  readonly left: readonly string[];
}

interface PeerRecord {
  readonly buzz: number;
  readonly lastSeen: number;
  readonly online: OnlineState;
  readonly startTime: number;
}

interface SplitCase {
  readonly subjects: readonly string[] | null;
  readonly n: number;
  readonly parts: readonly (readonly string[])[] | null;
}

function cooldownAnswer(
  book: ReturnType<typeof createTeaseBook>,
  op: CooldownOp,
): boolean | number | undefined {
  switch (op.op) {
    case "can":
      return book.mayTease(op.actor, op.target);
    case "try": {
      const may = book.mayTease(op.actor, op.target);
      if (may) book.record(op.actor, op.target);
      return may;
    }
    case "record":
      book.record(op.actor, op.target);
      return undefined;
    case "cleanup":
      book.tidy();
      return book.size;
    case "wait":
      return undefined;
  }
}

function eventIn(text: string): SyncEvent {
  const decoded = decodeSyncEvent(text);
  if (!decoded.ok) throw new Error(decoded.refusal);
  return decoded.value;
}

function checkTrigger(vector: TriggerCase): void {
  const { me, target, soul, p } = vector;
  const nowNs = BigInt(vector.now);
  const here = [...Object.values(vector.others), vector].filter(
    ({ online }) => online === "ONLINE",
  );
  const followers = here.filter(({ trend }) => trend === vector.previousTrend).length;
  const reason = teaseReason(
    { soulText: soul, personality: personality(p) },
    {
      target,
      nowS: Number(nowNs / nanosecondsPerS),
      restarts: vector.restarts,
      startTimeS: vector.startTime,
      online: vector.online,
      onlineBefore: vector.previous,
      trend: vector.trend,
      trendBefore: vector.previousTrend,
      shareOfTrendBefore: here.length === 0 ? 0 : followers / here.length,
      isInMyBarrio: vector.inMyBarrio,
    },
  );
  const said =
    reason !== undefined &&
    !(
      waitsForOthers(reason) &&
      saidByAnother(vector.earlier.map(eventIn), { me, target, reason }, nowNs)
    );
  expect(said).toBe(vector.sent);
  if (reason === undefined || !said) {
    expect(vector.stored).toBeNull();
    return;
  }
  const tease = newSyncEvent("social", nowNs, { type: "tease", actor: me, target, reason });
  expect(isToTaste(personality(p), tease) ? reason : null).toBe(vector.stored);
}

function checkReport(vector: ReportCase): void {
  const { me, subject, what, startTime } = vector;
  const nowNs = BigInt(vector.now);
  const earlier = vector.earlier.map(eventIn);
  const restartNum = 7;
  const event = newSyncEvent("observation", nowNs, {
    observer: me,
    subject,
    ...(what === "missing"
      ? { type: "status-change", importance: 2n, online_state: "MISSING" }
      : {
          type: "restart",
          importance: 3n,
          start_time: BigInt(startTime),
          restart_num: BigInt(restartNum),
        }),
  });
  const heard = earlier.flatMap((event) =>
    event.svc === "observation" && event.payload.type === "restart"
      ? [
          {
            observer: event.payload.observer,
            tsNs: event.tsNs,
            startTimeS: Number(event.payload.start_time),
            restartNum: Number(event.payload.restart_num),
          },
        ]
      : [],
  );
  const isNews =
    what === "missing"
      ? !isReportedMissing(earlier, { me, subject }, nowNs)
      : worthReporting(
          { type: "restart", subject, startTimeS: startTime, restartNum },
          heard,
          me,
          nowNs,
        );
  const wellFormed = refusalOf(event) === undefined;
  expect(wellFormed && isNews && isToTaste(personality(vector.p), event)).toBe(vector.stored);
  // A restart without a start time is not even considered: marking online makes no report of it.
  if (what === "restart" && startTime === 0) {
    const marked = markOnline({
      name: subject,
      isMe: false,
      isKnown: true,
      observation: observed({ online: "MISSING" }),
      seenAtS: Number(nowNs / nanosecondsPerS),
      nowS: Number(nowNs / nanosecondsPerS),
      booting: false,
      opinion: noOpinion,
    });
    expect(marked.reports).toEqual([]);
  }
}
