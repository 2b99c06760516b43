/**
 * What we ask of an event from outside beyond what the reference asks: everything that needs
 * neither keys nor memory (design "What we accept" 1, 2, 5, 8; events-and-ledger, Traps).
 */

import { utf8Length } from "../codec/utf8.ts";
import { isNameWeAccept } from "../identity/names.ts";
import { maxFieldBytes, maxFutureNs } from "../limits.ts";
import type { DropReason } from "../runtime/drops.ts";
import { eventId, isSigned, kindOf, refusalOf, type SyncEvent } from "./sync-event.ts";

/** The first second after 1970 began. */
const firstNs = 1_000_000_000n;

/** The first reason to drop the event, undefined when there is none. */
export const whyNotAccepted = (event: SyncEvent, nowNs: bigint): DropReason | undefined =>
  whyNotBelievable(event, nowNs) ?? (event.id === eventId(event) ? undefined : "id_mismatch");

/** The same but for the id, for callers that hash the content themselves. */
export function whyNotBelievable(event: SyncEvent, nowNs: bigint): DropReason | undefined {
  if (refusalOf(event) !== undefined) return "invalid";
  if (hasLongText(event)) return "too_long";
  if (event.tsNs > nowNs + maxFutureNs) return "future";
  const kind = kindOf(event);
  if (event.tsNs < firstNs) return "out_of_range";
  if (kind.isPossible?.(event.payload, event.tsNs) === false) return "out_of_range";
  for (const name of kind.mentions(event.payload)) if (!isNameWeAccept(name)) return "bad_name";
  if (event.emitter !== "" && !isNameWeAccept(event.emitter)) return "bad_name";
  for (const word of kind.words(event.payload)) if (word.includes(":")) return "invalid";
  const actor = kind.actor(event.payload);
  return isSigned(event) && actor !== "" && event.emitter !== actor ? "not_its_author" : undefined;
}

/** Of what the ledger would keep of it. */
function hasLongText({ emitterId, sig, payload }: SyncEvent): boolean {
  // A signature is ASCII, or none.
  if (isLong(emitterId) || sig.length > maxFieldBytes) return true;
  for (const field in payload) {
    const value: unknown = payload[field as keyof typeof payload];
    if (typeof value === "string" ? isLong(value) : Array.isArray(value) && value.some(isLong)) {
      return true;
    }
  }
  return false;
}

/** A UTF-16 unit takes three bytes at most. */
const isLong = (text: string): boolean =>
  text.length * 3 > maxFieldBytes && utf8Length(text) > maxFieldBytes;
