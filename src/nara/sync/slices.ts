/**
 * The old way to share the work among neighbours: each gives every n-th event.
 * (docs/protocol/events-and-ledger.md §6, the mode that is no mode)
 */
import type { SyncEvent } from "../events/sync-event.ts";
import { oldestFirst } from "./order.ts";
import { everything, isWanted, type Wanted } from "./wanted.ts";

export interface Slice {
  /** Only events after it; 0 and less: all. */
  readonly sinceNs: bigint;
  /** Which of the slices; one that does not exist means the first. */
  readonly index: bigint;
  /** How many slices there are, at least one. */
  readonly total: bigint;
  /** Of more the newest stay. */
  readonly most: number;
}

/** Every `total`-th event from the `index`-th on, oldest first. */
export function eventSlice(
  events: Iterable<SyncEvent>,
  { sinceNs, index, total, most }: Slice,
  wanted: Wanted = everything,
): readonly SyncEvent[] {
  const fits = isWanted(wanted);
  const chosen: SyncEvent[] = [];
  for (const event of events) {
    if ((sinceNs <= 0n || event.tsNs > sinceNs) && fits(event)) chosen.push(event);
  }
  const step = Number(total < 1n ? 1n : total);
  const first = index < 0n || index >= total ? 0 : Number(index);
  const slice = oldestFirst(chosen).filter((_, at) => at % step === first);
  return slice.slice(Math.max(0, slice.length - most));
}
