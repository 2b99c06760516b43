/**
 * The standard stages. A behaviour lists the ones its kind passes, in the order of the pipelines
 * (behaviour.ts); a service adds stages of its own only for rules that are its own.
 */
import { decodeBase64, encodeBase64 } from "../codec/base64.ts";
import { coveredPart } from "../events/covered-part.ts";
import type { EventService, Payloads } from "../events/event-kinds.ts";
import { maxFutureNs } from "../limits.ts";
import type { DropReason } from "./drops.ts";
import { eventOf } from "./envelopes/sync-event.ts";
import type { Keyring } from "./keyring.ts";
import type { Message } from "./message.ts";
import {
  drop,
  type EmitStage,
  fail,
  proceed,
  type ReceiveContext,
  type ReceiveStage,
} from "./stage.ts";

// ── Emit ────────────────────────────────────────────────────────────────────────────────────

/** Signs with the nara's own key, over what the envelope says is covered. */
export const signed: EmitStage = {
  name: "sign",
  run({ message, behaviour, tools }) {
    const signature = tools.keyPair.sign(behaviour.envelope.signedBytes(message));
    return { type: "continue", message: { ...message, signature: encodeBase64(signature) } };
  },
};

/**
 * Keeps it in the ledger, of others' words what they signed; what the ledger has or refuses goes no further. So of a restart that
 * somebody else has told of already, I need not tell again (events-and-ledger §5, Content dedupe).
 */
export function stored<Svc extends EventService>(svc: Svc): EmitStage & ReceiveStage {
  return {
    name: "store",
    run({ message, tools }) {
      // A behaviour stores the service it is declared for, so the payload is that service's.
      const event = eventOf(svc, message as Message<Payloads[Svc]>);
      const isOwnObservation = message.from === tools.me.name;
      const kept = isOwnObservation ? event : coveredPart(event);
      const outcome = tools.ledger.add(kept, { isOwnObservation });
      return outcome.ok ? proceed : drop(outcome.refusal);
    },
  };
}

/** Puts it on the plaza, in the kind's place. Lost when the plaza is away, as in the reference. */
export const toPlaza: EmitStage = {
  name: "transport: plaza",
  run({ message, behaviour, tools }) {
    const { plaza, envelope } = behaviour;
    if (plaza === undefined) return fail(`${behaviour.kind} has no place on the plaza`);
    tools.publish(plaza.topic(message), envelope.encode(message), plaza.qos);
    return proceed;
  },
};

/** Sends it to the one peer it is for, over the mesh. */
export const toPeer: EmitStage = {
  name: "transport: peer",
  run({ message, behaviour, tools }) {
    if (message.toId === "") {
      return fail(`${message.kind} is for one peer, but names none (toId is empty)`);
    }
    tools.sendToPeer(message, behaviour.envelope.encode(message));
    return proceed;
  },
};

/** Hands it to the nara's own listeners: local kinds live on this alone. */
export const toListeners: EmitStage = {
  name: "notify",
  run: ({ message, tools }) => tools.deliver(message),
};

// ── Receive ─────────────────────────────────────────────────────────────────────────────────

/** Refuses what a broker kept from earlier: nothing of nara's is ever retained. */
export const live: ReceiveStage = {
  name: "live",
  prepare: ({ arrival }) =>
    arrival.via === "plaza" && arrival.retained ? drop("retained") : proceed,
  run: () => proceed,
};

/** Refuses my own words. */
export const fromAnother: ReceiveStage = {
  name: "from another",
  prepare: ({ message, tools }) => (message.from === tools.me.name ? drop("own_echo") : proceed),
  run: () => proceed,
};

/** Refuses what names somebody else as the one it is for: the signature covers whom it is for. */
export const forMe: ReceiveStage = {
  name: "for me",
  prepare: ({ message, tools }) =>
    message.toId === "" || message.toId === tools.me.id ? proceed : drop("not_for_me"),
  run: () => proceed,
};

/**
 * Refuses what is dated more than 60 s ahead (design "What we accept" 5). After the verifying
 * stage, so that a wrong clock of mine shows itself by what honest neighbours say.
 */
export const inTime: ReceiveStage = {
  name: "in time",
  run({ message, tools }) {
    const aheadNs = tools.clock.nowNs() - message.tsNs;
    tools.skew.note(message.from, Number(aheadNs / 1_000_000n));
    return aheadNs < -maxFutureNs ? drop("future") : proceed;
  },
};

/**
 * Lets each id pass once. Only ids that were verified are remembered, so place it after the
 * verifying stage: a forgery cannot block the real message.
 */
export const once: ReceiveStage = {
  name: "dedupe",
  prepare: ({ message, tools }) => (tools.heard.has(message.id) ? drop("duplicate") : proceed),
  run({ message, tools }) {
    if (tools.heard.has(message.id)) return drop("duplicate");
    tools.heard.add(message.id);
    return proceed;
  },
};

/** Finds the base64 key that must have signed, or why there is none. */
export type KeyFinder = (
  message: Message,
  keyring: Keyring,
) => { readonly publicKey: string } | { readonly reason: DropReason };

/** Verifies the signature under the key that `keyFor` finds. */
export function verified(keyFor: KeyFinder): ReceiveStage {
  const begin = (context: ReceiveContext): DropReason | undefined => {
    const { message, tools } = context;
    if (message.signature === "") return "unsigned";
    const found = keyFor(message, tools.keyring);
    if ("reason" in found) return found.reason;
    if (context.verdict?.publicKey === found.publicKey) return undefined;
    const publicKey = decodeBase64(found.publicKey);
    const signature = decodeBase64(message.signature);
    if (publicKey?.length !== 32 || signature?.length !== 64) return "invalid_signature";
    // Keys are compared as text, and base64 can spell one key in several ways.
    if (encodeBase64(publicKey) !== found.publicKey) return "invalid_signature";
    const valid = tools.verify({ publicKey, signature, message: context.signedBytes });
    context.verdict = { publicKey: found.publicKey, valid };
    return undefined;
  };
  return {
    name: "verify",
    // A key may become known by an earlier message of the same batch: then `run` finds it.
    prepare(context) {
      const reason = begin(context);
      return reason === undefined || reason === "unknown_sender" ? proceed : drop(reason);
    },
    async run(context) {
      const reason = begin(context);
      if (reason !== undefined) return drop(reason);
      const { verdict, message, tools } = context;
      if (verdict === undefined || !(await verdict.valid)) return drop("invalid_signature");
      // What is verified by name covers it.
      if (keyFor === byName) tools.keyring.confirm(message.from, verdict.publicKey);
      return proceed;
    },
  };
}

/** The key pinned for the author's name. */
export const byName: KeyFinder = (message, keyring) => {
  const publicKey = keyring.keyOf(message.from);
  return publicKey === undefined ? { reason: "unknown_sender" } : { publicKey };
};

/** The key pinned for the author's id. */
export const byId: KeyFinder = (message, keyring) => {
  const publicKey = keyring.keyOfId(message.fromId);
  return publicKey === undefined ? { reason: "unknown_sender" } : { publicKey };
};

/** What a message says about its own author. */
export interface Introduction {
  readonly name: string;
  /** The signature covers the name: else anybody could have put it there. */
  readonly nameIsSigned: boolean;
  /** "" when it tells none. */
  readonly id: string;
  /** The signature covers the id too: only then is it pinned. Else it must merely not contradict. */
  readonly idIsSigned: boolean;
  /** Base64. */
  readonly publicKey: string;
}

/**
 * Refuses, and shows, a name or id that is known with another key, place it after the verifying
 * stage. (design "What we accept" 4)
 */
export function uncontradicted(introduction: (message: Message) => Introduction): ReceiveStage {
  return {
    name: "key",
    run({ message, tools }) {
      const { name, id, publicKey, nameIsSigned } = introduction(message);
      const judged = tools.keyring.judge(name, id, publicKey, nameIsSigned);
      if (judged === "pinned" || judged === "known") return proceed;
      tools.keyring.pin(name, id, publicKey, nameIsSigned);
      return drop(judged);
    },
  };
}

/**
 * Pins the key with which a message has proved itself. Last of all stages, so that no message that
 * is refused leaves a key behind; whoever handles it forgets the key of those not worth knowing.
 */
export function pinned(introduction: (message: Message) => Introduction): ReceiveStage {
  return {
    name: "pin",
    run({ message, tools }) {
      const { name, id, publicKey, nameIsSigned, idIsSigned } = introduction(message);
      const verdict = tools.keyring.pin(name, idIsSigned ? id : "", publicKey, nameIsSigned);
      return verdict === "pinned" || verdict === "known" ? proceed : drop(verdict);
    },
  };
}

/** Lets at most `perMinute` messages of this kind through for one author. */
export function rateLimited(perMinute: number): ReceiveStage {
  return {
    name: "rate limit",
    run: ({ message, tools }) =>
      tools.allow(`${message.kind} ${message.from}`, perMinute) ? proceed : drop("rate_limited"),
  };
}
