/** Timers in order of their instant, and at one instant in the order they were set: a binary heap. */
import type { Cancel } from "../ports.ts";

export interface Timer {
  readonly dueMs: number;
  readonly task: () => void;
}

export interface TimerQueue {
  add(dueMs: number, task: () => void): Cancel;
  /** Takes out the first timer that is due by `untilMs`. */
  take(untilMs: number): Timer | undefined;
}

interface Entry {
  readonly dueMs: number;
  readonly order: number;
  /** Undefined once it was taken or cancelled, so that nothing is kept alive for its sake. */
  task: (() => void) | undefined;
}

/** Below this many cancelled timers nobody minds that they stay in the queue until they are due. */
const fewCancelled = 1000;

export function createTimerQueue(): TimerQueue {
  let heap: Entry[] = [];
  let order = 0;
  let cancelled = 0;

  const isBefore = (one: Entry, other: Entry): boolean =>
    one.dueMs < other.dueMs || (one.dueMs === other.dueMs && one.order < other.order);

  const push = (entry: Entry): void => {
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || !isBefore(entry, parent)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = entry;
  };

  const pop = (): void => {
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const [one, other] = [heap[left], heap[left + 1]];
      if (one === undefined) break;
      const isRight = other !== undefined && isBefore(other, one);
      const child = isRight ? other : one;
      if (!isBefore(child, last)) break;
      heap[at] = child;
      at = isRight ? left + 1 : left;
    }
    heap[at] = last;
  };

  const sweep = (): void => {
    const kept = heap.filter(({ task }) => task !== undefined);
    heap = [];
    cancelled = 0;
    for (const entry of kept) push(entry);
  };

  return {
    add(dueMs, task) {
      const entry: Entry = { dueMs, order: order++, task };
      push(entry);
      return () => {
        if (entry.task === undefined) return;
        entry.task = undefined;
        cancelled += 1;
        if (cancelled > Math.max(fewCancelled, heap.length / 2)) sweep();
      };
    },
    take(untilMs) {
      for (let first = heap[0]; first !== undefined; first = heap[0]) {
        const { dueMs, task } = first;
        if (task !== undefined && dueMs > untilMs) return undefined;
        pop();
        first.task = undefined;
        if (task !== undefined) return { dueMs, task };
        cancelled -= 1;
      }
      return undefined;
    },
  };
}
