/**
 * Token buckets by key, bounded in number; the least recently used is forgotten.
 *
 * Something is let through while a token is left, and may cost more than there are: then it takes
 * longer until the next. What costs less than nothing gives back.
 */
import type { Clock } from "../ports.ts";

export function createRateLimit(
  clock: Pick<Clock, "monotonicMs">,
  maxKeys: number,
): (key: string, perMinute: number, cost?: number) => boolean {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  return (key, perMinute, cost = 1) => {
    const nowMs = clock.monotonicMs();
    const bucket = buckets.get(key) ?? { tokens: perMinute, atMs: nowMs };
    buckets.delete(key);
    buckets.set(key, bucket);
    if (buckets.size > maxKeys) {
      const [oldest] = buckets.keys();
      if (oldest !== undefined) buckets.delete(oldest);
    }
    const refilled = ((nowMs - bucket.atMs) / 60_000) * perMinute;
    bucket.tokens = Math.min(perMinute, bucket.tokens + refilled);
    bucket.atMs = nowMs;
    if (cost > 0 && bucket.tokens < 1) return false;
    bucket.tokens = Math.min(perMinute, bucket.tokens - cost);
    return true;
  };
}
