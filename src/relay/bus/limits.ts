/** What relays allow each other. */
import { type StreamLimits, streamLimits } from "../../tunnel/streams.ts";

/**
 * An exchange between relays is a tunnel with one exchange: nobody's slow reader may hold up others
 * between the same two relays.
 */
export const busStreamLimits: StreamLimits = {
  ...streamLimits,
  tunnelWindowBytes: streamLimits.streamWindowBytes,
  maxStreams: 1,
  pingEveryMs: 5_000,
  // A relay that died is found out long before the deadline.
  silenceMs: 15_000,
  // Of all exchanges together: they share one connection to the broker.
  maxUnsentBytes: 16 * 1024 * 1024,
};

/** Exchanges that a relay has open at others, and as many that others have open at it. */
export const maxBusExchanges = 256;
/** As for the callers of an address (mesh/limits.ts). */
export const maxQuestionBytes = 4 * 1024 * 1024;
/** A sync of everything that a nara remembers, and some room. */
export const maxAnswerBytes = 16 * 1024 * 1024;
/** A relay that holds somebody says so within this. */
export const probeTimeoutMs = 2_000;
/** Objections to a claim are heard for so long, when there is anybody who could object. */
export const claimWaitMs = 250;
