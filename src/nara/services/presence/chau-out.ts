/** Saying chau: the last word of a nara (presence-and-life.md §2). */
import type { Observation } from "./observation.ts";

/** The event's payload: ID and inner Signature are there, and covered by nothing. */
export function chauPayload(me: {
  readonly name: string;
  readonly publicKey: string;
  readonly id: string;
}): {
  readonly From: string;
  readonly PublicKey: string;
  readonly ID: string;
  readonly Signature: "";
} {
  return { From: me.name, PublicKey: me.publicKey, ID: me.id, Signature: "" };
}

/** My own record once I said it (docs/protocol/presence-and-life.md §2, Chau out). */
export const afterMyChau = (own: Observation): Observation => ({ ...own, online: "OFFLINE" });
