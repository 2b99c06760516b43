/** A number for each slot, in memory of its own size. */

export interface Column {
  at(slot: number): number;
  set(slot: number, value: number): void;
}

type Numbers = Int32Array | Float64Array | Uint8Array;

const firstLength = 1024;

/** Grows by an eighth when a slot beyond its end is set: copying is cheap, empty room is not. */
export function createColumn(Kind: new (length: number) => Numbers): Column {
  let numbers = new Kind(firstLength);
  return {
    at: (slot) => numbers[slot] ?? 0,
    set(slot, value) {
      if (slot >= numbers.length) {
        const longer = new Kind(Math.max(slot + 1, numbers.length + (numbers.length >> 3)));
        longer.set(numbers);
        numbers = longer;
      }
      numbers[slot] = value;
    },
  };
}
