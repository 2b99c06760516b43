import { expect, test } from "vitest";
import {
  type Evidence,
  markOnline,
  noOpinion,
  restartReportDelayMs,
  worthReporting,
} from "./mark-online.ts";
import { noObservation, type Observation } from "./observation.ts";

const nowS = 1_772_366_400;
const of = (parts: Partial<Observation>): Observation => ({ ...noObservation, ...parts });
const seen = (parts: Partial<Evidence>): Evidence => ({
  name: "alice",
  isMe: false,
  isKnown: true,
  observation: noObservation,
  seenAtS: nowS,
  nowS,
  booting: false,
  opinion: noOpinion,
  ...parts,
});

test("the first sight of a nara is news", () => {
  const marked = markOnline(seen({ isKnown: false }));
  expect(marked).toEqual({
    isKnown: true,
    observation: of({ online: "ONLINE", lastSeenS: nowS, startTimeS: nowS }),
    buzz: 3,
    reports: [{ type: "first-seen", subject: "alice", startTimeS: nowS }],
  });
});

test("what the ledger knows of its birth is told with the first sight: else who comes late moves everybody's mean", () => {
  const opinion = { ...noOpinion, startTimeS: 500 };
  const marked = markOnline(seen({ isKnown: false, opinion }));
  expect(marked.reports).toEqual([{ type: "first-seen", subject: "alice", startTimeS: 500 }]);
});

test("while booting nothing is reported", () => {
  expect(markOnline(seen({ booting: true })).reports).toEqual([]);
  const observation = of({ online: "MISSING", startTimeS: 5 });
  expect(markOnline(seen({ booting: true, observation })).reports).toEqual([]);
});

test("what the ledger knows fills the blanks", () => {
  const opinion = { startTimeS: 500, restarts: 4, lastRestartS: 600 };
  const marked = markOnline(seen({ opinion }));
  expect(marked.observation).toMatchObject({ startTimeS: 500, restarts: 4, lastRestartS: 600 });
});

test("no restarts of somebody whom I saw before is a count of mine: one word in the ledger moves it not", () => {
  const opinion = { startTimeS: 500, restarts: 4000, lastRestartS: 600 };
  const observation = of({ online: "ONLINE", lastSeenS: nowS - 60 });
  const marked = markOnline(seen({ observation, opinion }));
  expect(marked.observation).toMatchObject({ startTimeS: 500, restarts: 0 });
});

test("who was gone and is here has restarted", () => {
  for (const online of ["OFFLINE", "MISSING"] as const) {
    const observation = of({ online, startTimeS: 500, restarts: 2 });
    const marked = markOnline(seen({ observation }));
    expect(marked.observation).toMatchObject({ online: "ONLINE", restarts: 3, lastRestartS: nowS });
    expect(marked.reports).toEqual([
      { type: "restart", subject: "alice", startTimeS: 500, restartNum: 3 },
    ]);
  }
});

test("old proof of an unknown name is no reason to remember it", () => {
  const marked = markOnline(seen({ isKnown: false, seenAtS: nowS - 300 }));
  expect(marked).toEqual({ isKnown: false, observation: noObservation, buzz: 0, reports: [] });
});

test("evidence from the future counts as now", () => {
  const marked = markOnline(seen({ seenAtS: nowS + 50 }));
  expect(marked.observation).toMatchObject({ lastSeenS: nowS, startTimeS: nowS });
});

test("I am no news to myself, and was born at my last restart when nobody knows better", () => {
  const observation = of({ lastRestartS: nowS - 500, lastSeenS: nowS - 10 });
  const marked = markOnline(seen({ name: "me", isMe: true, observation }));
  expect(marked.observation.startTimeS).toBe(nowS - 500);
  expect(marked).toMatchObject({ buzz: 0, reports: [] });
});

test("a restart is reported within five seconds, once by the whole network", () => {
  expect(restartReportDelayMs(0)).toBe(0);
  expect(restartReportDelayMs(0.999)).toBeLessThan(5000);
  const report = { type: "restart", subject: "alice", startTimeS: 500, restartNum: 3 } as const;
  const nowNs = BigInt(nowS) * 1_000_000_000n;
  const heard = (observer: string, agoS: bigint, restartNum: number) => [
    { observer, tsNs: nowNs - agoS * 1_000_000_000n, startTimeS: 500, restartNum },
  ];
  expect(worthReporting(report, [], "bob", nowNs)).toBe(true);
  expect(worthReporting(report, heard("carol", 14n, 2), "bob", nowNs)).toBe(false);
  expect(worthReporting(report, heard("carol", 15n, 2), "bob", nowNs)).toBe(true);
  expect(worthReporting(report, heard("bob", 1n, 2), "bob", nowNs)).toBe(true);
  expect(worthReporting(report, heard("carol", 3000n, 3), "bob", nowNs)).toBe(false);
});
