/**
 * How a nara looks and lives, as the reference has it (docs/protocol/identity.md §4–§7,
 * docs/protocol/presence-and-life.md §4).
 */
import { expect } from "vitest";
import { auraOf } from "../../src/nara/identity/aura.ts";
import {
  barrioOf,
  type Coordinate,
  cellIndex,
  gridSize,
  inSameBarrio,
  vibeOf,
} from "../../src/nara/identity/barrio.ts";
import { flairOf, personalFlair } from "../../src/nara/identity/flair.ts";
import { gemstoneOf } from "../../src/nara/identity/gemstone.ts";
import {
  memoryModeForRam,
  memoryProfile,
  parseMemoryMode,
} from "../../src/nara/identity/memory-mode.ts";
import { bondHolds, parseSoul } from "../../src/nara/identity/soul.ts";
import { barrios } from "../../src/nara/identity/words.ts";
import {
  type BuzzPeer,
  coolBuzz,
  highestBuzz,
  lowestBuzz,
  publishedBuzz,
  raiseBuzz,
  startingBuzz,
} from "../../src/nara/services/presence/buzz.ts";
import type { OnlineState } from "../../src/nara/view.ts";
import { avatarSeed, createDraw, latticeNoise } from "../../src/ui/avatar/seeds.ts";
import { coverSections, goFloat, testCases } from "./support.ts";

interface AuraVector {
  readonly nara: string;
  readonly soul: string;
  readonly agreeableness: number;
  readonly sociability: number;
  readonly chill: number;
  readonly uptime: number;
  readonly primary: string;
  readonly secondary: string;
}

interface ObservationVector {
  readonly online?: OnlineState;
  readonly start_time?: number;
  readonly restarts?: number;
  readonly last_seen?: number;
  readonly last_restart?: number;
  readonly cluster_name?: string;
}

interface FlairVector {
  readonly nara: string;
  readonly soul: string;
  readonly hostname: string;
  readonly raspberryPi: boolean;
  readonly nixos: boolean;
  readonly kubernetes: boolean;
  readonly trend: string;
  readonly trendEmoji: string;
  readonly sociability: number;
  readonly chattiness: number;
  readonly loadAvg: number;
  readonly observation: ObservationVector;
  readonly peers: readonly { name: string; observation: ObservationVector }[];
  readonly flair: string;
}

interface CellVector {
  /** Decimal text, "NaN", "+Inf" or "-Inf"; absent for a nara that is not known. */
  readonly x?: string;
  readonly y?: string;
  readonly grid?: number;
  readonly index: number;
  readonly cluster?: string;
  readonly emoji?: string;
}

interface ClusterVector {
  readonly me: string;
  readonly peer: string;
  readonly mine: Coordinate | null;
  readonly theirs: Coordinate | null;
  readonly year: number;
  readonly month: number;
  readonly myCluster: string;
  readonly myEmoji: string;
  readonly theirCluster: string;
  readonly theirEmoji: string;
  readonly licensePlate: string;
  readonly same: boolean;
}

interface MemoryVector {
  readonly budget?: number;
  readonly text?: string;
  readonly parsed?: string;
  readonly mode: string;
  readonly mb: number;
  readonly events: number;
  readonly backgroundSync: boolean;
}

interface BuzzVector {
  readonly own: number;
  readonly published: number;
  readonly peers: readonly BuzzPeer[] | null;
  readonly result: number;
  readonly ownAfterTenSeconds: number;
  readonly resultAfterTenSeconds: number;
  readonly ownThenPlus10: number;
}

interface AvatarVector {
  readonly id: string;
  readonly label: string;
  readonly seed: number;
  readonly first: readonly number[];
  readonly noise: number;
}

coverSections("life.json", {
  aura: (cases: readonly AuraVector[]) =>
    testCases(cases, ({ nara, soul, uptime, primary, secondary, ...personality }) => {
      const aura = auraOf({ soulText: soul, name: nara, personality, uptimeS: uptime });
      expect(aura).toEqual({ primary, secondary });
    }),

  flair: (cases: readonly FlairVector[]) => testCases(cases, checkFlair),

  barrio: (cases: readonly CellVector[]) =>
    testCases(cases, ({ x, y, grid = 50, index, cluster, emoji }) => {
      const known = x !== undefined && y !== undefined;
      const coordinate = known ? { x: goFloat(x), y: goFloat(y), height: 1, error: 1 } : undefined;
      const found = cellIndex(coordinate, grid);
      expect(found ?? -1).toBe(index);
      expect(barrios[found ?? -1]).toEqual(cluster && { name: cluster, emoji });
    }),

  grid: (cases: readonly { rtts: readonly number[] | null; grid: number }[]) =>
    testCases(cases, ({ rtts, grid }) => expect(gridSize(rtts ?? [])).toBe(grid)),

  vibes: (
    cases: readonly {
      nara: string;
      year: number;
      month: number;
      vibe: string;
      index: number;
      cluster: string;
    }[],
  ) =>
    testCases(cases, ({ nara, year, month, vibe, index, cluster }) => {
      expect(String(vibeOf(nara, { year, month }))).toBe(vibe);
      const barrio = barrioOf(
        { name: nara, coordinate: undefined },
        { gridMs: 50, month: { year, month } },
      );
      expect(barrio).toEqual(barrios[index]);
      expect(barrio.name).toBe(cluster);
    }),

  cluster: (cases: readonly ClusterVector[]) =>
    testCases(cases, (vector) => {
      const map = {
        gridMs: gridSize([]),
        month: { year: vector.year, month: vector.month },
      };
      const me = { name: vector.me, coordinate: vector.mine ?? undefined };
      const peer = { name: vector.peer, coordinate: vector.theirs ?? undefined };
      expect(barrioOf(me, map)).toEqual({ name: vector.myCluster, emoji: vector.myEmoji });
      expect(barrioOf(me, map).emoji).toBe(vector.licensePlate);
      expect(barrioOf(peer, map)).toEqual({ name: vector.theirCluster, emoji: vector.theirEmoji });
      expect(inSameBarrio(me, peer, map)).toBe(vector.same);
    }),

  memory: (cases: readonly MemoryVector[]) =>
    testCases(cases, ({ budget, text, parsed, mode, mb, events, backgroundSync }) => {
      const asked = budget === undefined ? parseMemoryMode(text ?? "") : memoryModeForRam(budget);
      if (parsed !== undefined) {
        expect(asked).toBe(parsed);
      }
      expect(memoryProfile(asked)).toEqual({
        mode,
        budgetMb: mb,
        maxEvents: events,
        backgroundSync,
      });
    }),

  buzz: (cases: readonly BuzzVector[]) =>
    testCases(cases, ({ own, published, peers, ...expected }) => {
      const around = peers ?? [];
      const cooled = coolBuzz(own, 1);
      expect(publishedBuzz(own, published, around)).toBe(expected.result);
      expect(cooled).toBe(expected.ownAfterTenSeconds);
      expect(publishedBuzz(cooled, published, around)).toBe(expected.resultAfterTenSeconds);
      expect(raiseBuzz(cooled, 10)).toBe(expected.ownThenPlus10);
    }),

  buzzStart: (cases: readonly { count: number; min: number; max: number }[]) =>
    testCases(cases, ({ count, min, max }) =>
      expect([startingBuzz, lowestBuzz, highestBuzz]).toEqual([count, min, max]),
    ),

  avatar: (cases: readonly AvatarVector[]) =>
    testCases(cases, ({ id, label, seed, first, noise }) => {
      expect(avatarSeed(label, id)).toBe(seed);
      const draw = createDraw(seed);
      expect(first.map(() => draw())).toEqual(first);
      expect(latticeNoise(3, -2, seed)).toBe(noise);
    }),
});

function checkFlair(vector: FlairVector): void {
  const { nara: name, soul: soulText, sociability, observation } = vector;
  const soul = parseSoul(soulText);
  const barrios = new Map(vector.peers.map((peer) => [peer.name, barrioIn(peer.observation)]));
  const flair = flairOf({
    name,
    bondValid: soul.ok && bondHolds(soul.value, name),
    gemstone: gemstoneOf(name, soulText),
    personalFlair: personalFlair(name, sociability),
    host: {
      hostname: vector.hostname,
      raspberryPi: vector.raspberryPi,
      nixOs: vector.nixos,
      kubernetes: vector.kubernetes,
    },
    trend: vector.trend,
    trendEmoji: vector.trendEmoji,
    self: {
      ...recordOf(observation),
      lastSeenS: observation.last_seen ?? 0,
      lastRestartS: observation.last_restart ?? 0,
    },
    peers: vector.peers.map((peer) => ({
      name: peer.name,
      observation: { online: peer.observation.online ?? "", ...recordOf(peer.observation) },
    })),
    isNextDoor: (peer) => barrios.get(peer) === barrioIn(observation),
    chattiness: vector.chattiness,
    loadAvg: vector.loadAvg,
  });
  expect(flair).toBe(vector.flair);
}

function recordOf(observation: ObservationVector) {
  return {
    startTimeS: observation.start_time ?? 0,
    restarts: observation.restarts ?? 0,
  };
}

const barrioIn = (observation: ObservationVector): string => observation.cluster_name ?? "";
