/** Many small changes of one view become one, so that pages hear at most one a frame. */
import {
  type DropCount,
  type NaraViewDelta,
  type NeighbourView,
  type TimelineEntry,
  timelineLength,
} from "../nara/view.ts";

/**
 * One delta with the effect of all, applied in order. No name is in both `neighbours` and `gone`
 * of the result, and only the newest timeline entries are kept.
 */
export function mergeDeltas(deltas: readonly NaraViewDelta[]): NaraViewDelta {
  const neighbours = new Map<string, NeighbourView>();
  const gone = new Set<string>();
  const drops = new Map<string, DropCount>();
  const timeline: TimelineEntry[] = [];
  const latest: Pick<
    Writable<NaraViewDelta>,
    | "me"
    | "plaza"
    | "mesh"
    | "postcards"
    | "stash"
    | "checkpoints"
    | "games"
    | "memory"
    | "clockSkewMs"
  > = {};

  for (const delta of deltas) {
    if (delta.me !== undefined) latest.me = delta.me;
    if (delta.plaza !== undefined) latest.plaza = delta.plaza;
    if (delta.mesh !== undefined) latest.mesh = delta.mesh;
    if (delta.postcards !== undefined) latest.postcards = delta.postcards;
    if (delta.stash !== undefined) latest.stash = delta.stash;
    if (delta.checkpoints !== undefined) latest.checkpoints = delta.checkpoints;
    if (delta.games !== undefined) latest.games = delta.games;
    if (delta.memory !== undefined) latest.memory = delta.memory;
    if (delta.clockSkewMs !== undefined) latest.clockSkewMs = delta.clockSkewMs;
    for (const name of delta.gone ?? []) {
      neighbours.delete(name);
      gone.add(name);
    }
    for (const neighbour of delta.neighbours ?? []) {
      gone.delete(neighbour.name);
      neighbours.set(neighbour.name, neighbour);
    }
    for (const drop of delta.drops ?? []) drops.set(drop.reason, drop);
    timeline.push(...(delta.timeline ?? []));
  }

  return {
    ...latest,
    ...(neighbours.size > 0 && { neighbours: [...neighbours.values()] }),
    ...(gone.size > 0 && { gone: [...gone] }),
    ...(timeline.length > 0 && { timeline: timeline.slice(-timelineLength) }),
    ...(drops.size > 0 && { drops: [...drops.values()] }),
  };
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
