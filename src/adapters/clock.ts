/** The host's clock, in pages, workers and Node alike. */
import { createBreather } from "../nara/breather.ts";
import type { Cancel, Clock } from "../nara/ports.ts";

/** What a system clock reads, so that a test can turn its hands. */
export interface TimeSource {
  /** Unix milliseconds, whole. */
  wallMs(): number;
  /** Milliseconds with a fraction, since an arbitrary origin. */
  monotonicMs(): number;
}

/** setTimeout holds its delay in 31 bits and fires at once beyond (HTML §8.7, Node timers). */
const longestTimeoutMs = 2 ** 31 - 1;

/**
 * How far the wall clock may stray from the monotonic one before we follow it anew: above its
 * rounding of 1 ms, below what anybody would notice.
 */
const strayMs = 5;

/** A backward step smaller than this is a correction, not a change of date: we do not go back. */
const correctionNs = 1_000_000_000n;

const nsPerMs = 1_000_000;

/**
 * `nowNs` never gives the same instant twice, so that two events of one nara differ in time: the
 * wall clock gives the millisecond, the monotonic clock what lies between. It follows the wall
 * clock over sleep and when somebody sets it.
 */
export function createSystemClock(source: TimeSource = systemTime): Clock {
  let anchorWallMs = source.wallMs();
  let anchorMonotonicMs = source.monotonicMs();
  let lastNs = 0n;

  return {
    nowNs() {
      const wallMs = source.wallMs();
      const monotonicMs = source.monotonicMs();
      if (Math.abs(wallMs - anchorWallMs - (monotonicMs - anchorMonotonicMs)) > strayMs) {
        anchorWallMs = wallMs;
        anchorMonotonicMs = monotonicMs;
      }
      const sinceAnchorNs = Math.round((monotonicMs - anchorMonotonicMs) * nsPerMs);
      const nowNs = BigInt(anchorWallMs) * BigInt(nsPerMs) + BigInt(sinceAnchorNs);
      lastNs = nowNs <= lastNs && lastNs - nowNs < correctionNs ? lastNs + 1n : nowNs;
      return lastNs;
    },
    monotonicMs: source.monotonicMs,
    after,
    breathe: createBreather({ monotonicMs: source.monotonicMs, nextTurn: createTurns() }),
  };
}

const systemTime: TimeSource = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

/** `Clock.after`, for who needs no more of a clock. */
export function after(delayMs: number, task: () => void): Cancel {
  let timer: ReturnType<typeof setTimeout>;
  const wait = (remainingMs: number) => {
    timer =
      remainingMs > longestTimeoutMs
        ? setTimeout(() => wait(remainingMs - longestTimeoutMs), longestTimeoutMs)
        : setTimeout(task, remainingMs);
  };
  wait(Math.max(0, delayMs));
  return () => clearTimeout(timer);
}

/**
 * Runs tasks in later turns. In browsers by messages to ourselves: unlike timers they are not held
 * back, neither in hidden pages nor when one follows the other (HTML §8.7). Node has something
 * cheaper, and would not end while a channel is open.
 */
function createTurns(): (task: () => void) => void {
  if (typeof setImmediate === "function") return (task) => void setImmediate(task);
  const tasks: (() => void)[] = [];
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => tasks.shift()?.();
  return (task) => {
    tasks.push(task);
    port2.postMessage(undefined);
  };
}
