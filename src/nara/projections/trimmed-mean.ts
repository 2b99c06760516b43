/**
 * A mean that a few liars cannot move far: what is more than five times off the median is left
 * out (docs/protocol/events-and-ledger.md §8, M and T). All divisions truncate toward zero.
 */

export interface Trimmed {
  /** 0 without values. */
  readonly mean: number;
  /** Values outside are outliers. */
  readonly lowest: number;
  readonly highest: number;
}

/** How many times the median a value may be, and the width of the band around a median of 0 (§8). */
const factor = 5;
const bandAroundZero = 10;

/** @param values safe integers, in any order. */
export function trimmedMean(values: readonly number[]): Trimmed {
  const sorted = inOrder(values);
  const median = sorted[sorted.length >> 1];
  if (median === undefined) return { mean: 0, lowest: 0, highest: 0 };
  const { lowest, highest } = bandAround(median);
  let sum = 0;
  let kept = 0;
  for (const value of sorted) {
    if (value < lowest || value > highest) continue;
    sum += value;
    kept++;
  }
  if (!Number.isSafeInteger(sum))
    return { mean: meanOfLarge(sorted, lowest, highest), lowest, highest };
  return { mean: truncated(sum / kept), lowest, highest };
}

/** The mean of the values above 0; those at or below it say nothing. */
export const trimmedMeanPositive = (values: readonly number[]): Trimmed =>
  trimmedMean(values.filter((value) => value > 0));

/** The median is in its own band, so that somebody is always kept. */
function bandAround(median: number): { lowest: number; highest: number } {
  if (median === 0) return { lowest: -bandAroundZero, highest: bandAroundZero };
  const near = truncated(median / factor);
  return median > 0
    ? { lowest: near, highest: median * factor }
    : { lowest: median * factor, highest: near };
}

function meanOfLarge(values: readonly number[], lowest: number, highest: number): number {
  const kept = values.filter((value) => value >= lowest && value <= highest);
  const sum = kept.reduce((total, value) => total + BigInt(value), 0n);
  return Number(sum / BigInt(kept.length));
}

/** Toward zero, and never -0. */
const truncated = (quotient: number): number => Math.trunc(quotient) + 0;

/** Up to here insertion is several times quicker than any sort of the engine's. */
const few = 32;

function inOrder(values: readonly number[]): readonly number[] {
  const sorted = [...values];
  if (sorted.length > few) return sorted.sort((one, other) => one - other);
  for (let next = 1; next < sorted.length; next++) {
    const value = sorted[next] as number;
    let at = next;
    for (; at > 0 && (sorted[at - 1] as number) > value; at--) {
      sorted[at] = sorted[at - 1] as number;
    }
    sorted[at] = value;
  }
  return sorted;
}
