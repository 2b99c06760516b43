/** Events in order of time. Those of one time stay in order of arrival. */
import type { SyncEvent } from "../events/sync-event.ts";

export const oldestFirst = (events: Iterable<SyncEvent>): SyncEvent[] =>
  [...events].sort((left, right) => compareTimes(left.tsNs, right.tsNs));

export const newestFirst = (events: Iterable<SyncEvent>): SyncEvent[] =>
  [...events].sort((left, right) => compareTimes(right.tsNs, left.tsNs));

function compareTimes(left: bigint, right: bigint): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
