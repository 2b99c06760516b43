/**
 * Memories as text: one event a line, as the reference's backup tool writes and reads them.
 * (docs/protocol/ui-and-api.md §c, Backup tool)
 */
import { encodeSyncEvent, type SyncEvent } from "../events/sync-event.ts";

/** The lines of a dump, each with its line feed. */
export function* dumpLines(events: Iterable<SyncEvent>): Generator<string, void> {
  for (const event of events) yield `${encodeSyncEvent(event)}\n`;
}
