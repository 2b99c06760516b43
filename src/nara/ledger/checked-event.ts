/**
 * Events whose form and id were checked. The id takes a hash, the dearest part of taking an event
 * in, so whoever has checked it says so in the type and the ledger does not do it again.
 */
import { eventId, kindOf, refusalOf, type SyncEvent } from "../events/sync-event.ts";
import { accept, type Outcome, refuse } from "../outcome.ts";

declare const checked: unique symbol;

/** Well formed, not known to be wrong, and its id is the one that its content has. */
export type CheckedEvent = SyncEvent & { readonly [checked]: true };

/** Cheap refusals first (docs/protocol/events-and-ledger.md §1–§3, §5 Add). */
export function checkEvent(event: SyncEvent): Outcome<CheckedEvent, "invalid" | "id_mismatch"> {
  const { isSpoilt } = kindOf(event);
  if (refusalOf(event) !== undefined || isSpoilt?.(event.payload) === true)
    return refuse("invalid");
  return event.id === eventId(event) ? accept(alreadyChecked(event)) : refuse("id_mismatch");
}

/** For a gate that has done all that `checkEvent` does. */
export const alreadyChecked = (event: SyncEvent): CheckedEvent => event as CheckedEvent;
