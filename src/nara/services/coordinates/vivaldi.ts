/**
 * Vivaldi: a place on the map of round trips, moved a little by every ping
 * (docs/protocol/presence-and-life.md §6). Lengths are milliseconds, the error too.
 */
import type { Coordinate } from "../../identity/barrio.ts";
import { maxCoordinateMs } from "../../limits.ts";
import type { Random } from "../../ports.ts";
import { distanceMs } from "../../projections/proximity.ts";

type Fraction = Pick<Random, "fraction">;

/** How much of a wrong guess one ping corrects, and how much of that goes to the height (§6). */
const correction = 0.25;
const heightShare = 0.1;
const leastHeightMs = 1e-5;
const startingError = 1;
const [leastError, mostError] = [0.001, 2];
/** In place of a sum of errors that is 0. */
const leastErrorSum = 0.001;
const startingRadiusMs = 0.001;
/** Nearer than this, a direction is drawn. */
const sameSpotMs = 0.0001;

/** Where a nara starts: near the middle, but on no spot that others have. */
export function startingPlace(random: Fraction): Coordinate {
  const direction = drawnDirection(random);
  const radius = random.fraction() * startingRadiusMs;
  return {
    x: radius * direction.x,
    y: radius * direction.y,
    height: leastHeightMs,
    error: startingError,
  };
}

/** The place after one ping of `rttMs`; unchanged when that is not above 0. */
export function movedBy(
  me: Coordinate,
  peer: Coordinate,
  rttMs: number,
  random: Fraction,
): Coordinate {
  const expected = distanceMs(me, peer);
  if (expected === undefined || rttMs <= 0) return me;
  const wrongBy = rttMs - expected;
  const weight = me.error / (me.error + peer.error || leastErrorSum);
  const error = me.error * correction * weight + Math.abs(wrongBy) * (1 - correction * weight);
  const step = correction * weight * wrongBy;
  const away = directionFrom(peer, me, random);
  return {
    x: me.x + away.x * step,
    y: me.y + away.y * step,
    height: Math.max(leastHeightMs, me.height + step * heightShare),
    error: Math.min(mostError, Math.max(leastError, error)),
  };
}

/** A place that others take for one: a peer's lies could push it off the map. */
export const onTheMap = ({ x, y, height, error }: Coordinate): Coordinate => ({
  x: Math.min(maxCoordinateMs, Math.max(-maxCoordinateMs, x)),
  y: Math.min(maxCoordinateMs, Math.max(-maxCoordinateMs, y)),
  height: Math.min(maxCoordinateMs, height),
  error,
});

/** Is it a place that others would take for one? */
export const isOnTheMap = ({ x, y, height, error }: Coordinate): boolean =>
  [Math.abs(x), Math.abs(y), height, error].every((ms) => ms >= 0 && ms <= maxCoordinateMs);

/** What a new round trip weighs in the average (§6). */
const newShare = 0.3;

/** @param before 0 before the first round trip. */
export const averageRtt = (before: number, rttMs: number): number =>
  before === 0 ? rttMs : newShare * rttMs + (1 - newShare) * before;

interface Direction {
  readonly x: number;
  readonly y: number;
}

function directionFrom(from: Coordinate, to: Coordinate, random: Fraction): Direction {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.sqrt(dx * dx + dy * dy);
  return length > sameSpotMs ? { x: dx / length, y: dy / length } : drawnDirection(random);
}

function drawnDirection(random: Fraction): Direction {
  const angle = random.fraction() * 2 * Math.PI;
  return { x: Math.cos(angle), y: Math.sin(angle) };
}
