/**
 * All there is, page by page, oldest first, for who must not miss anything: backups, checkpoints.
 * (docs/protocol/events-and-ledger.md §6)
 */
import type { SyncEvent } from "../events/sync-event.ts";
import { maxSyncEvents } from "../limits.ts";
import { oldestFirst } from "./order.ts";
import { everything, isWanted, type Wanted } from "./wanted.ts";

export interface Page {
  /** Oldest first. */
  readonly events: readonly SyncEvent[];
  /** For the next request; "" when there is nothing more. */
  readonly nextCursor: string;
}

/**
 * The oldest `size` events after the cursor. A cursor is a time, so a page never ends within one:
 * it grows by the events that share its last time, at most by another {@link maxSyncEvents}.
 *
 * @param cursor decimal nanoseconds as sent; what is none counts as 0.
 */
export function eventPage(
  events: Iterable<SyncEvent>,
  cursor: string,
  size: number,
  wanted: Wanted = everything,
): Page {
  const afterNs = parseCursor(cursor);
  const fits = isWanted(wanted);
  const rest: SyncEvent[] = [];
  for (const event of events) if (event.tsNs > afterNs && fits(event)) rest.push(event);
  const sorted = oldestFirst(rest);
  const lastNs = sorted[size - 1]?.tsNs;
  if (lastNs === undefined) return { events: sorted, nextCursor: "" };
  let end = size;
  while (sorted[end]?.tsNs === lastNs && end < size + maxSyncEvents) end++;
  return { events: sorted.slice(0, end), nextCursor: String(lastNs) };
}

/** Reads it as Go does: an optional sign, digits, within an int64; anything else is 0. */
export function parseCursor(text: string): bigint {
  if (!/^[+-]?\d{1,40}$/.test(text)) return 0n;
  const value = BigInt(text.replace(/^\+/, ""));
  return BigInt.asIntN(64, value) === value ? value : 0n;
}
