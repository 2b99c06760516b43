/** Marking a nara online: what evidence of its life does to my record of it (presence-and-life.md §5). */
import type { Opinion as LedgerOpinion } from "../../projections/opinion.ts";
import { missingAfterS } from "./evidence.ts";
import { isAbsent, type Observation } from "./observation.ts";

/** What the ledger's events say of a nara; zeros while they say nothing (events-and-ledger.md §8). */
export type Opinion = Pick<LedgerOpinion, "startTimeS" | "restarts" | "lastRestartS">;

export const noOpinion: Opinion = { startTimeS: 0, restarts: 0, lastRestartS: 0 };

/** Something the network should hear about another nara. */
export type PresenceReport =
  | { readonly type: "first-seen"; readonly subject: string; readonly startTimeS: number }
  | {
      /** To be said after `restartReportDelayMs`, if it is then still `worthReporting`. */
      readonly type: "restart";
      readonly subject: string;
      readonly startTimeS: number;
      readonly restartNum: number;
    };

export interface Evidence {
  readonly name: string;
  readonly isMe: boolean;
  /** The name is in my neighbourhood already. */
  readonly isKnown: boolean;
  readonly observation: Observation;
  /** When it was seen, Unix seconds; the future counts as now (design: "What we accept", 5). */
  readonly seenAtS: number;
  readonly nowS: number;
  readonly booting: boolean;
  readonly opinion: Opinion;
}

export interface MarkedOnline {
  /** False when the name stays unknown: nothing else changes then. */
  readonly isKnown: boolean;
  readonly observation: Observation;
  /** What it adds to my own buzz count. */
  readonly buzz: number;
  readonly reports: readonly PresenceReport[];
}

/** What a first sight or a restart adds to buzz (docs/protocol/presence-and-life.md §4). */
const buzzOfNews = 3;

/** The rule, step by step as in docs/protocol/presence-and-life.md §5, "Mark online". */
export function markOnline(evidence: Evidence): MarkedOnline {
  const { name, isMe, nowS, booting } = evidence;
  const seenAtS = Math.min(evidence.seenAtS, nowS);
  const isRecent = nowS - seenAtS < missingAfterS;
  if (!isMe && !evidence.isKnown && !isRecent && !booting) {
    return { isKnown: false, observation: evidence.observation, buzz: 0, reports: [] };
  }

  const reports: PresenceReport[] = [];
  let observation = evidence.observation;
  let { opinion } = evidence;
  let buzz = 0;

  if (observation.online === "" && !isMe) {
    buzz += buzzOfNews;
    if (!booting) {
      const startTimeS = Math.max(0, opinion.startTimeS) || seenAtS;
      reports.push({ type: "first-seen", subject: name, startTimeS });
      opinion = { ...opinion, startTimeS };
    }
  }

  if (observation.startTimeS === 0 || isMe) {
    observation = fillFromOpinion(observation, opinion, isMe);
    if (observation.startTimeS === 0 && isMe && !booting) {
      observation = { ...observation, startTimeS: observation.lastRestartS };
    }
  }

  if (isAbsent(observation)) {
    buzz += buzzOfNews;
    observation = {
      ...observation,
      restarts: observation.restarts + 1,
      lastRestartS: seenAtS,
    };
    if (!booting && !isMe && observation.startTimeS > 0) {
      reports.push({
        type: "restart",
        subject: name,
        startTimeS: observation.startTimeS,
        restartNum: observation.restarts,
      });
    }
  }

  observation = {
    ...observation,
    online: isRecent ? "ONLINE" : observation.online,
    lastSeenS: seenAtS,
  };
  return { isKnown: !isMe, observation, buzz, reports };
}

/** A restart that is already in the ledger. */
export interface HeardRestart {
  readonly observer: string;
  readonly tsNs: bigint;
  readonly startTimeS: number;
  readonly restartNum: number;
}

/** Longest wait before a restart is reported (docs/protocol/presence-and-life.md §5). */
const maxReportDelayMs = 5_000;
/** Another's report this fresh makes mine needless (docs/protocol/presence-and-life.md §5). */
const reportedRecentlyNs = 15_000_000_000n;

/** @param fraction random in [0, 1) */
export const restartReportDelayMs = (fraction: number): number => fraction * maxReportDelayMs;

/**
 * Whether a restart should still be said once the wait is over: not when another observer just
 * reported one, and not when this very restart is known.
 * (docs/protocol/presence-and-life.md §5; events-and-ledger.md §5, content dedupe)
 */
export function worthReporting(
  report: PresenceReport & { readonly type: "restart" },
  heard: readonly HeardRestart[],
  myName: string,
  nowNs: bigint,
): boolean {
  return !heard.some(
    (other) =>
      (other.observer !== myName && other.tsNs > nowNs - reportedRecentlyNs) ||
      (other.startTimeS === report.startTimeS && other.restartNum === report.restartNum),
  );
}

/** Of another that I saw before, no restarts is a count of mine and no blank. */
function fillFromOpinion(mine: Observation, opinion: Opinion, isMe: boolean): Observation {
  const isCounted = mine.lastSeenS > 0 && !isMe;
  return {
    ...mine,
    startTimeS: mine.startTimeS || Math.max(0, opinion.startTimeS),
    restarts: mine.restarts || (isCounted ? 0 : Math.max(0, opinion.restarts)),
    lastRestartS: mine.lastRestartS || (isMe ? 0 : Math.max(0, opinion.lastRestartS)),
  };
}
