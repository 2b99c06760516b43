/** How much anybody may make me read: bodies with lists of events, by size. */
import { maxBatchBytes, maxFrameBytes } from "../limits.ts";

/** What a body costs: one for each started 256 KB. */
export const batchUnits = (body: string): number =>
  Math.max(1, Math.ceil(body.length / maxFrameBytes));

/** Two bodies of the largest size, or 128 of the usual ones, from one sender in a minute. */
export const batchUnitsPerMinute = (2 * maxBatchBytes) / maxFrameBytes;
