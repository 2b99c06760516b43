/**
 * A message: everything a nara says or hears, whatever envelope carries it.
 * Messages are immutable: what a handler sees is frozen, and it is what was signed.
 */

export interface Message<Payload = unknown> {
  /** `hey-there`, `howdy`, `stash:store`, … */
  readonly kind: string;
  readonly version: number;
  /** Derived from the content by the envelope; the same content at the same time has the same id. */
  readonly id: string;
  /** Equal for messages that say the same thing; "" where a kind has no such notion. */
  readonly contentKey: string;
  /** When its author said it, Unix nanoseconds; for envelopes without a time, when it was heard. */
  readonly tsNs: bigint;
  /** Name of the author. */
  readonly from: string;
  /** Nara id of the author; "" where the envelope carries none. */
  readonly fromId: string;
  readonly to: string;
  readonly toId: string;
  /** Id of the message it answers; "" for none. */
  readonly inReplyTo: string;
  readonly payload: Payload;
  /** Base64 Ed25519; "" while unsigned. */
  readonly signature: string;
}

/** How a message reached me. */
export type Arrival =
  | { readonly via: "plaza"; readonly topic: string; readonly retained: boolean }
  | { readonly via: "mesh" };

/** A message still to be identified and signed. */
export type Draft<Payload = unknown> = Omit<Message<Payload>, "id" | "contentKey" | "signature">;

/**
 * Freezes a value and everything in it, so that no handler can alter what was signed. Bytes cannot be
 * frozen: handlers copy them before they change them.
 */
export function frozen<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  if (value instanceof Uint8Array) return value;
  if (value instanceof Map) {
    for (const entry of value.values()) frozen(entry);
    return Object.freeze(Object.defineProperties(value, unchangeable));
  }
  for (const entry of Object.values(value)) frozen(entry);
  return Object.freeze(value);
}

/** A frozen Map can still be changed by its own methods, unless they refuse. */
const refuseChange = {
  value: () => {
    throw new TypeError("messages are immutable");
  },
};
const unchangeable = { set: refuseChange, delete: refuseChange, clear: refuseChange };
