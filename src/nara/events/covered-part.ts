/** An event without what anybody could have put in. (docs/protocol/events-and-ledger.md §3) */
import { kindOf, type SyncEvent } from "./sync-event.ts";

/** What is left is what its author signed. */
export function coveredPart(event: SyncEvent): SyncEvent {
  const payload = kindOf(event).covered?.(event.payload, event.tsNs) ?? event.payload;
  if (payload === event.payload && event.emitterId === "") return event;
  // The payload stays of its kind.
  return { ...event, payload, emitterId: "" } as SyncEvent;
}
