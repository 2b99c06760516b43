/** Whom to ping next for the sake of the map (docs/protocol/presence-and-life.md §6). */
import type { Random } from "../../ports.ts";

/** The first ping waits this long after the start; then there is one per period (§6). */
export const firstPingMs = 30_000;
export const pingPeriodMs = 30_000;
export const pingTimeoutMs = 5000;

/** What a stranger's turn is worth, how much chance there is in it, and what doubt adds (§6). */
const neverPinged = 1000;
const chance = 10;
const doubtfulError = 0.5;
const worthOfDoubt = 100;

/** Somebody ONLINE who has a mesh address. */
export interface PingTarget {
  readonly name: string;
  /**
   * Unix seconds of the last try, answered or not; 0 before the first. The reference counts only
   * what was answered (docs/differences.md).
   */
  readonly triedAtS: number;
  /** Of its coordinates, where known. */
  readonly error: number | undefined;
}

/** Whose turn it is; undefined when there is nobody. */
export function nextPing(
  targets: readonly PingTarget[],
  nowS: number,
  random: Pick<Random, "fraction">,
): string | undefined {
  let best: { name: string; priority: number } | undefined;
  for (const target of targets) {
    const priority = urgency(target, nowS) + random.fraction() * chance;
    if (best === undefined || priority > best.priority) best = { name: target.name, priority };
  }
  return best?.name;
}

function urgency({ triedAtS, error = 0 }: PingTarget, nowS: number): number {
  if (triedAtS === 0) return neverPinged;
  return nowS - triedAtS + (error > doubtfulError ? error * worthOfDoubt : 0);
}
