/**
 * Finds the slot of an id. Ids are hashes, so their first digits spread well; a table with open
 * addressing costs a few bytes an event and, unlike a `Map`, never stops to rebuild itself while
 * events come and go at the same rate.
 */
import { none } from "./slot-lists.ts";

export interface IdIndex {
  /** {@link none} when there is no such id. */
  find(id: string): number;
  /** The id must not be in yet. */
  add(id: string, slot: number): void;
  /** The id must be in. */
  remove(id: string): void;
}

const firstLength = 1024;

/** @param idOf the id of a slot that is in. */
export function createIdIndex(idOf: (slot: number) => string): IdIndex {
  let slots = new Int32Array(firstLength).fill(none);
  /** Of the id in the same place: tells most ids apart without looking at them. */
  let hashes = new Int32Array(firstLength);
  let size = 0;

  /** Where the id is, or the free place where it would be. */
  const placeOf = (id: string, hash: number): number => {
    const mask = slots.length - 1;
    let place = hash & mask;
    for (let slot = slots[place]; slot !== none; slot = slots[place]) {
      if (slot !== undefined && hashes[place] === hash && idOf(slot) === id) return place;
      place = (place + 1) & mask;
    }
    return place;
  };

  const put = (place: number, slot: number, hash: number): void => {
    slots[place] = slot;
    hashes[place] = hash;
  };

  const grow = (): void => {
    const before = { slots, hashes };
    slots = new Int32Array(before.slots.length * 2).fill(none);
    hashes = new Int32Array(slots.length);
    const mask = slots.length - 1;
    for (let at = 0; at < before.slots.length; at++) {
      const slot = before.slots[at] ?? none;
      if (slot === none) continue;
      const hash = before.hashes[at] ?? 0;
      let place = hash & mask;
      while (slots[place] !== none) place = (place + 1) & mask;
      put(place, slot, hash);
    }
  };

  return {
    find: (id) => slots[placeOf(id, hashOf(id))] ?? none,
    add(id, slot) {
      if (++size * 4 > slots.length * 3) grow();
      const hash = hashOf(id);
      put(placeOf(id, hash), slot, hash);
    },
    remove(id) {
      const mask = slots.length - 1;
      let gap = placeOf(id, hashOf(id));
      let place = gap;
      for (;;) {
        place = (place + 1) & mask;
        const slot = slots[place] ?? none;
        if (slot === none) break;
        // An entry may fill the gap unless its own place lies behind it.
        const hash = hashes[place] ?? 0;
        if (((place - (hash & mask)) & mask) >= ((place - gap) & mask)) {
          put(gap, slot, hash);
          gap = place;
        }
      }
      slots[gap] = none;
      size--;
    },
  };
}

/** The first eight hex digits. */
function hashOf(id: string): number {
  let hash = 0;
  for (let at = 0; at < 8; at++) {
    const code = id.charCodeAt(at);
    hash = (hash << 4) | ((code & 15) + (code >> 6) * 9);
  }
  return hash;
}
