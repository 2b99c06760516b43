/**
 * Slots kept in order. Putting one in or taking one out costs two short searches and a move of at
 * most a chunk, however many there are.
 */

export interface SlotOrder {
  add(slot: number): void;
  /** The slot must be in, and compare as it did when it was added. */
  remove(slot: number): void;
  first(): number | undefined;
  /** From the first slot that `isReached` takes; it takes all that come after such a slot. */
  from(isReached: (slot: number) => boolean): Iterable<number>;
  /** From the last slot that `isBeyond` does not take, or the last; it takes all that come after one. */
  backwards(isBeyond?: (slot: number) => boolean): Iterable<number>;
}

interface Chunk {
  readonly slots: Int32Array;
  size: number;
}

/** Long enough that chunks are few, short enough that moving one is nothing. */
const chunkLength = 512;

/** @param goesBefore tells of any two different slots which comes first. */
export function createSlotOrder(goesBefore: (left: number, right: number) => boolean): SlotOrder {
  /** None of them is empty. */
  const chunks: Chunk[] = [];

  /** The last chunk that begins at or before the slot; the first one when all begin after it. */
  const chunkFor = (slot: number): number => {
    const after = firstIndex(chunks.length, (at) => goesBefore(slot, slotAt(chunks[at], 0)));
    return Math.max(0, after - 1);
  };

  /** Most slots come in order. */
  const append = (slot: number, last: Chunk | undefined): void => {
    const chunk = last === undefined || last.size === chunkLength ? emptyChunk() : last;
    if (chunk !== last) chunks.push(chunk);
    chunk.slots[chunk.size++] = slot;
  };

  const insert = (slot: number): void => {
    let at = chunkFor(slot);
    if (chunks[at]?.size === chunkLength) {
      split(at);
      at = chunkFor(slot);
    }
    const chunk = chunks[at];
    if (chunk === undefined) return;
    const place = placeOf(chunk, (other) => goesBefore(slot, other));
    chunk.slots.copyWithin(place + 1, place, chunk.size);
    chunk.slots[place] = slot;
    chunk.size++;
  };

  const split = (at: number): void => {
    const chunk = chunks[at];
    if (chunk === undefined) return;
    const half = chunk.size >> 1;
    const upper = emptyChunk();
    upper.slots.set(chunk.slots.subarray(half, chunk.size));
    upper.size = chunk.size - half;
    chunk.size = half;
    chunks.splice(at + 1, 0, upper);
  };

  /** Joins a chunk with the next one where both together leave half a chunk free. */
  const joinWithNext = (at: number): void => {
    const chunk = chunks[at];
    const next = chunks[at + 1];
    if (chunk === undefined || next === undefined) return;
    if (chunk.size + next.size > chunkLength >> 1) return;
    chunk.slots.set(next.slots.subarray(0, next.size), chunk.size);
    chunk.size += next.size;
    chunks.splice(at + 1, 1);
  };

  return {
    add(slot) {
      const last = chunks.at(-1);
      if (last === undefined || !goesBefore(slot, slotAt(last, last.size - 1))) append(slot, last);
      else insert(slot);
    },
    remove(slot) {
      const at = chunkFor(slot);
      const chunk = chunks[at];
      if (chunk === undefined) return;
      const place = placeOf(chunk, (other) => !goesBefore(other, slot));
      if (slotAt(chunk, place) !== slot) return;
      chunk.slots.copyWithin(place, place + 1, chunk.size);
      chunk.size--;
      if (chunk.size === 0) chunks.splice(at, 1);
      else joinWithNext(at);
    },
    first: () => chunks[0]?.slots[0],
    *from(isReached) {
      const after = firstIndex(chunks.length, (at) => isReached(slotAt(chunks[at], 0)));
      const begin = Math.max(0, after - 1);
      for (let at = begin; at < chunks.length; at++) {
        const chunk = chunks[at] ?? emptyChunk();
        const place = at === begin ? placeOf(chunk, isReached) : 0;
        yield* chunk.slots.subarray(place, chunk.size);
      }
    },
    *backwards(isBeyond = () => false) {
      const end = firstIndex(chunks.length, (at) => isBeyond(slotAt(chunks[at], 0)));
      for (let at = end - 1; at >= 0; at--) {
        const chunk = chunks[at] ?? emptyChunk();
        const size = at === end - 1 ? placeOf(chunk, isBeyond) : chunk.size;
        for (let place = size - 1; place >= 0; place--) yield slotAt(chunk, place);
      }
    },
  };
}

const emptyChunk = (): Chunk => ({ slots: new Int32Array(chunkLength), size: 0 });

const slotAt = (chunk: Chunk | undefined, place: number): number => chunk?.slots[place] ?? -1;

const placeOf = (chunk: Chunk, isReached: (slot: number) => boolean): number =>
  firstIndex(chunk.size, (place) => isReached(slotAt(chunk, place)));

/** The first index below `end` that `isReached` takes, else `end`; it takes all that follow one. */
function firstIndex(end: number, isReached: (index: number) => boolean): number {
  let low = 0;
  let high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isReached(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
