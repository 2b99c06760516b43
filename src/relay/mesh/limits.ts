/** What the relay allows tunnels and those who call naras through them. */
import type { CrowdLimits } from "../limits.ts";

export interface MeshLimits extends CrowdLimits {
  /** Body of a request to a nara; the largest zine that a nara of ours sends is far below. */
  readonly maxRequestBytes: number;
  /** Requests to one nara, sustained: a hundred peers that each ask every second. */
  readonly requestsPerSecond: number;
  readonly requestBurst: number;
  /** Connections to one nara's address. */
  readonly maxCallers: number;
  /** Frames from one nara; a body of 4 MB is 128 of them. */
  readonly framesPerSecond: number;
  readonly frameBurst: number;
}

export const meshLimits: MeshLimits = {
  maxVisitors: 2_000,
  maxVisitorsPerAddress: 256,
  maxRequestBytes: 4 * 1024 * 1024,
  requestsPerSecond: 500,
  requestBurst: 1_000,
  maxCallers: 256,
  framesPerSecond: 5_000,
  frameBurst: 20_000,
};

/** A whole request head, and between two bytes of anything: peers give up after 5 s. */
export const callerTimeoutMs = 10_000;
/** Go's client keeps a connection for 90 s; ours may go earlier without harm. */
export const callerKeepAliveMs = 15_000;
/** A name stays with its key so long after it was seen last (docs/tunnel.md §2). */
export const nameKeptMs = 7 * 24 * 60 * 60 * 1_000;
/** Names remembered; the one not seen for longest makes room. */
export const maxNames = 20_000;
/** Exchanges that run when the relay stops may take so long to end. */
export const drainMs = 1_000;
