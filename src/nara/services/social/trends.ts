/**
 * Joining, leaving and starting trends, thought over every 30 s (docs/protocol/presence-and-life.md
 * §7, Trends). Each decision is a roll of so many sides; here are the rolls that decide for yes.
 */
import type { Personality } from "../../view.ts";

export const trendSides = { join: 150, leave: 500, start: 100 } as const;
/** What a decision adds to buzz (presence-and-life.md §4). */
export const trendBuzz = { join: 3, leave: 2, start: 5 } as const;

/** @param sameVibe followers whose monthly vibe is mine. */
export const joinsBelow = (
  { agreeableness }: Pick<Personality, "agreeableness">,
  sameVibe: number,
): number => agreeableness + 20 * sameVibe;

/** @param others online naras that follow the trend, besides me. */
export const leavesBelow = ({ chill }: Pick<Personality, "chill">, others: number): number =>
  100 - chill + (others === 0 ? 30 : 0);

/**
 * @param followers of each trend, counted among online naras
 * @param online how many are online
 */
export function startsBelow(
  { agreeableness, sociability }: Pick<Personality, "agreeableness" | "sociability">,
  followers: readonly number[],
  online: number,
): number {
  const crowd = 1 + followers.length;
  const chance = sociability / 10 / crowd;
  const topPercent = online === 0 ? 0 : Math.trunc((Math.max(0, ...followers) * 100) / online);
  if (followers.length === 0 || topPercent <= 50) return Math.trunc(chance);
  const rebellion = ((100 - agreeableness) * (topPercent - 50)) / 100;
  return Math.max(0, Math.trunc(chance + rebellion / crowd));
}
