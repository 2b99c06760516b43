/** A nara says goodbye. (events-and-ledger §1, §2) */
import { struct, text, type ValueOf } from "../codec/go-types.ts";
import { eventKind } from "./event-kind.ts";

const payload = struct({
  From: text,
  /** Base64 Ed25519. */
  PublicKey: text,
  /** Covered by no signature. */
  ID: text,
  /** Always "": the envelope's signature is the one that counts. */
  Signature: text,
});

export type ChauPayload = ValueOf<typeof payload>;

export const chau = eventKind({
  payload,
  content: (p) => `chau:${p.From}:${p.PublicKey}`,
  refuse: (p) => (p.From === "" ? "From must be set" : undefined),
  covered: (p) => (p.ID === "" && p.Signature === "" ? p : { ...p, ID: "", Signature: "" }),
  actor: (p) => p.From,
  target: (p) => p.From,
  embeddedKey: (p) => p.PublicKey,
  priority: () => 1,
  alwaysIn: () => true,
  tell: (p) => ({
    icon: "👋",
    text: `${p.From} says chau`,
    detail: "and leaves the door on the latch",
  }),
});
