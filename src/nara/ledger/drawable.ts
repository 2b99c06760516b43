/**
 * Events with what a draw weighs of each at hand: most are not drawn, and need not be looked at.
 * (docs/protocol/events-and-ledger.md §6)
 */
import { criticalImportance } from "../events/observation.ts";
import { isAlwaysIn, type SyncEvent } from "../events/sync-event.ts";

/** The columns are as long as the list. */
export interface Drawable extends Iterable<SyncEvent> {
  readonly events: readonly SyncEvent[];
  /** Unix nanoseconds, as near as a double comes. */
  readonly times: Float64Array;
  /** See {@link drawImportance}. */
  readonly importances: Uint8Array;
}

export function drawable(events: Iterable<SyncEvent>): Drawable {
  const all = [...events];
  const times = new Float64Array(all.length);
  const importances = new Uint8Array(all.length);
  for (const [at, event] of all.entries()) {
    times[at] = Number(event.tsNs);
    importances[at] = drawImportance(event);
  }
  return { events: all, times, importances, [Symbol.iterator]: () => all[Symbol.iterator]() };
}

export const isDrawable = (events: Iterable<SyncEvent>): events is Drawable =>
  "importances" in events;

/** 0: it is always in. What is critical has 5, though that is never drawn. */
export function drawImportance(event: SyncEvent): number {
  return isAlwaysIn(event) ? 0 : importanceOf(event);
}

/** The factor by which an event's importance makes it likelier (§6). */
export function importanceOf(event: SyncEvent): number {
  if (event.svc !== "observation") return 1;
  const { importance } = event.payload;
  if (importance === 2n) return 2;
  return importance === criticalImportance ? 5 : 1;
}
