/**
 * A round: my proposal, and the votes that came for it, one of each nara
 * (docs/protocol/mesh-runtime-checkpoints.md §5, Collect; Weaknesses 3).
 */
import type { DropReason } from "../../runtime/drops.ts";
import type { Proposal, Vote } from "./messages.ts";

export interface Round {
  readonly proposal: Proposal;
  /** Neighbours here whose vote I could verify: when all have voted, nobody is waited for. */
  readonly expected: number;
  /** In order of arrival. */
  votes(): readonly Vote[];
  /**
   * Counts a verified vote about me, or says why not.
   *
   * @param publicKey of the voter: one key may not vote under two ids.
   */
  count(vote: Vote, publicKey: string): DropReason | undefined;
}

/** Votes of one round at most; ten signatures are kept of them (§5). */
const mostVotes = 500;

export function createRound(proposal: Proposal, expected: number): Round {
  const votes: Vote[] = [];
  const seen = new Set<string>();
  return {
    proposal,
    expected,
    votes: () => votes,
    count(vote, publicKey) {
      const { as_of_time, round } = proposal;
      if (vote.proposal_ts !== as_of_time || vote.round !== round) return "stale";
      // Signed, where `proposal_ts` is not.
      if (vote.as_of_time !== as_of_time) return "stale";
      const marks = [`name ${vote.attester}`, `id ${vote.attester_id}`, `key ${publicKey}`];
      if (marks.some((mark) => seen.has(mark))) return "repeated_voter";
      if (votes.length >= mostVotes) return "crowded";
      for (const mark of marks) seen.add(mark);
      votes.push(vote);
      return undefined;
    },
  };
}
