/** A number for each slot, in memory of its own size. */

export interface Column {
  at(slot: number): number;
  set(slot: number, value: number): void;
}

type Numbers = Int32Array | Float64Array | Uint8Array;

const firstLength = 1024;
/** Up to here a column grows by halves, and thereafter by eighths. */
const longLength = 16_384;

/** Grows when a slot beyond its end is set: copying is cheap, empty room in long columns is not. */
export function createColumn(Kind: new (length: number) => Numbers): Column {
  let numbers = new Kind(firstLength);
  return {
    at: (slot) => numbers[slot] ?? 0,
    set(slot, value) {
      if (slot >= numbers.length) {
        const { length } = numbers;
        const growth = length < longLength ? length >> 1 : length >> 3;
        const longer = new Kind(Math.max(slot + 1, length + growth));
        longer.set(numbers);
        numbers = longer;
      }
      numbers[slot] = value;
    },
  };
}
