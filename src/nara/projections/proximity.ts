/**
 * How near somebody is on the map of round trips, and how much nearness adds to clout
 * (docs/protocol/presence-and-life.md §6; docs/protocol/events-and-ledger.md §8, Proximity).
 */
import { type Coordinate, isFinitePlace } from "../identity/barrio.ts";

/** The expected round trip between two, ms; undefined where a place is not known. */
export function distanceMs(
  one: Coordinate | undefined,
  other: Coordinate | undefined,
): number | undefined {
  if (one === undefined || other === undefined) return undefined;
  return Math.sqrt((one.x - other.x) ** 2 + (one.y - other.y) ** 2) + one.height + other.height;
}

/** What even the farthest keep of their clout, and how fast the rest fades, ms (§8). */
const farShare = 0.7;
const fadingMs = 100;

/** Clout as it counts when somebody near is looked for; unchanged where a place is not known. */
export function nearClout(
  clout: number,
  me: Coordinate | undefined,
  peer: Coordinate | undefined,
): number {
  const ms = isKnown(me) && isKnown(peer) ? distanceMs(me, peer) : undefined;
  if (ms === undefined) return clout;
  return clout * (farShare + (1 - farShare) * Math.exp(-ms / fadingMs));
}

const isKnown = (place: Coordinate | undefined): boolean =>
  place !== undefined && isFinitePlace(place);
