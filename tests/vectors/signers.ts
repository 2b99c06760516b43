/** The identities that signed what the reference recorded, and verification apart from our own. */
import { createPublicKey, verify } from "node:crypto";
import { createNobleCrypto } from "../../src/adapters/crypto/noble-crypto.ts";
import { decodeBase58 } from "../../src/nara/codec/base58.ts";
import { decodeBase64 } from "../../src/nara/codec/base64.ts";
import type { KeyPair, SignatureClaim } from "../../src/nara/ports.ts";

export interface Signer {
  readonly id: string;
  readonly name: string;
  /** Base64. */
  readonly publicKey: string;
  readonly soul: string;
}

/** One of a recording's cast, whose seed it gives away. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly publicKey: string;
  readonly seedHex: string;
}

/** The 32 bytes that a soul signs with. */
export function seedOf({ soul }: Pick<Signer, "soul">): Uint8Array {
  const seed = decodeBase58(soul)?.subarray(0, 32);
  if (seed?.length !== 32) throw new Error("a signer has no soul");
  return seed;
}

export const keyPairOf = (signer: Pick<Signer, "soul">): KeyPair =>
  createNobleCrypto().keyPair(seedOf(signer));

/** Empty for a stranger: no signature holds under it. */
export const publicKeyOf = (signer: Pick<Signer, "publicKey"> | undefined): Uint8Array =>
  decodeBase64(signer?.publicKey ?? "") ?? new Uint8Array();

/** SubjectPublicKeyInfo of Ed25519 before the 32 bytes of the key (RFC 8410, §4). */
const spkiHead = Buffer.from("302a300506032b6570032100", "hex");

/** By Node; nothing to verify holds not. */
export function holds(claim: SignatureClaim | undefined): boolean {
  if (claim?.publicKey.length !== 32 || claim.signature.length !== 64) return false;
  const spki = Buffer.concat([spkiHead, claim.publicKey]);
  const key = createPublicKey({ key: spki, format: "der", type: "spki" });
  return verify(null, claim.message, key, claim.signature);
}
