/**
 * The seed's sample service, as far as its messages go: enough to hold the runtime to the
 * guarantees that services are built on. (seed sample-service-stash;
 * docs/protocol/mesh-runtime-checkpoints.md §4)
 */
import { type GoType, safeInt, struct, type ValueOf } from "../../src/nara/codec/go-types.ts";
import { accept } from "../../src/nara/outcome.ts";
import { type Behaviour, behaviour } from "../../src/nara/runtime/behaviour.ts";
import { runtimeMessage } from "../../src/nara/runtime/envelopes/runtime-message.ts";
import { type Service, service } from "../../src/nara/runtime/service.ts";
import {
  byId,
  once,
  signed,
  toListeners,
  toPeer,
  verified,
} from "../../src/nara/runtime/stages.ts";
import { stashPayloads } from "../../src/nara/services/stash/messages.ts";

export const payloads = stashPayloads;

/** A request from peer to peer, as the reference's template of that name. */
export function meshRequest<Payload>(kind: string, payload: GoType<Payload>): Behaviour<Payload> {
  return behaviour(kind, {
    envelope: runtimeMessage({ 1: payload }),
    emit: [signed, toPeer],
    receive: [verified(byId), once],
  });
}

export const stashStore = meshRequest("stash:store", payloads["stash:store"]);
export const stashAck = meshRequest("stash:ack", payloads["stash:ack"]);
export const stashRecovered = behaviour("stash:recovered", {
  envelope: runtimeMessage({ 1: struct({ count: safeInt }) }),
  emit: [toListeners],
  receive: [],
});

export type StorePayload = ValueOf<(typeof payloads)["stash:store"]>;

/** Keeps what it is given and acknowledges it; says "recovered" when asked to. */
export function sampleStash(): {
  readonly service: Service;
  readonly kept: Map<string, StorePayload>;
  recovered(count: number): void;
} {
  const kept = new Map<string, StorePayload>();
  let recovered = (_count: number): void => {};
  return {
    kept,
    recovered: (count) => recovered(count),
    service: service("stash", [stashStore, stashAck, stashRecovered], (nara) => {
      recovered = (count) => void nara.emit(stashRecovered, { count });
      nara.on(stashStore, (message) => {
        kept.set(message.fromId, message.payload);
        nara.reply(message, stashAck, {
          owner_id: message.payload.owner_id,
          stored_at: Number(nara.clock.nowNs() / 1_000_000_000n),
          success: true,
          reason: "",
        });
      });
      return { start: () => accept(undefined) };
    }),
  };
}
