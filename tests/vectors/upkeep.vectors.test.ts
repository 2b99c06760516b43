/** Whom the reference forgets, and which trends it follows (docs/protocol/presence-and-life.md §5, §7). */
import { expect } from "vitest";
import {
  isDeletableGhost,
  isForgettable,
  isGhost,
} from "../../src/nara/services/presence/upkeep.ts";
import {
  joinsBelow,
  leavesBelow,
  startsBelow,
  trendBuzz,
  trendSides,
} from "../../src/nara/services/social/trends.ts";
import type { OnlineState } from "../../src/nara/view.ts";
import { coverSections, testCases } from "./support.ts";

interface RecordWire {
  readonly online?: OnlineState;
  readonly start_time?: number;
  readonly restarts?: number;
  readonly last_restart?: number;
  readonly last_seen?: number;
}

interface GhostCase {
  readonly now: number;
  readonly mine: RecordWire;
  readonly witnesses: readonly RecordWire[];
  readonly ghost: boolean;
  readonly deletable: boolean;
}

interface PruneCase {
  /** Seconds before now; -1 for unknown, other negatives lie ahead. */
  readonly startAgo: number;
  readonly seenAgo: number;
  readonly online: OnlineState;
  readonly flair: string;
  readonly buzz: number;
  readonly chattiness: number;
  readonly kept: boolean;
  readonly observationKept: boolean;
}

type TrendCase = { readonly sides: number } & (
  | {
      readonly name: "join";
      readonly agreeableness: number;
      readonly sameVibe: number;
      readonly roll: number;
      readonly yes: boolean;
    }
  | {
      readonly name: "leave";
      readonly chill: number;
      readonly onlineOthersInTrend: number;
      readonly roll: number;
      readonly yes: boolean;
      readonly buzzChange: number;
    }
  | {
      readonly name: "start";
      readonly agreeableness: number;
      readonly sociability: number;
      readonly followers: Readonly<Record<string, number>> | null;
      readonly online: number;
      readonly startsWhenRollBelow: number;
    }
);

const nowS = 1_790_000_000;

coverSections("presence.json", {
  ghost: (cases: readonly GhostCase[]) =>
    testCases(cases, ({ now, mine, witnesses, ghost, deletable }) => {
      const others = witnesses.map(testimony);
      expect(isGhost(testimony(mine), others)).toBe(ghost);
      expect(isDeletableGhost(testimony(mine), () => others, now)).toBe(deletable);
    }),

  prune: (cases: readonly PruneCase[]) =>
    testCases(cases, (vector) => {
      const known = {
        online: vector.online,
        startTimeS: ago(vector.startAgo),
        lastSeenS: ago(vector.seenAgo),
        hasSpoken: vector.flair !== "" || vector.buzz > 0 || vector.chattiness > 0,
      };
      const kept = !isForgettable(known, nowS);
      expect([kept, kept]).toEqual([vector.kept, vector.observationKept]);
    }),
});

coverSections("life.json", {
  trends: (cases: readonly TrendCase[]) =>
    testCases(cases, (vector) => {
      expect(vector.sides).toBe(trendSides[vector.name]);
      if (vector.name === "join") {
        expect(vector.roll < joinsBelow(vector, vector.sameVibe)).toBe(vector.yes);
      } else if (vector.name === "leave") {
        const leaves = vector.roll < leavesBelow(vector, vector.onlineOthersInTrend);
        expect(leaves).toBe(vector.yes);
        expect(leaves ? trendBuzz.leave : 0).toBe(vector.buzzChange);
      } else {
        const followers = Object.values(vector.followers ?? {});
        expect(startsBelow(vector, followers, vector.online)).toBe(vector.startsWhenRollBelow);
      }
    }),
});

const testimony = (wire: RecordWire) => ({
  online: wire.online ?? "",
  startTimeS: wire.start_time ?? 0,
  restarts: wire.restarts ?? 0,
  lastRestartS: wire.last_restart ?? 0,
  lastSeenS: wire.last_seen ?? 0,
});

const ago = (seconds: number): number => (seconds === -1 ? 0 : nowS - seconds);
