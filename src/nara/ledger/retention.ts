/**
 * How much of the same is worth keeping: the newest pings to a target, the newest observations of a
 * pair (docs/protocol/events-and-ledger.md §5, Ping retention and Add, observation).
 *
 * Beyond the reference: hearsay never displaces what is proven and goes before it, whatever its
 * age; no observer's pings keep those of others from a target; and a pair's restarts do not grow
 * without bound while there is no checkpoint.
 */
import { actorOf, type SyncEvent } from "../events/sync-event.ts";

/** Of all observers together (§5). */
export const maxPingsPerTarget = 5;
/** From here on each newcomer displaces one (§5). */
export const maxObservationsPerPair = 20;
/** Restarts without a checkpoint: years of a nara that restarts daily, yet a bound. */
export const maxRestartsPerPair = 1000;

/** With fewer rivals there is always room. */
export const fewestRivals = Math.min(maxPingsPerTarget, maxObservationsPerPair);

export interface Rival {
  readonly slot: number;
  readonly event: SyncEvent;
  readonly isHearsay: boolean;
}

export interface Newcomer {
  readonly event: SyncEvent;
  readonly isHearsay: boolean;
}

export interface Place {
  /** Undefined: there is room. */
  readonly displaced: Rival | undefined;
}

/** `outlived`: its place is taken by what is newer or better proved. */
export type PlaceVerdict = Place | "outlived";

export const room: Place = { displaced: undefined };

/**
 * A ping among the pings to its target, which are in order of arrival. Of those of the observer who
 * would then have told most the oldest goes; where several have told as many, of the newcomer's
 * own, if it has any, or else of all of theirs. Among equals the newcomer must be newer than what it displaces.
 */
export function placeForPing(
  { event, isHearsay }: Newcomer,
  pings: readonly Rival[],
): PlaceVerdict {
  if (pings.length < maxPingsPerTarget) return room;
  const hearsay = pings.filter((ping) => ping.isHearsay);
  if (!isHearsay && hearsay.length > 0) return { displaced: oldestOf(hearsay) };
  const rivals = isHearsay ? hearsay : pings;
  const tellings = tellingsByObserver([...rivals.map((rival) => rival.event), event]);
  const countOf = (ping: SyncEvent): number => tellings.get(actorOf(ping)) ?? 0;
  const most = Math.max(...tellings.values());
  const ofMost = rivals.filter((rival) => countOf(rival.event) === most);
  const own = ofMost.filter((rival) => actorOf(rival.event) === actorOf(event));
  const oldest = oldestOf(own) ?? oldestOf(ofMost);
  if (oldest === undefined) return "outlived";
  const mayDisplace = countOf(event) < most || event.tsNs > oldest.event.tsNs;
  return mayDisplace ? { displaced: oldest } : "outlived";
}

function tellingsByObserver(pings: readonly SyncEvent[]): ReadonlyMap<string, number> {
  const tellings = new Map<string, number>();
  for (const ping of pings) tellings.set(actorOf(ping), (tellings.get(actorOf(ping)) ?? 0) + 1);
  return tellings;
}

/**
 * An observation among those of its pair, which are in order of arrival.
 *
 * @param hasCheckpoint a proven checkpoint about the subject is kept, so that old restarts are
 *   counted there.
 */
export function placeForObservation(
  { isHearsay }: Newcomer,
  pair: readonly Rival[],
  hasCheckpoint: () => boolean,
): PlaceVerdict {
  if (pair.length < maxObservationsPerPair) return room;
  const hearsay = pair.filter((rival) => rival.isHearsay);
  if (isHearsay) return hearsay.length === 0 ? "outlived" : leastOf(hearsay, pair, hasCheckpoint);
  const displaced = oldestOf(hearsay.filter(isNoRestart)) ?? oldestOf(hearsay);
  return displaced === undefined ? leastOf(pair, pair, hasCheckpoint) : { displaced };
}

function leastOf(
  candidates: readonly Rival[],
  pair: readonly Rival[],
  hasCheckpoint: () => boolean,
): Place {
  const displaced = oldestOf(candidates.filter(isNoRestart));
  if (displaced !== undefined) return { displaced };
  const mayGo = pair.length >= maxRestartsPerPair || hasCheckpoint();
  return mayGo ? { displaced: oldestOf(candidates) } : room;
}

const isNoRestart = ({ event }: Rival): boolean =>
  event.svc === "observation" && event.payload.type !== "restart";

/** Of equally old ones the first. */
const oldestOf = (rivals: readonly Rival[]): Rival | undefined =>
  rivals.reduce<Rival | undefined>(
    (oldest, rival) =>
      oldest !== undefined && oldest.event.tsNs <= rival.event.tsNs ? oldest : rival,
    undefined,
  );
