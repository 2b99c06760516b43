/** A list of events as another nara sent it: what can be read, and how much cannot. */
import type { JsonLimits } from "../codec/json-reader.ts";
import { fromWire, type SyncEvent, type WireEvent } from "../events/sync-event.ts";
import { maxBatchBytes, maxBatchEvents, maxDepth, maxStringBytes } from "../limits.ts";
import type { DropReason } from "../runtime/drops.ts";

export interface EventList {
  /** Of every event that was sent, in order: the signature of the whole covers these. */
  readonly ids: readonly string[];
  /** Those that can be read, in order. Nothing is proven of them yet. */
  readonly events: readonly SyncEvent[];
  /** How many cannot, by reason. */
  readonly drops: ReadonlyMap<DropReason, number>;
}

/** What a body with a list of events may take (limits.ts). */
export const batchLimits: JsonLimits = {
  size: maxBatchBytes,
  depth: maxDepth,
  entries: maxBatchEvents,
  stringBytes: maxStringBytes,
};

/**
 * An event that cannot be read costs itself alone.
 *
 * @param ids of all that were sent, where more were than are read.
 */
export function readEventList(
  wire: readonly WireEvent[] | null,
  ids: readonly string[] = (wire ?? []).map(({ id }) => id),
): EventList {
  const events: SyncEvent[] = [];
  const drops = new Map<DropReason, number>();
  for (const sent of wire ?? []) {
    const event = fromWire(sent);
    if (event.ok) events.push(event.value);
    else drops.set(event.refusal, (drops.get(event.refusal) ?? 0) + 1);
  }
  const unread = ids.length - (wire?.length ?? 0);
  if (unread > 0) drops.set("too_many_entries", unread);
  return { ids, events, drops };
}

export const idsOf = (events: readonly SyncEvent[]): readonly string[] =>
  events.map(({ id }) => id);
