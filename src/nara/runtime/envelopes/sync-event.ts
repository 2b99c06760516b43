/**
 * The envelope of gossip: what is said once and remembered, a SyncEvent.
 * (docs/protocol/events-and-ledger.md §1, §3)
 */

import { whyNotAccepted } from "../../events/acceptance.ts";
import { type EventService, eventKinds, type Payloads } from "../../events/event-kinds.ts";
import {
  actorOf,
  decodeSyncEvent,
  encodeSyncEvent,
  newSyncEvent,
  type SyncEvent,
  signedDigest,
} from "../../events/sync-event.ts";
import { accept, refuse } from "../../outcome.ts";
import type { Envelope } from "../behaviour.ts";
import type { Message } from "../message.ts";

/** The envelope for one event service; an event of another service is in the wrong place. */
export function syncEvent<Svc extends EventService>(svc: Svc): Envelope<Payloads[Svc]> {
  return {
    name: "sync event",
    id: (draft) => newSyncEvent(svc, draft.tsNs, draft.payload).id,
    signedBytes: (message) => signedDigest(eventOf(svc, message)),
    encode: (message) => encodeSyncEvent(eventOf(svc, message)),
    decode(text) {
      const decoded = decodeSyncEvent(text);
      if (!decoded.ok) return decoded;
      const event = decoded.value;
      if (event.svc !== svc) return refuse("wrong_topic");
      // Whether it is from the future is asked after verification, by the stage for that.
      const reason = whyNotAccepted(event, event.tsNs);
      if (reason !== undefined) return refuse(reason);
      // The service was compared above, so the payload is the one that belongs to it.
      const payload = event.payload as Payloads[Svc];
      const message: Message<Payloads[Svc]> = {
        kind: svc,
        version: 1,
        id: event.id,
        contentKey: "",
        tsNs: event.tsNs,
        from: event.emitter === "" ? actorOf(event) : event.emitter,
        fromId: "",
        to: "",
        toId: "",
        inReplyTo: "",
        payload,
        signature: event.emitter === "" ? "" : event.sig,
      };
      return accept({ message, signedBytes: signedDigest(event) });
    },
  };
}

/**
 * A message as the event that the ledger keeps; its id is the event's own. Payload fields that are
 * left out are empty. `emitter_id` stays empty, as in all that the reference sends: it is covered by
 * no signature.
 */
export function eventOf<Svc extends EventService>(
  svc: Svc,
  { id, tsNs, from: emitter, signature: sig, payload }: Message<Payloads[Svc]>,
): SyncEvent {
  // Service and payload belong together, as they do in the message.
  const whole = { ...eventKinds[svc].payload.zero(), ...payload };
  return { id, tsNs, svc, emitter, emitterId: "", sig, payload: whole } as SyncEvent;
}
