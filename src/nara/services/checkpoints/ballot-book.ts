/** What a page may know of votes: the one about me, and how I voted about others. */
import type {
  AnswerView,
  BallotOutcome,
  BallotView,
  CheckpointsView,
  FiguresView,
} from "../../view.ts";
import type { Figures } from "./figures.ts";
import { figuresIn, type Proposal, voteWindowS } from "./messages.ts";
import type { Round } from "./round.ts";

export interface BallotBook {
  opened(round: Round): void;
  /** One more vote was counted in the round that was opened last. */
  voted(): void;
  ended(outcome: BallotOutcome): void;
  answered(asked: Proposal, signed: Figures, agreed: boolean): void;
  view(): CheckpointsView;
}

/** Answers that are remembered (view.ts). */
const answersKept = 20;

export function createBallotBook(onChange: () => void): BallotBook {
  let round: Round | undefined;
  let outcome: BallotOutcome | null = null;
  const answers: AnswerView[] = [];

  return {
    opened(next) {
      round = next;
      outcome = null;
      onChange();
    },
    voted: onChange,
    ended(how) {
      outcome = how;
      onChange();
    },
    answered({ subject, as_of_time, round: number }, signed, agreed) {
      const atMs = Number(as_of_time) * 1000;
      answers.unshift({
        ...{ subject, atMs, round: Number(number), agreed },
        signed: figuresView(signed),
      });
      answers.length = Math.min(answers.length, answersKept);
      onChange();
    },
    view: () => ({
      ballot: round === undefined ? null : ballotView(round, outcome),
      answers: [...answers],
    }),
  };
}

export const figuresView = ({ restarts, totalUptimeS, startTimeS }: Figures): FiguresView => ({
  restarts: Number(restarts),
  uptimeS: Number(totalUptimeS),
  startedAtMs: Number(startTimeS) * 1000,
});

function ballotView(round: Round, outcome: BallotOutcome | null): BallotView {
  const { proposal } = round;
  const proposed = figuresIn(proposal);
  const proposedAtMs = Number(proposal.as_of_time) * 1000;
  return {
    round: Number(proposal.round),
    proposed: figuresView(proposed),
    proposedAtMs,
    endsAtMs: proposedAtMs + Number(voteWindowS) * 1000,
    expected: round.expected,
    votes: round.votes().map((vote) => ({
      name: vote.attester,
      agrees: isSame(figuresIn(vote), proposed),
      signed: figuresView(figuresIn(vote)),
    })),
    outcome,
  };
}

const isSame = (one: Figures, other: Figures): boolean =>
  one.restarts === other.restarts &&
  one.totalUptimeS === other.totalUptimeS &&
  one.startTimeS === other.startTimeS;
