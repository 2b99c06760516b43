/**
 * Whom to trust with something: who proved reliable. The reference takes the longest up first, then
 * anybody (docs/protocol/mesh-runtime-checkpoints.md §4); here memory and history count too.
 */
import type { Random } from "../../ports.ts";
import type { Observation } from "../presence/observation.ts";
import { shuffled } from "../shuffled.ts";

/** How many friends should keep it (§4). */
export const wantedConfidants = 3;

/** Somebody who is here and can be called. */
export interface Candidate {
  readonly name: string;
  readonly id: string;
  readonly observation: Pick<Observation, "startTimeS" | "lastRestartS" | "restarts">;
  /** As it says itself; "" while it says none. */
  readonly memoryMode: string;
}

/** Uptime beyond this says no more: a month, as in an aura (docs/protocol/identity.md §5). */
const longestUptimeS = 2_592_000;
/** A short memory is likely a page, which may close at any time. */
const shareOfShort = 0.5;
const dayS = 86_400;

/**
 * How much a candidate can be relied on, above 0. What is kept is kept in memory alone: so it counts
 * how long the nara has been up, divided by one more than its restarts a day, and half of it for a
 * short memory.
 */
export function reliability({ observation, memoryMode }: Candidate, nowS: number): number {
  const { startTimeS, lastRestartS, restarts } = observation;
  const upSinceS = lastRestartS > 0 ? lastRestartS : startTimeS;
  const uptimeS = upSinceS > 0 ? Math.min(longestUptimeS, Math.max(0, nowS - upSinceS)) : 0;
  const knownDays = startTimeS > 0 ? Math.max(1, (nowS - startTimeS) / dayS) : 1;
  const steadiness = 1 / (1 + restarts / knownDays);
  return (1 + uptimeS) * steadiness * (memoryMode === "short" ? shareOfShort : 1);
}

/**
 * In the order in which to try them: the most reliable first, then by chance among the better half,
 * so that not everybody turns to the same few, then the others.
 */
export function inOrderOfTrust<Who extends Candidate>(
  candidates: readonly Who[],
  nowS: number,
  random: Pick<Random, "fraction">,
): readonly Who[] {
  const ranked = candidates
    .map((who) => ({ who, worth: reliability(who, nowS) }))
    .sort((one, other) => other.worth - one.worth || (one.who.name < other.who.name ? -1 : 1))
    .map(({ who }) => who);
  const better = Math.max(wantedConfidants, Math.ceil(ranked.length / 2));
  const [best, rest] = [ranked.slice(0, 1), ranked.slice(better)];
  return [...best, ...shuffled(ranked.slice(1, better), random), ...rest];
}
