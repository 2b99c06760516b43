/**
 * Following trends: joining one that others follow, leaving it, starting one's own, thought over
 * every 30 s. What comes of it is announced in the Status and in flair; there is no event for it.
 * (docs/protocol/presence-and-life.md §7, Trends; rolls: services/social/trends.ts)
 */
import { monthAt, vibeOf } from "../../identity/barrio.ts";
import { accept } from "../../outcome.ts";
import { type Service, service } from "../../runtime/service.ts";
import type { Personality } from "../../view.ts";
import type { Neighbour } from "../presence/neighbourhood.ts";
import { shuffled } from "../shuffled.ts";
import { joinsBelow, leavesBelow, startsBelow, trendBuzz, trendSides } from "../social/trends.ts";
import { emojiOf, isTrend, noTrend, type Trend, trendEmojis, trendOf } from "./words.ts";

export type TrendStep = "join" | "start" | "leave";

export interface TrendsParts {
  readonly me: string;
  readonly personality: Personality;
  neighbours(): readonly Neighbour[];
  excite(by: number): void;
  /** Not while booting, in quiet hours, or when I say nothing at all. */
  isInTheMood(): boolean;
  onStep(step: TrendStep, trend: Trend): void;
}

export interface Trends {
  readonly service: Service;
  /** The one I follow; its name is "" for none. */
  trend(): Trend;
}

/** Between two thoughts about it (§7). */
const thinkEveryMs = 30_000;

export function createTrends(parts: TrendsParts): Trends {
  const { me, personality } = parts;
  let mine = noTrend;

  return {
    trend: () => mine,
    service: service("trends", [], ({ clock, random, every }) => {
      const roll = (sides: number): number => Math.floor(random.fraction() * sides);

      const step = (kind: TrendStep, trend: Trend): void => {
        mine = kind === "leave" ? noTrend : trend;
        parts.excite(trendBuzz[kind]);
        parts.onStep(kind, trend);
      };

      const online = (): readonly Neighbour[] =>
        parts
          .neighbours()
          .filter(({ isMet, observation }) => isMet && observation.online === "ONLINE");

      const join = (followers: ReadonlyMap<string, readonly Neighbour[]>): boolean => {
        const month = monthAt(clock.nowNs(), 0);
        const myVibe = vibeOf(me, month);
        for (const [name, fans] of shuffled([...followers], random)) {
          const sameVibe = fans.filter((fan) => vibeOf(fan.name, month) === myVibe).length;
          if (roll(trendSides.join) >= joinsBelow(personality, sameVibe)) continue;
          step("join", { name, emoji: emojiOf(fans[0]?.status.trendEmoji ?? "") });
          return true;
        }
        return false;
      };

      const think = (): void => {
        if (!parts.isInTheMood()) return;
        const here = online();
        const followers = followersOf(here);
        if (mine.name !== "") {
          const others = followers.get(mine.name)?.length ?? 0;
          if (roll(trendSides.leave) < leavesBelow(personality, others)) step("leave", mine);
          return;
        }
        if (join(followers)) return;
        const sizes = [...followers.values()].map(({ length }) => length);
        // I am online myself, and follow nothing.
        if (roll(trendSides.start) >= startsBelow(personality, sizes, here.length + 1)) return;
        const emoji = trendEmojis[roll(trendEmojis.length)] ?? "";
        step("start", { name: trendOf(me), emoji });
      };

      return {
        start() {
          every(() => thinkEveryMs, think);
          return accept(undefined);
        },
      };
    }),
  };
}

function followersOf(here: readonly Neighbour[]): ReadonlyMap<string, readonly Neighbour[]> {
  const followers = new Map<string, Neighbour[]>();
  for (const neighbour of here) {
    const { trend } = neighbour.status;
    if (!isTrend(trend)) continue;
    const fans = followers.get(trend);
    if (fans === undefined) followers.set(trend, [neighbour]);
    else fans.push(neighbour);
  }
  return followers;
}
