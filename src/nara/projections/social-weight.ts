/**
 * What social events are worth to an observer of a certain soul and character
 * (docs/protocol/events-and-ledger.md §8, Clout).
 */
import { createTextHasher } from "#sha256";
import type { SocialPayload } from "../events/social.ts";
import type { Personality } from "../view.ts";

/** Who judges: clout is in the eye of the beholder. */
export interface Judge {
  /** Secret. */
  readonly soulText: string;
  readonly personality: Personality;
}

/** Whether a tease with a given id strikes a chord with this judge. */
export function createResonance({ soulText, personality }: Judge): (id: string) => boolean {
  const hasher = createTextHasher();
  const chance = chanceOf(personality);
  return (id) => modulo100(hasher.digest(id + soulText)) < chance;
}

/** Of a hundred teases, how many strike a chord. */
function chanceOf({ agreeableness, sociability, chill }: Personality): number {
  const chance =
    50 + Math.trunc(sociability / 5) - Math.trunc(chill / 10) - Math.trunc(agreeableness / 20);
  return Math.min(95, Math.max(5, chance));
}

/** BE64 of the first 8 bytes, modulo 100, without a bigint: this runs for every tease. */
function modulo100(digest: Uint8Array): number {
  let rest = 0;
  for (let at = 0; at < 8; at++) rest = (rest * 256 + (digest[at] ?? 0)) % 100;
  return rest;
}

/** Weight of a fresh event of this type and reason, before time takes its share. */
export function freshWeight(
  { type, reason }: Pick<SocialPayload, "type" | "reason">,
  personality: Personality,
): number {
  const character = 1 + personality.sociability / 200 - personality.chill / 400;
  return character * reasonFactor(reason, personality) * (typeFactors.get(type) ?? 1);
}

const typeFactors: ReadonlyMap<string, number> = new Map([
  ["observed", 0.7],
  ["gossip", 0.4],
]);

function reasonFactor(reason: string, { agreeableness, sociability, chill }: Personality): number {
  switch (reason) {
    case "high-restarts":
      return sociability > 70 ? 0.7 : 1;
    case "comeback":
      return sociability > 60 ? 1.4 : 1;
    case "trend-abandon":
      return (agreeableness > 70 ? 0.5 : 1) * (sociability > 60 ? 1.2 : 1);
    case "random":
      return (chill > 60 ? 0.3 : 1) * (agreeableness > 70 ? 0.6 : 1);
    case "nice-number":
      return 1.1;
    case "online":
    case "offline":
      return 0.5;
    case "journey-pass":
      return 0.8;
    case "journey-complete":
      return 1.3;
    case "journey-timeout":
      return 1.2;
    case "stash-stored":
      return 1.5;
    default:
      return 1;
  }
}

/** The least an event weighs, however old. */
const leastWeight = 0.1;
/** An event from the future counts as this old, s. */
const futureAgeS = 604_800;
const dayS = 86_400;

/** After how many seconds an event has lost half of its weight. */
export const halfLifeS = ({ chill, sociability }: Personality): number =>
  dayS * (1 + (50 - chill) / 100) * (1 + sociability / 333);

/** What is left of a weight after `ageS` seconds. */
export function agedWeight(fresh: number, ageS: number, halfLife: number): number {
  const age = ageS < 0 ? futureAgeS : ageS;
  const weight = age > 0 ? fresh / (1 + age / halfLife) : fresh;
  return Math.max(weight, leastWeight);
}

/** Whom an event moves, and how many times its weight. */
export interface Effect {
  readonly moves: "actor" | "target";
  readonly times: number;
}

/** @param struck whether it resonates; asked only where that matters. */
export function effectOf(
  { type, reason }: Pick<SocialPayload, "type" | "reason">,
  struck: boolean,
): Effect | undefined {
  switch (type) {
    case "tease":
      return { moves: "actor", times: struck ? 1 : -0.3 };
    case "observed":
      return struck ? { moves: "actor", times: 0.5 } : undefined;
    case "gossip":
      return { moves: "actor", times: 0.1 };
    case "service":
      return { moves: "actor", times: reason === "stash-stored" ? 2 : 0.5 };
    case "observation": {
      const times = observationTimes.get(reason);
      return times === undefined ? undefined : { moves: "target", times };
    }
    default:
      return undefined;
  }
}

/** Types whose effect depends on whether they resonate. */
export const isFelt = (type: string): boolean => type === "tease" || type === "observed";

const observationTimes: ReadonlyMap<string, number> = new Map([
  ["online", 0.1],
  ["offline", -0.05],
  ["journey-pass", 0.2],
  ["journey-complete", 0.5],
  ["journey-timeout", -0.3],
]);
