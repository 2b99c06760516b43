import { expect, test } from "vitest";
import type { BallotView, CheckpointView } from "../../nara/view.ts";
import {
  answerLine,
  ballotLine,
  figuresLine,
  followsLine,
  leftLine,
  momentOf,
  signersLine,
  verdictLine,
} from "./checkpoint-words.ts";

const nowMs = Date.UTC(2026, 2, 4, 12);
const figures = { restarts: 7, uptimeS: 1_893_600, startedAtMs: nowMs };
const vote = (name: string, restarts = 7) => ({
  ...{ name, agrees: restarts === 7 },
  signed: { ...figures, restarts },
});
const ballot: BallotView = {
  ...{ round: 1, proposed: figures, proposedAtMs: nowMs, endsAtMs: nowMs + 60_000, expected: 7 },
  ...{ votes: [vote("bob"), vote("carol"), vote("dave", 9)], outcome: null },
};
const checkpoint: CheckpointView = {
  ...{ id: "b", asOfMs: nowMs, figures, previousId: "a" },
  voters: [{ name: "bob", id: "bob-id", isSubject: false }],
};

test("figures are told in words, and what is not known as such", () => {
  expect(figuresLine(figures)).toBe("7 restarts, awake 21 days in all, here since 4 March 2026");
  expect(figuresLine({ restarts: 1, uptimeS: 0, startedAtMs: 0 })).toBe(
    "one restart, time awake not known, first day not known",
  );
});

test("a vote under way counts down, and says when it is the second", () => {
  expect(ballotLine(ballot)).toBe("3 of 7 have voted.");
  expect(leftLine(ballot, nowMs + 12_000)).toBe("48 s left");
  expect(leftLine(ballot, nowMs + 90_000)).toBe("0 s left");
  expect(ballotLine({ ...ballot, round: 2 })).toMatch(/^second round/);
});

test("a vote that is over says what came of it", () => {
  const agreed = { ...ballot, outcome: { is: "agreed", id: "b" } } as const;
  expect(ballotLine(agreed)).toBe("2 naras agreed.");
  expect(leftLine(agreed, nowMs)).toBe("");
  const failed = { ...ballot, outcome: { is: "failed", why: "nobody voted" } } as const;
  expect(ballotLine(failed)).toBe("no checkpoint came of it: nobody voted.");
});

test("each voter's verdict is told, and mine about others", () => {
  expect(verdictLine(vote("bob"))).toBe("signed the same");
  expect(verdictLine(vote("dave", 9))).toMatch(/^signed otherwise: 9 restarts/);
  const answer = { subject: "bob", atMs: nowMs - 60_000, round: 1, agreed: true, signed: figures };
  expect(answerLine(answer, nowMs)).toMatch(/^1 min ago, round 1: you signed what it said/);
  expect(answerLine({ ...answer, agreed: false }, nowMs)).toContain("you signed otherwise");
});

test("a checkpoint says who signed and what it follows", () => {
  expect(signersLine(checkpoint)).toBe("one nara signed, each signature verified");
  expect(followsLine(checkpoint, [checkpoint])).toBe("follows one that is not remembered here");
  const first = { ...checkpoint, id: "a", previousId: "" };
  expect(followsLine(checkpoint, [checkpoint, first])).toBe(
    `follows the one of ${momentOf(nowMs)}`,
  );
  expect(followsLine(first, [checkpoint, first])).toBe("the first of its chain");
});
