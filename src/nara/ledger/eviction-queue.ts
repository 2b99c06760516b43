/** The order in which events are let go: least precious first, then oldest, then first come. */
import { priorityOf, type SyncEvent } from "../events/sync-event.ts";

export interface EvictionQueue {
  add(event: SyncEvent): void;
  /** The event that goes next; undefined when there is none. */
  next(): SyncEvent | undefined;
  /** Takes that event out. */
  drop(): void;
  /** Would this event, if it came now, go before all others? */
  wouldGoFirst(event: SyncEvent): boolean;
}

interface Waiting {
  readonly event: SyncEvent;
  readonly priority: number;
  readonly arrival: number;
}

/** A binary heap. `isKept` tells which events are still there: others are skipped. */
export function createEvictionQueue(isKept: (event: SyncEvent) => boolean): EvictionQueue {
  const heap: Waiting[] = [];
  let arrivals = 0;

  const waiting = (event: SyncEvent): Waiting => ({
    event,
    priority: priorityOf(event),
    arrival: arrivals,
  });

  const drop = (): void => {
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) sink(heap, last);
  };

  const next = (): SyncEvent | undefined => {
    for (let first = heap[0]; first !== undefined; first = heap[0]) {
      if (isKept(first.event)) return first.event;
      drop();
    }
    return undefined;
  };

  return {
    add(event) {
      rise(heap, waiting(event));
      arrivals++;
    },
    next,
    drop,
    wouldGoFirst(event) {
      next();
      const first = heap[0];
      return first === undefined || goesBefore(waiting(event), first);
    },
  };
}

function goesBefore(left: Waiting, right: Waiting): boolean {
  if (left.priority !== right.priority) return left.priority > right.priority;
  if (left.event.tsNs !== right.event.tsNs) return left.event.tsNs < right.event.tsNs;
  return left.arrival < right.arrival;
}

function rise(heap: Waiting[], item: Waiting): void {
  let at = heap.length;
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || !goesBefore(item, parent)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = item;
}

/** Puts `item` in place of the first. */
function sink(heap: Waiting[], item: Waiting): void {
  let at = 0;
  for (;;) {
    const left = heap[2 * at + 1];
    const right = heap[2 * at + 2];
    const rightFirst = left !== undefined && right !== undefined && goesBefore(right, left);
    const child = rightFirst ? right : left;
    if (child === undefined || !goesBefore(child, item)) break;
    heap[at] = child;
    at = 2 * at + (rightFirst ? 2 : 1);
  }
  heap[at] = item;
}
