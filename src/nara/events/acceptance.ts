/**
 * What we ask of an event from outside beyond what the reference asks: everything that needs
 * neither keys nor memory (design "What we accept" 1, 2, 5, 8; events-and-ledger, Traps).
 */

import { utf8Length } from "../codec/utf8.ts";
import { isNameWeAccept } from "../identity/names.ts";
import { maxFieldBytes, maxFutureNs } from "../limits.ts";
import type { DropReason } from "../runtime/drops.ts";
import {
  actorOf,
  eventId,
  isSigned,
  kindOf,
  mentionsOf,
  refusalOf,
  type SyncEvent,
} from "./sync-event.ts";

/** The first reason to drop the event, undefined when there is none. */
export function whyNotAccepted(event: SyncEvent, nowNs: bigint): DropReason | undefined {
  if (refusalOf(event) !== undefined) return "invalid";
  if (textsOf(event).some((text) => utf8Length(text) > maxFieldBytes)) return "too_long";
  if (event.tsNs > nowNs + maxFutureNs) return "future";
  if (!mentionsOf(event).every(isNameWeAccept)) return "bad_name";
  if (event.emitter !== "" && !isNameWeAccept(event.emitter)) return "bad_name";
  if (
    kindOf(event)
      .words(event.payload)
      .some((word) => word.includes(":"))
  )
    return "invalid";
  const actor = actorOf(event);
  if (isSigned(event) && actor !== "" && event.emitter !== actor) return "not_its_author";
  return event.id === eventId(event) ? undefined : "id_mismatch";
}

/** What the ledger would keep of it, the lists of a checkpoint aside. */
function textsOf(event: SyncEvent): readonly string[] {
  const values: readonly unknown[] = Object.values(event.payload);
  return [event.emitterId, event.sig, ...values].filter((value) => typeof value === "string");
}
