/** How much a nara that wakes asks its neighbours for. (docs/protocol/presence-and-life.md §3) */
import type { MemoryMode } from "../../identity/memory-mode.ts";

export interface Plan {
  /** Events wanted in all. */
  readonly wanted: number;
  /** Events of one sample. */
  readonly page: number;
  /** Samples asked for, of all neighbours together. */
  readonly calls: number;
  /** Neighbours asked at most. */
  readonly mostPeers: number;
  /** Neighbours asked at a time. */
  readonly parallel: number;
}

/** §3, Mesh sample. */
const sizes: { readonly [Mode in MemoryMode]: { readonly wanted: number; readonly page: number } } =
  {
    short: { wanted: 5_000, page: 1_000 },
    medium: { wanted: 50_000, page: 5_000 },
    hog: { wanted: 80_000, page: 5_000 },
    custom: { wanted: 50_000, page: 5_000 },
  };

/** @param capacity events that are remembered at most: more are not asked for. */
export function planFor(mode: MemoryMode, capacity: number): Plan {
  const { page } = sizes[mode];
  const wanted = Math.min(sizes[mode].wanted, Math.max(page, capacity));
  const isShort = mode === "short";
  return {
    wanted,
    page,
    calls: Math.floor(wanted / page),
    mostPeers: isShort ? 4 : Number.POSITIVE_INFINITY,
    parallel: isShort ? 3 : 10,
  };
}

/** Before the first look for neighbours, and between the looks; the last is repeated (§3). */
export const looksMs = [30_000, 30_000, 60_000] as const;
