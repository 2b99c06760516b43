/** The rules of presence that need no message: merging, marking online, booting, rates, votes. */
import { expect } from "vitest";
import { isBooting } from "../../src/nara/services/presence/booting.ts";
import { newspaperIntervalS } from "../../src/nara/services/presence/chattiness.ts";
import {
  type HeardRestart,
  markOnline,
  noOpinion,
  worthReporting,
} from "../../src/nara/services/presence/mark-online.ts";
import { mergeStatus } from "../../src/nara/services/presence/merge-status.ts";
import {
  encodeObservation,
  mergeObservation,
} from "../../src/nara/services/presence/observation.ts";
import { encodeStatus } from "../../src/nara/services/presence/status.ts";
import { startTimeConsensus } from "../../src/nara/services/presence/votes.ts";
import { type ObservationWire, observed, statusIn } from "./presence-records.ts";
import { coverSections, testCases } from "./support.ts";

interface StatusMergeCase {
  readonly before: string;
  readonly received: string;
  readonly after?: string;
  readonly panics?: string;
}

interface ObservationMergeCase {
  readonly mine: ObservationWire;
  readonly theirs: ObservationWire;
  readonly after: ObservationWire;
}

interface ReportWire {
  readonly type: string;
  readonly subject: string;
  readonly start_time: number;
  readonly restart_num: number;
}

interface MarkOnlineCase {
  readonly name: string;
  readonly me: string;
  readonly subject: string;
  readonly now: number;
  /** Seconds from now; absent when the evidence is of now. */
  readonly evidenceOffset?: number;
  readonly before: ObservationWire;
  readonly after: ObservationWire;
  readonly booting: boolean;
  readonly buzzChange: number;
  readonly known: boolean;
  readonly events: readonly ReportWire[];
}

coverSections("presence.json", {
  statusMerge: (cases: readonly StatusMergeCase[]) =>
    testCases(cases, (vector) => {
      const before = statusIn(vector.before);
      const received = statusIn(vector.received);
      const merged = encodeStatus(mergeStatus(before, received));
      if (vector.after === undefined) {
        // Where the reference dies of a null map, we merge as if it had been empty.
        expect(vector.panics).toBeDefined();
        const onto = { ...before, observations: new Map() };
        expect(merged).toBe(encodeStatus(mergeStatus(onto, received)));
        return;
      }
      // Numbers out of range were brought into it when they were read.
      expect(merged).toBe(encodeStatus(statusIn(vector.after)));
    }),

  observationMerge: (cases: readonly ObservationMergeCase[]) =>
    testCases(cases, (vector) => {
      const merged = mergeObservation(observed(vector.mine), observed(vector.theirs));
      expect(JSON.parse(encodeObservation(merged))).toEqual(vector.after);
    }),

  markOnline: (cases: readonly MarkOnlineCase[]) => testCases(cases, checkMarkOnline),

  booting: (cases: readonly { readonly uptime: number; readonly booting: boolean }[]) =>
    testCases(cases, (vector) => {
      const lastRestartS = 1_772_366_400;
      const lastSeenS = lastRestartS + vector.uptime;
      expect(isBooting({ lastSeenS, lastRestartS })).toBe(vector.booting);
    }),

  rate: (cases: readonly { readonly chattiness: number; readonly seconds: number }[]) =>
    testCases(cases, (vector) => {
      expect(newspaperIntervalS(vector.chattiness)).toBe(vector.seconds);
    }),

  votes: (
    cases: readonly {
      readonly votes: readonly (readonly [number, number])[];
      readonly counted: number;
      readonly result: number;
    }[],
  ) =>
    testCases(cases, (vector) => {
      const votes = vector.votes
        .filter(([startTimeS]) => startTimeS !== 0)
        .map(([startTimeS, weightS]) => ({ startTimeS, weightS }));
      expect(votes).toHaveLength(vector.counted);
      const agreed = startTimeConsensus(votes) ?? 0;
      expect(Math.max(0, agreed)).toBe(vector.result);
    }),
});

function checkMarkOnline(vector: MarkOnlineCase): void {
  const { now, subject, me } = vector;
  const isMe = subject === me;
  const before = observed(vector.before);
  const seenAtS = now + (vector.evidenceOffset ?? 0);
  // The reference believes evidence from the future; we read it as of now.
  const clamped = <Wire extends object>(wire: Wire): Wire =>
    Object.fromEntries(
      Object.entries(wire).map(([key, value]) => [
        key,
        seenAtS > now && value === seenAtS ? now : value,
      ]),
    ) as Wire;

  for (const isKnown of couldBeKnown(vector)) {
    const marked = markOnline({
      name: subject,
      isMe,
      isKnown,
      observation: before,
      seenAtS,
      nowS: now,
      booting: isMe ? isBooting(before) : vector.booting,
      opinion: noOpinion,
    });
    expect(JSON.parse(encodeObservation(marked.observation))).toEqual(clamped(vector.after));
    expect(marked.isKnown).toBe(vector.known);
    expect(marked.buzz).toBe(vector.buzzChange);

    const said = marked.reports.filter(
      (report) =>
        report.type !== "restart" ||
        worthReporting(report, reportedBefore(vector, report), me, BigInt(now) * 1_000_000_000n),
    );
    expect(said).toEqual(vector.events.map((event) => reportOf(clamped(event))));
  }
}

/**
 * Whether the name was in the neighbourhood, which no record tells: who is unknown afterwards was
 * so before; where the evidence had to be believed, both must come to the same.
 */
function couldBeKnown({ before, after, booting, known }: MarkOnlineCase): readonly boolean[] {
  const believedAnyway = Object.keys(before).length === 0 && (booting || after.online === "ONLINE");
  return believedAnyway ? [false, true] : [known];
}

/**
 * What others had reported, which no record tells either: where I had a restart to tell and was
 * silent, somebody had just told it.
 */
function reportedBefore(
  { events, now, me, subject, booting, after }: MarkOnlineCase,
  same: { readonly startTimeS: number; readonly restartNum: number },
): readonly HeardRestart[] {
  const wasSilent = !events.some(({ type }) => type === "restart");
  const hadToTell = subject !== me && !booting && Number(after.start_time ?? 0) > 0;
  return wasSilent && hadToTell
    ? [{ observer: "another", tsNs: BigInt(now) * 1_000_000_000n, ...same }]
    : [];
}

function reportOf(event: ReportWire) {
  const { type, subject, start_time: startTimeS, restart_num: restartNum } = event;
  return type === "restart"
    ? { type, subject, startTimeS, restartNum }
    : { type, subject, startTimeS };
}
