/**
 * `POST /api/events/import`: memories brought back by their owner, who proves to hold the same soul.
 * (docs/protocol/mesh-runtime-checkpoints.md §1)
 */
import { encodeGo, int64, text } from "../codec/go-types.ts";
import type { JsonRefusal } from "../codec/json-reader.ts";
import { importRequest as wireRequest } from "../events/carriers.ts";
import { type SyncEvent, toWire } from "../events/sync-event.ts";
import { accept, type Outcome } from "../outcome.ts";
import type { KeyPair, SignatureClaim } from "../ports.ts";
import { atOnce, type InPieces, readCarried } from "./carried-list.ts";
import { type EventList, idsOf, readEventList } from "./event-list.ts";
import { listClaim, signList } from "./signed-list.ts";

export interface ImportRequest extends EventList {
  /** Unix seconds. */
  readonly atS: bigint;
  /** Base64. */
  readonly signature: string;
}

/** Events in one request: as the reference's backup tool sends them (ui-and-api §c, Backup tool). */
export const importBatchSize = 2000;
/** A request is good for five minutes before and after its time. */
export const importWindowNs = 300_000_000_000n;

/** The requests that bring all events, one after the other. */
export function* writeImportRequests(
  events: Iterable<SyncEvent>,
  keyPair: Pick<KeyPair, "sign">,
  nowNs: () => bigint,
): Generator<string, void> {
  let batch: SyncEvent[] = [];
  for (const event of events) {
    batch.push(event);
    if (batch.length < importBatchSize) continue;
    yield writeImportRequest(batch, keyPair, nowNs());
    batch = [];
  }
  if (batch.length > 0) yield writeImportRequest(batch, keyPair, nowNs());
}

export function writeImportRequest(
  events: readonly SyncEvent[],
  keyPair: Pick<KeyPair, "sign">,
  nowNs: bigint,
): string {
  const ts = nowNs / 1_000_000_000n;
  const sig = signList(headOf(ts), idsOf(events), keyPair);
  return encodeGo(wireRequest, { events: events.map(toWire), ts, sig });
}

/** The first value in a body; anything may follow, as for the reference. */
export const readImportRequest = (source: string): Outcome<ImportRequest, JsonRefusal> =>
  atOnce(readImportRequestInPieces(source));

/** The same, with a stop after each piece of a long body. */
export function* readImportRequestInPieces(
  source: string,
): InPieces<Outcome<ImportRequest, JsonRefusal>> {
  const wire = yield* readCarried(source, { list: "events", head: { ts: int64, sig: text } });
  if (!wire.ok) return wire;
  const { head, events, ids } = wire.value;
  return accept({ ...readEventList(events, ids), atS: head.ts, signature: head.sig });
}

/**
 * What the own key must have signed; undefined when there is nothing to verify or the request is of
 * another hour.
 *
 * @param publicKey of the nara that is asked.
 */
export function importClaim(
  request: ImportRequest,
  publicKey: Uint8Array,
  nowNs: bigint,
): SignatureClaim | undefined {
  const ageNs = importAgeNs(request, nowNs);
  if (ageNs > importWindowNs || ageNs < -importWindowNs) return undefined;
  const { atS, ids, signature } = request;
  return listClaim(headOf(atS), ids, signature, publicKey);
}

/** How long ago it was signed; negative for a time ahead. */
export const importAgeNs = ({ atS }: Pick<ImportRequest, "atS">, nowNs: bigint): bigint =>
  nowNs - atS * 1_000_000_000n;

const headOf = (atS: bigint): string => `${atS}:`;
