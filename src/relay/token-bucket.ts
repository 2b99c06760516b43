/** A rate limit with room for bursts: fills steadily, empties with use. */

export interface TokenBucket {
  /** Takes `amount` if it is there. */
  take(amount: number): boolean;
}

/** @param nowMs a monotonic clock, in milliseconds. */
export function createTokenBucket(
  perSecond: number,
  burst: number,
  nowMs: () => number,
): TokenBucket {
  let filled = burst;
  let filledAtMs = nowMs();
  return {
    take: (amount) => {
      const now = nowMs();
      filled = Math.min(burst, filled + ((now - filledAtMs) / 1000) * perSecond);
      filledAtMs = now;
      if (amount > filled) return false;
      filled -= amount;
      return true;
    },
  };
}
