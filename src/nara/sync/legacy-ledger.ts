/**
 * The old way to ask for memories, over the plaza: social events alone, without an envelope.
 * (docs/protocol/events-and-ledger.md §6)
 *
 * | topic | carries |
 * |---|---|
 * | `nara/ledger/{peer}/request` | who asks, and about whom |
 * | `nara/ledger/{asker}/response` | the events that name them |
 *
 * The reference leaves every `Signature` empty and ignores what it reads there. We put the event's
 * own signature in, where its actor signed it: so what we tell each other can be verified, and a
 * copy without one stays an unsigned event, which never stands in the way of the signed original.
 */

import { decodeGo, encodeGo, type ValueOf } from "../codec/go-types.ts";
import { hashId } from "../codec/hash-id.ts";
import type { JsonRefusal } from "../codec/json-reader.ts";
import { utf8Length } from "../codec/utf8.ts";
import { ledgerRequest, ledgerResponse, legacyEvent } from "../events/carriers.ts";
import { newSyncEvent, refusalOf, type SyncEvent, type SyncEventOf } from "../events/sync-event.ts";
import { isNameWeAccept } from "../identity/names.ts";
import { maxEntries, maxFrameBytes } from "../limits.ts";
import { accept, type Outcome, refuse } from "../outcome.ts";
import type { DropReason } from "../runtime/drops.ts";

export type LegacyEvent = ValueOf<typeof legacyEvent>;

export interface LegacyRequest {
  /** Name of who asks. */
  readonly from: string;
  /** Names; none match nothing. */
  readonly subjects: readonly string[];
}

export interface LegacyResponse {
  /** Name of who answers. Nobody signed it. */
  readonly from: string;
  /** Signed by their actor, or not signed at all; nothing is proven of them yet. */
  readonly events: readonly SyncEventOf<"social">[];
  /** How many could not be taken, by reason. */
  readonly drops: ReadonlyMap<DropReason, number>;
}

export const ledgerRequestTopic = (peer: string): string => `nara/ledger/${peer}/request`;
export const ledgerResponseTopic = (asker: string): string => `nara/ledger/${asker}/response`;

export const writeLedgerRequest = ({ from, subjects }: LegacyRequest): string =>
  encodeGo(ledgerRequest, { From: from, Subjects: subjects });

/** The asker's name becomes part of a topic: `bad_name` when it cannot. */
export function readLedgerRequest(
  source: string,
): Outcome<LegacyRequest, JsonRefusal | "bad_name"> {
  const wire = decodeGo(ledgerRequest, source);
  if (!wire.ok) return wire;
  const { From: from, Subjects: subjects } = wire.value;
  return isNameWeAccept(from) ? accept({ from, subjects: subjects ?? [] }) : refuse("bad_name");
}

/**
 * The text to answer with: the social events that name a subject, in the order given. Of more than
 * fit into one message the last ones.
 *
 * @param me name of who answers.
 */
export function answerLedgerRequest(
  { subjects }: LegacyRequest,
  events: Iterable<SyncEvent>,
  me: string,
): string {
  const names = new Set(subjects);
  const told: LegacyEvent[] = [];
  for (const event of events) {
    if (event.svc !== "social") continue;
    const { actor, target } = event.payload;
    if (names.has(actor) || names.has(target)) told.push(toLegacy(event));
  }
  const fitting = lastThatFit(told, maxFrameBytes - utf8Length(writeAnswer(me, [])));
  return writeAnswer(me, fitting);
}

export function readLedgerResponse(source: string): Outcome<LegacyResponse, JsonRefusal> {
  const wire = decodeGo(ledgerResponse, source);
  if (!wire.ok) return wire;
  const events: SyncEventOf<"social">[] = [];
  const drops = new Map<DropReason, number>();
  for (const told of wire.value.Events ?? []) {
    const event = fromLegacy(told);
    if (event.ok) events.push(event.value);
    else drops.set(event.refusal, (drops.get(event.refusal) ?? 0) + 1);
  }
  return accept({ from: wire.value.From, events, drops });
}

/** An event as it travels here: its own id, and its signature where the actor's name is enough. */
export const toLegacy = ({
  id,
  tsNs,
  emitter,
  sig,
  payload: { type, actor, target, reason, witness },
}: SyncEventOf<"social">): LegacyEvent => ({
  ID: id,
  Timestamp: tsNs,
  Type: type,
  Actor: actor,
  Target: target,
  Reason: reason,
  Witness: witness,
  Signature: emitter === actor ? sig : "",
});

/**
 * The event that is told of. Its id is its content's; one sent along must be that, or the one that
 * such events once had.
 */
export function fromLegacy(
  told: LegacyEvent,
): Outcome<SyncEventOf<"social">, "invalid" | "id_mismatch"> {
  const event = newSyncEvent("social", told.Timestamp, {
    type: told.Type,
    actor: told.Actor,
    target: told.Target,
    reason: told.Reason,
    witness: told.Witness,
  });
  if (refusalOf(event) !== undefined) return refuse("invalid");
  if (told.ID !== event.id && told.ID !== legacyId(told)) return refuse("id_mismatch");
  if (told.Signature === "") return accept(event);
  return accept({ ...event, emitter: told.Actor, sig: told.Signature });
}

/** The id such an event had before events had envelopes: 32 hex digits. */
export const legacyId = (event: LegacyEvent): string => hashId(legacyText(event));

/** What that id covers, and what was signed, unhashed. */
export const legacyText = ({
  Timestamp,
  Type,
  Actor,
  Target,
  Reason,
  Witness,
}: LegacyEvent): string => `${Timestamp}:${Type}:${Actor}:${Target}:${Reason}:${Witness}`;

const writeAnswer = (me: string, events: readonly LegacyEvent[]): string =>
  encodeGo(ledgerResponse, { From: me, Events: events.length === 0 ? null : events });

function lastThatFit(events: readonly LegacyEvent[], bytes: number): readonly LegacyEvent[] {
  let left = bytes;
  let first = events.length;
  for (const event of events.toReversed()) {
    left -= utf8Length(encodeGo(legacyEvent, event)) + 1;
    if (left < 0 || events.length - first >= maxEntries) break;
    first--;
  }
  return events.slice(first);
}
