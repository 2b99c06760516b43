/**
 * The old way to trade memories, as messages: nobody signs them, the events inside prove themselves.
 * (docs/protocol/events-and-ledger.md §6, Legacy MQTT)
 *
 * | kind | place |
 * |---|---|
 * | ledger-request | `nara/ledger/{peer}/request` |
 * | ledger-response | `nara/ledger/{asker}/response` |
 */
import { hashId } from "../../codec/hash-id.ts";
import { accept, type Outcome } from "../../outcome.ts";
import { type Behaviour, behaviour, type Envelope } from "../../runtime/behaviour.ts";
import type { DropReason } from "../../runtime/drops.ts";
import { drop, proceed, type ReceiveStage } from "../../runtime/stage.ts";
import { fromAnother, live, rateLimited, toPlaza } from "../../runtime/stages.ts";
import {
  type LegacyRequest,
  type LegacyResponse,
  ledgerRequestTopic,
  ledgerResponseTopic,
  readLedgerRequest,
  readLedgerResponse,
  writeLedgerRequest,
} from "../../sync/legacy-ledger.ts";

/** An answer: written where it leaves, read where it arrives. */
export type Told = { readonly text: string } | LegacyResponse;

/** A nara asks once per neighbour when it boots; a name is quickly invented, so all together are bounded too. */
const perMinute = { ofOne: 4, ofAll: 12 };

/** @param me name under whose places I listen. */
export function exchangeMessages(me: string): {
  readonly request: Behaviour<LegacyRequest>;
  readonly response: Behaviour<Told>;
} {
  return {
    request: behaviour<LegacyRequest>("ledger-request", {
      envelope: textEnvelope("ledger request", writeLedgerRequest, readLedgerRequest),
      plaza: {
        filter: ledgerRequestTopic(me),
        topic: ({ to }) => ledgerRequestTopic(to),
        qos: 0,
      },
      emit: [toPlaza],
      receive: [live, fromAnother, rateLimited(perMinute.ofOne), rateOfAll],
    }),
    response: behaviour<Told>("ledger-response", {
      envelope: textEnvelope<Told>(
        "ledger response",
        (told) => ("text" in told ? told.text : ""),
        readLedgerResponse,
      ),
      plaza: {
        filter: ledgerResponseTopic(me),
        topic: ({ to }) => ledgerResponseTopic(to),
        qos: 0,
      },
      emit: [toPlaza],
      receive: [live, fromAnother],
    }),
  };
}

const rateOfAll: ReceiveStage = {
  name: "rate limit of all",
  run: ({ message, tools }) =>
    tools.allow(message.kind, perMinute.ofAll) ? proceed : drop("rate_limited"),
};

/** The whole text is the message. */
function textEnvelope<Payload>(
  name: string,
  write: (payload: Payload) => string,
  read: (text: string) => Outcome<Payload & { readonly from: string }, DropReason>,
): Envelope<Payload> {
  return {
    name,
    id: ({ payload }) => hashId(write(payload)),
    signedBytes: () => new Uint8Array(),
    encode: ({ payload }) => write(payload),
    decode(text, { atNs }) {
      const payload = read(text);
      if (!payload.ok) return payload;
      const { from } = payload.value;
      return accept({
        message: {
          ...{ kind: name.replace(" ", "-"), version: 1, id: hashId(text), contentKey: "" },
          ...{ tsNs: atNs, from, fromId: "", to: "", toId: "", inReplyTo: "", signature: "" },
          payload: payload.value,
        },
        signedBytes: new Uint8Array(),
      });
    },
  };
}
