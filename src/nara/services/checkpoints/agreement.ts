/**
 * What a round of votes amounts to (docs/protocol/mesh-runtime-checkpoints.md §5, Consensus,
 * Round 2). Only what voters signed counts; whether they say that they approve does not, for
 * nobody signs that.
 */
import { usualBase64 } from "../../codec/base64.ts";
import type { CheckpointPayload } from "../../events/checkpoint.ts";
import { trimmedMean } from "../../projections/trimmed-mean.ts";
import { type Figures, isNear, median, tolerance } from "./figures.ts";
import { type Attestation, figuresIn, type Proposal, settledBy } from "./messages.ts";

/** Votes of others that must agree (§5). */
export const votesNeeded = 5;
/** Signatures that a checkpoint keeps at most, the proposer's included (§5). */
const signaturesKept = 10;

/**
 * The checkpoint that five voters or more signed; undefined without one. The proposer's own
 * signature leads if it signed the same.
 *
 * @param votes one per voter, verified, all of this proposal.
 * @param uptimeOf of a voter, by name; those with the longest are kept.
 */
export function agreement(
  proposal: Proposal,
  votes: readonly Attestation[],
  uptimeOf: (name: string) => bigint,
): CheckpointPayload | undefined {
  const agreed = largestGroup(votes);
  const [first] = agreed;
  if (first === undefined || agreed.length < votesNeeded) return undefined;
  const byUptime = agreed
    .map((vote) => ({ vote, uptimeS: uptimeOf(vote.attester) }))
    .sort((one, other) =>
      one.uptimeS === other.uptimeS
        ? compareTexts(one.vote.attester, other.vote.attester)
        : Number(other.uptimeS - one.uptimeS),
    )
    .map(({ vote }) => vote);
  const proposer = tupleOf(proposal) === tupleOf(first) ? [proposal] : [];
  const signers = [...proposer, ...byUptime].slice(0, signaturesKept);
  return {
    ...settledBy(first),
    subject: proposal.subject,
    round: proposal.round,
    voter_ids: signers.map(({ attester_id }) => attester_id),
    signatures: signers.map(({ signature }) => usualBase64(signature)),
  };
}

/**
 * What a second round should propose: the trimmed means. Where five voters or more are as near to
 * the median as voters tolerate, only those count, so that a liar does not move the mean.
 */
export function means(votes: readonly Attestation[]): Figures {
  const told = votes.map(figuresIn);
  return {
    restarts: meanOf(told, "restarts"),
    totalUptimeS: meanOf(told, "totalUptimeS"),
    startTimeS: meanOf(told, "startTimeS"),
  };
}

function meanOf(told: readonly Figures[], field: keyof Figures): bigint {
  const values = told.map((figures) => figures[field]);
  const middle = median(values);
  const near = values.filter((value) => isNear(value, middle, tolerance[field]));
  const counted = near.length >= votesNeeded ? near : values;
  return BigInt(trimmedMean(counted.map(Number)).mean);
}

/** The largest one that signed the same; of equals the first that came. */
function largestGroup<Said extends Attestation>(votes: readonly Said[]): readonly Said[] {
  const groups = new Map<string, Said[]>();
  for (const vote of votes) {
    const tuple = tupleOf(vote);
    const group = groups.get(tuple) ?? [];
    group.push(vote);
    groups.set(tuple, group);
  }
  let largest: readonly Said[] = [];
  for (const group of groups.values()) if (group.length > largest.length) largest = group;
  return largest;
}

/** Equal for those whose signatures fit into one checkpoint. */
const tupleOf = ({ version, observation, last_seen_checkpoint_id }: Attestation): string => {
  const { restarts, total_uptime, start_time } = observation;
  return `${version}:${restarts}:${total_uptime}:${start_time}:${last_seen_checkpoint_id}`;
};

const compareTexts = (one: string, other: string): number =>
  one < other ? -1 : one > other ? 1 : 0;
