/** What an observation may claim at all: nothing that its own date rules out. */
import type { ObservationPayload } from "../events/observation.ts";
import { maxFutureNs, maxRestarts } from "../limits.ts";

const nsPerS = 1_000_000_000n;

/** Unix seconds of a moment, rounded toward 1970. */
export const secondsOf = (tsNs: bigint): number => Number(tsNs / nsPerS);

/** A time that is told, Unix seconds; 0 when it is none, or later than when it was told. */
export const plausibleTimeS = (timeS: bigint, toldAtNs: bigint): number =>
  timeS > 0n && timeS * nsPerS <= toldAtNs + maxFutureNs ? Number(timeS) : 0;

/** 0 when it says nothing that could be. */
export const plausibleRestarts = ({ restart_num: count }: ObservationPayload): number =>
  count > 0n && count <= maxRestarts ? Number(count) : 0;
