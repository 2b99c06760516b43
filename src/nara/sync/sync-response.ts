/** The answer to a request for events, signed as a whole. (docs/protocol/events-and-ledger.md §6) */
import { encodeGo, int64, text } from "../codec/go-types.ts";
import type { JsonRefusal } from "../codec/json-reader.ts";
import { printedSyncResponse } from "../events/carriers.ts";
import { encodeSyncEvent } from "../events/sync-event.ts";
import { accept, type Outcome } from "../outcome.ts";
import type { SignatureClaim } from "../ports.ts";
import { atOnce, type InPieces, readCarried } from "./carried-list.ts";
import { type EventList, idsOf, readEventList } from "./event-list.ts";
import type { Page } from "./page.ts";
import { type Author, listClaim, signList } from "./signed-list.ts";

export interface SyncResponse extends EventList {
  /** Name of who answers. */
  readonly from: string;
  /** As sent, and covered by no signature: see {@link cursorAfter}. */
  readonly nextCursor: string;
  /** Unix seconds. */
  readonly atS: bigint;
  /** Base64. */
  readonly signature: string;
}

/** The text to send. */
export function writeSyncResponse(
  { events, nextCursor }: Page,
  author: Author,
  nowNs: bigint,
): string {
  const atS = nowNs / 1_000_000_000n;
  return encodeGo(printedSyncResponse, {
    from: author.name,
    events: events.length === 0 ? null : events.map(encodeSyncEvent),
    next_cursor: nextCursor,
    ts: atS,
    sig: signList(headOf(author.name, atS), idsOf(events), author.keyPair),
  });
}

/** The first value in a body; anything may follow, as for the reference. */
export const readSyncResponse = (source: string): Outcome<SyncResponse, JsonRefusal> =>
  atOnce(readSyncResponseInPieces(source));

/** The same, with a stop after each piece of a long body. */
export function* readSyncResponseInPieces(
  source: string,
): InPieces<Outcome<SyncResponse, JsonRefusal>> {
  const wire = yield* readCarried(source, {
    list: "events",
    head: { from: text, next_cursor: text, ts: int64, sig: text },
  });
  if (!wire.ok) return wire;
  const { head, events, ids } = wire.value;
  const { from, next_cursor: nextCursor, ts: atS, sig: signature } = head;
  return accept({ ...readEventList(events, ids), from, nextCursor, atS, signature });
}

/** What the answerer's key must have signed; undefined when there is no signature to verify. */
export const syncResponseClaim = (
  { from, atS, ids, signature }: SyncResponse,
  publicKey: Uint8Array,
): SignatureClaim | undefined => listClaim(headOf(from, atS), ids, signature, publicKey);

/**
 * Where the next page begins, undefined when this was the last. The time of the last event counts,
 * not the cursor as sent, which nobody signed; a page that leads nowhere ends the walk.
 *
 * @param asked the cursor of the request that this answers, Unix nanoseconds.
 */
export function cursorAfter(
  { events, nextCursor }: SyncResponse,
  asked: bigint,
): bigint | undefined {
  if (nextCursor === "") return undefined;
  let lastNs = asked;
  for (const { tsNs } of events) if (tsNs > lastNs) lastNs = tsNs;
  return lastNs > asked ? lastNs : undefined;
}

const headOf = (from: string, atS: bigint): string => `${from}:${atS}:`;
