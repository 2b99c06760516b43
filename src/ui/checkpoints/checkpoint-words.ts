/** How the page speaks of checkpoints. */
import type {
  AnswerView,
  BallotView,
  BallotVoteView,
  CheckpointView,
  FiguresView,
} from "../../nara/view.ts";
import { ago, counted, span } from "../words.ts";

/** "7 restarts, awake 21 days in all, since 4 March 2026". */
export const figuresLine = ({ restarts, uptimeS, startedAtMs }: FiguresView): string => {
  const times = restarts === 1 ? "one restart" : `${counted(restarts)} restarts`;
  const awake = uptimeS === 0 ? "time awake not known" : `awake ${span(uptimeS * 1000)} in all`;
  const since = startedAtMs === 0 ? "first day not known" : `here since ${dayOf(startedAtMs)}`;
  return `${times}, ${awake}, ${since}`;
};

/** Where the vote stands, or how it ended. */
export const ballotLine = (ballot: BallotView): string => {
  const { votes, expected, outcome, round } = ballot;
  if (outcome?.is === "agreed") return `${signersWord(agreedOf(ballot).length)} agreed.`;
  if (outcome !== null) return `no checkpoint came of it: ${outcome.why}.`;
  const turn = round === 1 ? "" : "second round, with the middle of what the first one said: ";
  return `${turn}${votes.length} of ${expected} have voted.`;
};

/** "42 s left"; "" when it is over. */
export const leftLine = ({ endsAtMs, outcome }: BallotView, nowMs: number): string =>
  outcome === null ? `${Math.max(0, Math.ceil((endsAtMs - nowMs) / 1000))} s left` : "";

/** What a voter said. */
export const verdictLine = ({ agrees, signed }: BallotVoteView): string =>
  agrees ? "signed the same" : `signed otherwise: ${figuresLine(signed)}`;

/** How I voted about another. */
export const answerLine = ({ atMs, round, agreed, signed }: AnswerView, nowMs: number): string => {
  const when = `${ago(nowMs, atMs)}, round ${round}: `;
  return agreed
    ? `${when}you signed what it said, ${figuresLine(signed)}`
    : `${when}you signed otherwise, ${figuresLine(signed)}`;
};

/** "8 naras signed, each signature verified". */
export const signersLine = ({ voters }: CheckpointView): string =>
  `${signersWord(voters.length)} signed, each signature verified`;

/** What it builds on, as far as it is remembered here. */
export const followsLine = (
  { previousId }: CheckpointView,
  chain: readonly CheckpointView[],
): string => {
  if (previousId === "") return "the first of its chain";
  const previous = chain.find(({ id }) => id === previousId);
  return previous === undefined
    ? "follows one that is not remembered here"
    : `follows the one of ${momentOf(previous.asOfMs)}`;
};

/** "4 March 2026, 14:05". */
export const momentOf = (ms: number): string =>
  `${dayOf(ms)}, ${new Date(ms).toLocaleTimeString("en", timeStyle)}`;

const dayOf = (ms: number): string => new Date(ms).toLocaleDateString("en-GB", dayStyle);
const dayStyle = { day: "numeric", month: "long", year: "numeric" } as const;
const timeStyle = { hour: "2-digit", minute: "2-digit", hour12: false } as const;

const signersWord = (count: number): string =>
  count === 1 ? "one nara" : `${counted(count)} naras`;

/** Those who signed what most signed. */
const agreedOf = ({ votes }: BallotView): readonly BallotVoteView[] => {
  const groups = new Map<string, BallotVoteView[]>();
  for (const vote of votes) {
    const key = JSON.stringify(vote.signed);
    groups.set(key, [...(groups.get(key) ?? []), vote]);
  }
  return [...groups.values()].sort((a, b) => b.length - a.length)[0] ?? [];
};
