/**
 * Forgetting those who have been away for too long, and those of whom nobody knows anything
 * (docs/protocol/presence-and-life.md §5, Ghost, Prune).
 */
import type { SyncEvent } from "../../events/sync-event.ts";
import type { Neighbour } from "./neighbourhood.ts";
import { nowS, type PresenceState } from "./state.ts";
import { isDeletableGhost, isForgettable, type Testimony } from "./upkeep.ts";

/** Between two rounds, ms (§5). */
export const upkeepPeriodMs = 300_000;

/** Whom to forget now. */
export function forgettable(state: PresenceState): readonly string[] {
  const all = state.neighbourhood.all();
  const at = nowS(state);
  const isGhostly = (neighbour: Neighbour): boolean =>
    isDeletableGhost(neighbour.observation, () => witnessesOf(state, neighbour, all), at);
  return all
    .filter((neighbour) => isForgettable(acquaintance(neighbour), at) || isGhostly(neighbour))
    .map(({ name }) => name);
}

const acquaintance = ({ status, observation }: Neighbour) => ({
  online: observation.online,
  startTimeS: observation.startTimeS,
  lastSeenS: observation.lastSeenS,
  hasSpoken: status.flair !== "" || status.buzz > 0 || status.chattiness > 0,
});

const silent: Testimony = { online: "", startTimeS: 0, restarts: 0, lastRestartS: 0 };

/**
 * What my neighbours say of one whom I know nothing about, by their words in my ledger: what they
 * remember of others is not kept (docs/differences.md).
 */
function witnessesOf(
  { nara }: PresenceState,
  { name }: Neighbour,
  all: readonly Neighbour[],
): readonly Testimony[] {
  const said = nara.ledger.about(name);
  return all
    .filter((witness) => witness.isMet && witness.name !== name)
    .map((witness) => said.reduce((told, event) => heardOf(told, event, witness.name), silent));
}

function heardOf(told: Testimony, event: SyncEvent, witness: string): Testimony {
  if (event.svc !== "observation" || event.payload.observer !== witness) return told;
  const { payload } = event;
  return {
    online: payload.online_state === "ONLINE" ? "ONLINE" : told.online,
    startTimeS: Math.max(told.startTimeS, Number(payload.start_time)),
    restarts: Math.max(told.restarts, Number(payload.restart_num)),
    lastRestartS: Math.max(told.lastRestartS, Number(payload.last_restart)),
  };
}
