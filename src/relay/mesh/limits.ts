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
  /** For a whole request head, and six times that for all of a request: peers give up after 5 s. */
  readonly callerTimeoutMs: number;
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
  callerTimeoutMs: 10_000,
  framesPerSecond: 5_000,
  frameBurst: 20_000,
};

/** Go's client keeps a connection for 90 s; ours may go earlier without harm. */
export const callerKeepAliveMs = 15_000;
/** Node looks for callers that take too long this often; its own 30 s would let them stay as long. */
export const callersCheckedEveryMs = 2_000;
/** A name stays with its key so long after it was seen last (docs/tunnel.md §2). */
export const nameKeptMs = 7 * 24 * 60 * 60 * 1_000;
/** Names remembered, 250 bytes each. One address cannot fill them in the 7 days that they stay. */
export const maxNames = 100_000;
/** Names that one address may bring that nobody knew: an office at once, then one a minute. */
export const newNames = { perSecond: 1 / 60, burst: 256 };
/** Handshakes from one address: all of an office after the relay was away, then ten a second. */
export const handshakes = { perSecond: 10, burst: 512 };
/** Addresses that such budgets are kept for. */
export const maxSources = 20_000;
/** What a nara with a tunnel may ask of others elsewhere. */
export interface EgressLimits {
  /** A gossip round asks 5 peers, booting asks a few more (docs/protocol/events-and-ledger.md §6). */
  readonly maxOpen: number;
  /** Sockets of this process. */
  readonly maxOpenOfAll: number;
  /** At once, too; ten a second is more than a nara at its liveliest asks. */
  readonly requestsPerMinute: number;
  /** Both ways, at once too; 50 000 events at boot are 30 MB. */
  readonly bytesPerMinute: number;
  /** The reference's client waits 5 s (docs/protocol/mesh-runtime-checkpoints.md §1). */
  readonly connectMs: number;
  readonly silenceMs: number;
  readonly maxHeadBytes: number;
  readonly fullAfterMs: number;
}

export const egressLimits: EgressLimits = {
  maxOpen: 16,
  maxOpenOfAll: 1_000,
  requestsPerMinute: 600,
  bytesPerMinute: 64 * 1024 * 1024,
  connectMs: 5_000,
  silenceMs: 15_000,
  maxHeadBytes: 16 * 1024,
  fullAfterMs: 90_000,
};

/** hey_theres that are verified a second; a plaza of 1000 that starts anew says 200. */
export const heyTheresPerSecond = 200;
/** One with every field as long as naras accept is below. */
export const maxHeyThereBytes = 4 * 1024;
/** Naras that said where they live. */
export const maxAnnouncements = 20_000;
/** Said longer ago, a hey_there was recorded and said again by somebody. */
export const oldestHeyThereS = 300;
/** A port that somebody else had is tried again after this. */
export const busySlotRestMs = 60_000;
/** Who is there, asked by one nara: it looks each 5 min, and for 6 names a minute (introductions.ts). */
export const directoryQuestions = { perSecond: 1 / 10, burst: 20 };
/** Exchanges of one tunnel, both ends together: each end opens at most 64 (docs/tunnel.md §4). */
export const maxExchanges = 128;
/** How long a nara waits for other relays to find it; the bus may be away. */
export const findableMs = 1_000;
/** Exchanges that run when the relay stops may take so long to end. */
export const drainMs = 1_000;
