/**
 * What the server allows each visitor of its plaza. Each number leaves a well-behaved nara far more
 * room than it needs and stops one that does not behave before others notice.
 */
import { maxFrameBytes } from "../nara/limits.ts";

/** What one connection to the plaza may do. */
export interface VisitorLimits {
  /** From the connection to its CONNECT. A page sends it in its first packet. */
  readonly firstPacketTimeoutMs: number;
  /** A CONNECT with name, user and password of a kilobyte each still fits. */
  readonly maxConnectBytes: number;
  /** One MQTT packet: the largest payload a nara believes, and its topic. */
  readonly maxPacketBytes: number;
  /** Sustained packets a second; a nara at its liveliest sends about 5. */
  readonly packetsPerSecond: number;
  /** Packets at once: a nara that greets a full plaza of 500 with howdys, four times over. */
  readonly packetBurst: number;
  /** Sustained bytes a second: eight full howdys of 120 KB. */
  readonly bytesPerSecond: number;
  /** Bytes at once: 64 full howdys. */
  readonly byteBurst: number;
  /** Topic filters in one connection's lifetime; a nara has 12. */
  readonly maxFilters: number;
  /** A filter or topic: `nara/ledger/…/response` with a name of 63 code points of 4 bytes. */
  readonly maxTopicBytes: number;
  /** Bytes waiting for a reader that is too slow, beyond the kernel's buffers: 16 full howdys. */
  readonly maxQueuedBytes: number;
}

/** One WebSocket message. Some clients put all they have to send into one; 16 full howdys fit. */
export const maxWebSocketMessageBytes = 2 * 1024 * 1024;
/** A request for a page, headers and all; there is nothing slow about asking. */
export const httpRequestTimeoutMs = 10_000;

export const visitorLimits: VisitorLimits = {
  firstPacketTimeoutMs: 5_000,
  maxConnectBytes: 4 * 1024,
  maxPacketBytes: maxFrameBytes + 1024,
  packetsPerSecond: 200,
  packetBurst: 2_000,
  bytesPerSecond: 1024 * 1024,
  byteBurst: 8 * 1024 * 1024,
  maxFilters: 100,
  maxTopicBytes: 300,
  maxQueuedBytes: 2 * 1024 * 1024,
};

/** How many may be there at once. */
export interface CrowdLimits {
  readonly maxVisitors: number;
  /** Per IP address: an office behind one address still fits. */
  readonly maxVisitorsPerAddress: number;
}

/** 1000 × `maxQueuedBytes` is the most memory slow readers can take together: 2 GB. */
export const crowdLimits: CrowdLimits = { maxVisitors: 1_000, maxVisitorsPerAddress: 256 };

/** The whole farewell, residents' chau included (docs/server.md). */
export const shutdownDeadlineMs = 2_500;
/** Added to it where memories are to be written: a slow disk takes 100 MB in that time. */
export const dumpDeadlineMs = 20_000;
/** Residents join this far apart, so that a start is no stampede of howdys. */
export const residentStaggerMs = 400;
/** More than this on one machine is a load test; the simulation does that better. */
export const maxResidents = 200;
/** Seeds minted for each resident wanted; the most different ones stay. */
export const candidatesPerResident = 12;
/** A broker that breaks this often within a minute will not be started again. */
export const maxBrokerRestartsPerMinute = 5;
/** Broker keep-alive without one in CONNECT: the kernel probes a silent TCP connection after this. */
export const tcpProbeAfterMs = 30_000;
