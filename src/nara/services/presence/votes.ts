/**
 * When was I born? Peers who greet me say what they remember; I weigh their words.
 * (docs/protocol/presence-and-life.md §2; docs/protocol/events-and-ledger.md §8, consensus.go)
 */

/** What one peer says of my start time. */
export interface StartTimeVote {
  /** Unix seconds. */
  readonly startTimeS: number;
  /** How long the peer's host has been up, seconds: its weight. */
  readonly weightS: number;
}

interface Cluster {
  readonly values: number[];
  weightS: number;
}

/** Values this close to a cluster's first belong to it, seconds (events-and-ledger §8). */
const clusterWidthS = 60;

/**
 * The agreed start time, Unix seconds, or undefined while there are no votes: of the clusters,
 * heaviest first, the first with two values or more gives its upper middle, else the heaviest.
 * (docs/protocol/events-and-ledger.md §8, consensus.go)
 */
export function startTimeConsensus(votes: readonly StartTimeVote[]): number | undefined {
  const clusters: Cluster[] = [];
  for (const vote of [...votes].sort((a, b) => a.startTimeS - b.startTimeS)) {
    const last = clusters.at(-1);
    if (last !== undefined && vote.startTimeS - (last.values[0] ?? 0) <= clusterWidthS) {
      last.values.push(vote.startTimeS);
      last.weightS += vote.weightS;
    } else {
      clusters.push({ values: [vote.startTimeS], weightS: vote.weightS });
    }
  }
  clusters.sort((a, b) => b.weightS - a.weightS);
  const agreed = clusters.find((cluster) => cluster.values.length >= 2) ?? clusters[0];
  return agreed?.values[Math.floor(agreed.values.length / 2)];
}

/** The votes I hold: one per peer, the latest counts. */
export interface VoteBox {
  /** Returns false when the vote says nothing that could be true. */
  cast(voter: string, vote: StartTimeVote, nowS: number): boolean;
  consensus(): number | undefined;
  readonly size: number;
}

/** No single voter weighs more than a month of uptime, the age that counts as full elsewhere
 * (docs/protocol/identity.md §5), so one liar cannot outweigh every honest peer. */
const maxWeightS = 2_592_000;
/** Voters remembered; ten howdys answer one hey_there (docs/protocol/presence-and-life.md §2). */
const maxVoters = 200;

export function createVoteBox(): VoteBox {
  const votes = new Map<string, StartTimeVote>();
  return {
    cast(voter, vote, nowS) {
      if (vote.startTimeS <= 0 || vote.startTimeS > nowS) return false;
      if (!votes.has(voter) && votes.size >= maxVoters) return false;
      const weightS = Math.min(maxWeightS, Math.max(0, vote.weightS));
      votes.set(voter, { startTimeS: vote.startTimeS, weightS });
      return true;
    },
    consensus: () => startTimeConsensus([...votes.values()]),
    get size() {
      return votes.size;
    },
  };
}
