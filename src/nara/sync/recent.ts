/** The latest events, newest first, for who only looks in. (docs/protocol/events-and-ledger.md §6) */
import type { SyncEvent } from "../events/sync-event.ts";
import { newestFirst } from "./order.ts";
import { everything, isWanted, type Wanted } from "./wanted.ts";

export function recentEvents(
  events: Iterable<SyncEvent>,
  most: number,
  wanted: Wanted = everything,
): readonly SyncEvent[] {
  return newestFirst([...events].filter(isWanted(wanted))).slice(0, most);
}
