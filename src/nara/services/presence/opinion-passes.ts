/**
 * In its first minutes a nara looks several times at what the ledger came to tell of everybody it
 * knows, and takes that for its own memory (docs/protocol/presence-and-life.md §3, Opinions).
 */
import type { Observation } from "./observation.ts";
import { nowS, type PresenceState } from "./state.ts";

/** Passes, and the time before each, ms (§3). */
export const opinionPasses = 6;
export const betweenPassesMs = 30_000;

/** One pass. What the ledger does not know stays as it is. */
export function takeOpinions(state: PresenceState): void {
  const { nara, neighbourhood, listener } = state;
  for (const neighbour of neighbourhood.all()) {
    const opinion = nara.projections.opinions.opinionOf(neighbour.name, nowS(state));
    const observation = withOpinion(neighbour.observation, opinion);
    if (observation === neighbour.observation) continue;
    neighbourhood.put({ ...neighbour, observation });
    listener.onNeighbour(neighbour.name);
  }
}

type Life = Pick<Observation, "startTimeS" | "restarts" | "lastRestartS">;

/** The very record that was given when the opinion tells nothing new. */
export function withOpinion(mine: Observation, opinion: Life): Observation {
  const startTimeS = opinion.startTimeS || mine.startTimeS;
  const restarts = opinion.restarts || mine.restarts;
  const lastRestartS = opinion.lastRestartS || mine.lastRestartS;
  const isSame =
    startTimeS === mine.startTimeS &&
    restarts === mine.restarts &&
    lastRestartS === mine.lastRestartS;
  return isSame ? mine : { ...mine, startTimeS, restarts, lastRestartS };
}
