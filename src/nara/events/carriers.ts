/** The messages that carry events by the list, as Go reads and prints them (events-and-ledger §6, §7). */
import { type GoType, int64, list, omitEmpty, raw, struct, text } from "../codec/go-types.ts";
import { wireEvent } from "./sync-event.ts";

const zineOf = <Event>(event: GoType<Event>) =>
  struct({
    from: text,
    /** Unix seconds. */
    created_at: int64,
    events: list(event),
    signature: text,
  });

export const zine = zineOf(wireEvent);
/** Of events that are printed already. */
export const printedZine = zineOf(raw);

export const syncRequest = struct({
  from: text,
  services: list(text),
  subjects: list(text),
  /** sample, page, recent; anything else is the legacy mode */
  mode: omitEmpty(text),
  sample_size: omitEmpty(int64),
  /** Decimal nanoseconds. */
  cursor: omitEmpty(text),
  page_size: omitEmpty(int64),
  limit: omitEmpty(int64),
  /** Nanoseconds. */
  since_time: omitEmpty(int64),
  slice_index: omitEmpty(int64),
  slice_total: omitEmpty(int64),
  max_events: omitEmpty(int64),
});

const syncResponseOf = <Event>(event: GoType<Event>) =>
  struct({
    from: text,
    events: list(event),
    next_cursor: omitEmpty(text),
    /** Unix seconds. */
    ts: omitEmpty(int64),
    sig: omitEmpty(text),
  });

export const syncResponse = syncResponseOf(wireEvent);
/** Of events that are printed already. */
export const printedSyncResponse = syncResponseOf(raw);

/** On the plaza: `nara/ledger/{peer}/request`. */
export const ledgerRequest = struct({ From: text, Subjects: list(text) });

/** A social event as it travels there, without an envelope. */
export const legacyEvent = struct({
  ID: text,
  /** Nanoseconds. */
  Timestamp: int64,
  Type: text,
  Actor: text,
  Target: text,
  Reason: text,
  Witness: text,
  Signature: text,
});

/** On the plaza: `nara/ledger/{From}/response`. */
export const ledgerResponse = struct({ From: text, Events: list(legacyEvent) });

/** `POST /api/events/import`, signed by one's own soul. */
export const importRequest = struct({
  events: list(wireEvent),
  /** Unix seconds. */
  ts: int64,
  sig: text,
});
