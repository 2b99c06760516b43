/**
 * The one place for bounds on what comes from outside. Each cites its reason; what the reference
 * sends stays far below all of them (docs/protocol/*).
 */

/** Bytes of one plaza message. A full howdy of the reference with 10 neighbours and 500 observations is ~120 KB. */
export const maxFrameBytes = 256 * 1024;
/** Nesting of arrays and objects; the deepest reference message (howdy neighbour observation) has 5. */
export const maxDepth = 16;
/** Code points of a name (design: "What we accept", 8). */
export const maxNameCodePoints = 63;
/** UTF-8 bytes of any other string in a message. */
export const maxStringBytes = 4096;
/** UTF-8 bytes of what is remembered of it: an id, a key, an address, a word. The longest flair the reference makes has about 150. */
export const maxFieldBytes = 256;
/** Entries of any list or map in a plaza message. */
export const maxEntries = 5000;
/** Restarts of one nara: one that restarts every minute for two years comes close; more is a lie. */
export const maxRestarts = 1_000_000;
/** Longest round trip that is believed, ms; the reference gives up after 5 s (presence-and-life §6). */
export const maxRttMs = 60_000;
/** Voters of one checkpoint; the reference stores 10 (docs/protocol/mesh-runtime-checkpoints.md §5). */
export const maxVoters = 20;
/** Events dated further ahead than this are dropped (design: "What we accept", 5). */
export const maxFutureNs = 60_000_000_000n;
/** Events in one answer to a request for events (docs/protocol/events-and-ledger.md §6); a zine of ours keeps to it too. */
export const maxSyncEvents = 5000;
/** Events in one zine, answer or import that we read: a page of the most, grown by events of one time. */
export const maxBatchEvents = 2 * maxSyncEvents;
/** Events in one such list at all: beyond {@link maxBatchEvents} they are counted, not read. */
export const maxCountedEvents = 100_000;
/** UTF-16 units of such a body: 5000 checkpoints with 20 voters each are 12 MB. */
export const maxBatchBytes = 16 * 1024 * 1024;
/** Bytes of a dump of memories: 320 000 events (identity.md §7, hog) of 1.5 KB. */
export const maxDumpBytes = 512 * 1024 * 1024;
/** Hops of a postcard; with the longest of all strings its notice still fits one plaza message. */
export const maxPostcardHops = 250;
/** Further than any round trip that was not given up (docs/protocol/presence-and-life.md §6), ms. */
export const maxCoordinateMs = 100_000;
