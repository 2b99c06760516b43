/** Events in the order of their time. Late arrivals are sorted in when somebody asks. */
import type { SyncEvent } from "../events/sync-event.ts";

export interface Timeline {
  add(event: SyncEvent): void;
  /** One that was added before is no longer kept. */
  noteGone(): void;
  /** Events after `tsNs`, oldest first; equal times in order of arrival. */
  since(tsNs: bigint): readonly SyncEvent[];
}

/** @param isKept tells which events are still there. */
export function createTimeline(isKept: (event: SyncEvent) => boolean): Timeline {
  let events: SyncEvent[] = [];
  let gone = 0;
  let sorted = true;

  return {
    add(event) {
      const last = events.at(-1);
      if (last !== undefined && last.tsNs > event.tsNs) sorted = false;
      events.push(event);
    },
    noteGone() {
      gone++;
      if (gone * 2 > events.length) {
        events = events.filter(isKept);
        gone = 0;
      }
    },
    since(tsNs) {
      if (!sorted) {
        events.sort((left, right) => compare(left.tsNs, right.tsNs));
        sorted = true;
      }
      return events.slice(firstAfter(events, tsNs)).filter(isKept);
    },
  };
}

const compare = (left: bigint, right: bigint): number => (left < right ? -1 : left > right ? 1 : 0);

function firstAfter(events: readonly SyncEvent[], tsNs: bigint): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const event = events[middle];
    if (event !== undefined && event.tsNs <= tsNs) low = middle + 1;
    else high = middle;
  }
  return low;
}
