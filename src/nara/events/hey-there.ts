/** A nara arrives and shows its key. (events-and-ledger §1, §2) */
import { struct, text, type ValueOf } from "../codec/go-types.ts";
import { eventKind } from "./event-kind.ts";

const payload = struct({
  From: text,
  /** Base64 Ed25519. */
  PublicKey: text,
  /** Bare host or host:port, "" without a mesh address. */
  MeshIP: text,
  /** Covered by no signature. */
  ID: text,
  /** Always "": the envelope's signature is the one that counts. */
  Signature: text,
});

export type HeyTherePayload = ValueOf<typeof payload>;

export const heyThere = eventKind({
  payload,
  content: (p) => `hey_there:${p.From}:${p.PublicKey}:${p.MeshIP}`,
  refuse: (p) =>
    p.From === "" || p.PublicKey === "" ? "From and PublicKey must be set" : undefined,
  covered: (p) => (p.ID === "" && p.Signature === "" ? p : { ...p, ID: "", Signature: "" }),
  actor: (p) => p.From,
  target: (p) => p.From,
  embeddedKey: (p) => p.PublicKey,
  priority: () => 1,
  alwaysIn: () => true,
  tell: (p) => ({
    icon: "👋",
    text: `${p.From} says hey there`,
    detail: p.MeshIP === "" ? "and pulls up a chair" : `lives at ${p.MeshIP}`,
  }),
});
