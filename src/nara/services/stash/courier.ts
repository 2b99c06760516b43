/**
 * One errand to one confidant: leave something with it, or ask for it back. Refusals are in the
 * reference's words (docs/protocol/mesh-runtime-checkpoints.md §4, Oracles).
 */
import { accept, type Outcome, refuse } from "../../outcome.ts";
import type { CallRefusal } from "../../runtime/calls.ts";
import type { Message } from "../../runtime/message.ts";
import type { Addressee, ServiceContext } from "../../runtime/service.ts";
import {
  type AckPayload,
  type ResponsePayload,
  stashAck,
  stashRequest,
  stashResponse,
  stashStore,
} from "./messages.ts";
import type { Sealed } from "./vault.ts";

/** What a confidant gave back, still sealed. */
export interface GivenBack extends Sealed {
  /** By the confidant's clock, Unix seconds. */
  readonly storedAtS: number;
}

export interface Courier {
  storeWith(confidant: Addressee, sealed: Sealed): Promise<Outcome<void>>;
  requestFrom(confidant: Addressee): Promise<Outcome<GivenBack>>;
}

/** How long an answer is waited for (§4). */
const answerMs = 30_000;

export function createCourier(nara: Pick<ServiceContext, "me" | "clock" | "call">): Courier {
  const { me, clock } = nara;
  /** What I say never goes back in time, whatever my clock does. */
  let latestS = 0;

  return {
    async storeWith(to, { nonce, ciphertext }) {
      if (to.id === "") return refuse(`store request: ${noTarget}`);
      latestS = Math.max(latestS, Number(clock.nowNs() / 1_000_000_000n));
      const payload = { owner_id: me.id, owner: me.name, nonce, ciphertext, ts: latestS };
      const answer = await nara.call(stashStore, payload, { to, timeoutMs: answerMs });
      if (!answer.ok) return refuse(`store request: ${whyNot(answer.refusal, to)}`);
      if (answer.value.kind !== stashAck.kind) return refuse(unexpected(answer.value));
      // Its kind says what it holds.
      const ack = answer.value.payload as AckPayload;
      return ack.success ? accept(undefined) : refuse(`store failed: ${ack.reason}`);
    },

    async requestFrom(to) {
      if (to.id === "") return refuse(`request: ${noTarget}`);
      const payload = { owner_id: me.id, request_id: "" };
      const answer = await nara.call(stashRequest, payload, { to, timeoutMs: answerMs });
      if (!answer.ok) return refuse(`request: ${whyNot(answer.refusal, to)}`);
      if (answer.value.kind !== stashResponse.kind) return refuse(unexpected(answer.value));
      const given = givenBack(answer.value.payload as ResponsePayload);
      return given === undefined ? refuse(`confidant ${to.id} has no stash for us`) : accept(given);
    },
  };
}

/** Undefined when there is nothing in it. */
export function givenBack(response: ResponsePayload): GivenBack | undefined {
  const { found, nonce, ciphertext, stored_at: storedAtS } = response;
  if (!found || nonce === null || ciphertext === null || ciphertext.length === 0) return undefined;
  return { nonce, ciphertext, storedAtS };
}

const noTarget = "mesh-only message has no target (ToID is empty)";

const unexpected = ({ kind }: Message): string => `unexpected response type: ${kind}`;

function whyNot(refusal: CallRefusal, { id }: Addressee): string {
  switch (refusal.type) {
    case "timed-out":
      return "call timed out";
    case "not-sent":
      return `mesh send to ${id}: ${refusal.why}`;
    case "stopped":
      return "the nara stops";
  }
}
