/** The items with the highest scores of a stream, in the memory of as many as are wanted. */

export interface BestOf<Item> {
  offer(item: Item, score: number): void;
  /** Whether an offer of that score would be kept now. */
  wants(score: number): boolean;
  /** The best `count` of those kept, in no particular order. */
  best(count: number): readonly Item[];
}

interface Scored<Item> {
  readonly item: Item;
  readonly score: number;
}

/** A binary heap with the worst on top, so that most offers cost one comparison. */
export function createBestOf<Item>(size: number): BestOf<Item> {
  const heap: Scored<Item>[] = [];

  const wants = (score: number): boolean => {
    if (heap.length < size) return true;
    return score > (heap[0]?.score ?? Number.POSITIVE_INFINITY);
  };

  return {
    wants,
    offer(item, score) {
      if (heap.length < size) rise(heap, { item, score });
      else if (wants(score)) sink(heap, { item, score });
    },
    best(count) {
      const kept = count < heap.length ? heap.toSorted((a, b) => b.score - a.score) : heap;
      return kept.slice(0, count).map(({ item }) => item);
    },
  };
}

function rise<Item>(heap: Scored<Item>[], newcomer: Scored<Item>): void {
  let at = heap.length;
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || parent.score <= newcomer.score) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = newcomer;
}

/** Puts `newcomer` in place of the worst. */
function sink<Item>(heap: Scored<Item>[], newcomer: Scored<Item>): void {
  let at = 0;
  for (;;) {
    const left = heap[2 * at + 1];
    const right = heap[2 * at + 2];
    const rightIsWorse = left !== undefined && right !== undefined && right.score < left.score;
    const child = rightIsWorse ? right : left;
    if (child === undefined || child.score >= newcomer.score) break;
    heap[at] = child;
    at = 2 * at + (rightIsWorse ? 2 : 1);
  }
  heap[at] = newcomer;
}
