/**
 * A list that is always in order. What comes in order is appended, what is oldest leaves at the
 * front: both in constant time. Anything else is found by halving.
 */
export interface SortedList<Item> {
  add(item: Item): void;
  /** Takes out the item that `isSame` as this one. Returns false when there is none. */
  remove(item: Item): boolean;
  last(): Item | undefined;
  /** In order. Not to be kept: it is the list's own. */
  items(): readonly Item[];
  readonly size: number;
}

export interface Ordering<Item> {
  /** Negative when `one` belongs before `other`, 0 when neither does. */
  compare(one: Item, other: Item): number;
  /** Which is meant: those that are the same compare equal. */
  isSame(one: Item, other: Item): boolean;
  /** Where a newcomer goes among its equals; "after" keeps the order of arrival. */
  readonly newcomers: "before" | "after";
}

/** What left at the front is cut off once it is this share of the list. */
const wastedShare = 1 / 2;

export function createSortedList<Item>(ordering: Ordering<Item>): SortedList<Item> {
  const { isSame } = ordering;
  let list: Item[] = [];
  /** What stands before it has left. */
  let front = 0;

  const take = (at: number): void => {
    if (at > front) {
      list.splice(at, 1);
      return;
    }
    front++;
    if (front > list.length * wastedShare) {
      list = list.slice(front);
      front = 0;
    }
  };

  return {
    add(item) {
      insert(list, item, ordering, front);
    },
    remove(item) {
      const first = list[front];
      const isFirst = first !== undefined && isSame(first, item);
      const at = isFirst ? front : indexIn(list, item, ordering, front);
      if (at < 0) return false;
      take(at);
      return true;
    },
    last: () => (list.length > front ? list[list.length - 1] : undefined),
    items() {
      if (front > 0) {
        list = list.slice(front);
        front = 0;
      }
      return list;
    },
    get size() {
      return list.length - front;
    },
  };
}

/** Puts an item where it belongs in a list that is in order from `from` on. */
export function insert<Item>(list: Item[], item: Item, ordering: Ordering<Item>, from = 0): void {
  const after = ordering.newcomers === "after";
  const order = list.length === from ? -1 : ordering.compare(list[list.length - 1] as Item, item);
  if (order < 0 || (after && order === 0)) list.push(item);
  else list.splice(placeIn(list, item, ordering, from, after), 0, item);
}

/** Where the item that is the same stands; -1 when there is none. */
export function indexIn<Item>(
  list: readonly Item[],
  item: Item,
  ordering: Ordering<Item>,
  from = 0,
): number {
  const { compare, isSame } = ordering;
  let at = placeIn(list, item, ordering, from, false);
  while (at < list.length && compare(list[at] as Item, item) === 0) {
    if (isSame(list[at] as Item, item)) return at;
    at++;
  }
  return -1;
}

/** The first place whose item does not belong before `item`; past its equals if `pastEquals`. */
function placeIn<Item>(
  list: readonly Item[],
  item: Item,
  { compare }: Ordering<Item>,
  from: number,
  pastEquals: boolean,
): number {
  let low = from;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compare(list[middle] as Item, item);
    if (order < 0 || (pastEquals && order === 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Anything dated, told apart by its id. */
export interface Dated {
  readonly id: string;
  /** Unix ns. */
  readonly tsNs: bigint;
}

/** In order of time. */
export const byTime = (newcomers: Ordering<Dated>["newcomers"]): Ordering<Dated> => ({
  compare: (one, other) => (one.tsNs < other.tsNs ? -1 : one.tsNs > other.tsNs ? 1 : 0),
  isSame: (one, other) => one.id === other.id,
  newcomers,
});

/** Numbers in order; equal ones are the same. */
export const byValue: Ordering<number> = {
  compare: (one, other) => one - other,
  isSame: (one, other) => one === other,
  newcomers: "after",
};
