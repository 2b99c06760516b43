/** Which of the checkpoints about a nara counts, for all that is counted on from there. */
import type { SyncEventOf } from "../events/sync-event.ts";

/**
 * The one with the greatest as_of_time above 0, of equals the first
 * (docs/protocol/events-and-ledger.md §5, Queries).
 */
export function latestCheckpoint(
  checkpoints: readonly SyncEventOf<"checkpoint">[],
): SyncEventOf<"checkpoint"> | undefined {
  let latest: SyncEventOf<"checkpoint"> | undefined;
  for (const checkpoint of checkpoints) {
    if (checkpoint.payload.as_of_time > (latest?.payload.as_of_time ?? 0n)) latest = checkpoint;
  }
  return latest;
}
