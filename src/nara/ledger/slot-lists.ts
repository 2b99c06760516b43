/**
 * Lists of slots in order of arrival. A slot is in at most one list of a family; the links lie in
 * two columns, so that a list costs nothing per slot but eight bytes and can lose any at once.
 */
import { createColumn } from "./columns.ts";

export interface SlotList {
  first: number;
  last: number;
  size: number;
}

/** No slot. */
export const none = -1;

export const emptyList = (): SlotList => ({ first: none, last: none, size: 0 });

export interface SlotLists {
  append(list: SlotList, slot: number): void;
  /** The slot must be in that list. */
  remove(list: SlotList, slot: number): void;
  /** The slot that came after this one in its list, {@link none} at the end. */
  next(slot: number): number;
}

export function createSlotLists(): SlotLists {
  const before = createColumn(Int32Array);
  const after = createColumn(Int32Array);

  return {
    append(list, slot) {
      before.set(slot, list.last);
      after.set(slot, none);
      if (list.last === none) list.first = slot;
      else after.set(list.last, slot);
      list.last = slot;
      list.size++;
    },
    remove(list, slot) {
      const previous = before.at(slot);
      const next = after.at(slot);
      if (previous === none) list.first = next;
      else after.set(previous, next);
      if (next === none) list.last = previous;
      else before.set(next, previous);
      list.size--;
    },
    next: (slot) => after.at(slot),
  };
}
