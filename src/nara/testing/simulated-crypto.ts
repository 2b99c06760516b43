/**
 * Signatures for simulations: not Ed25519, only as cheap as a hash. Each key pair has a secret of
 * its own; a signature is a keyed hash of the message under it, and verifying asks the one object
 * that knows all secrets. So a signature by another key, over another message, or made up is
 * refused as Ed25519 would refuse it, as long as everybody signs through `keyPair`. It proves
 * nothing outside of one process.
 *
 * What was signed of late is remembered, as everybody in a simulation verifies the same words: a
 * claim that is just that holds, and any other is hashed.
 */
import { blake2s } from "@noble/hashes/blake2.js";
import { encodeBase64 } from "../codec/base64.ts";
import { utf8 } from "../codec/utf8.ts";
import type { Crypto, SignatureClaim } from "../ports.ts";

const publicLabel = utf8("public key");
const secretLabel = utf8("secret");

const signatureBytes = 64;
const keyBytes = 6;
/** Signatures remembered: those of some ten minutes of a hundred naras. */
const mostRemembered = 20_000;

export function createSimulatedCrypto(): Crypto {
  /** By public key, base64. */
  const secrets = new Map<string, Uint8Array>();
  /** What was signed, by signature, the oldest first. */
  const signed = new Map<number, SignatureClaim>();

  const tag = (secret: Uint8Array, message: Uint8Array): Uint8Array => {
    const half = blake2s(message, { key: secret });
    const signature = new Uint8Array(signatureBytes);
    signature.set(half);
    signature.set(half, 32);
    return signature;
  };

  const remember = (claim: SignatureClaim): void => {
    signed.set(keyOf(claim.signature), claim);
    if (signed.size <= mostRemembered) return;
    for (const oldest of signed.keys()) {
      signed.delete(oldest);
      return;
    }
  };

  const holds = (claim: SignatureClaim): boolean => {
    const { publicKey, message, signature } = claim;
    const known = signed.get(keyOf(signature));
    if (known !== undefined && isSameClaim(known, claim)) return true;
    const secret = secrets.get(encodeBase64(publicKey));
    return secret !== undefined && isSame(tag(secret, message), signature);
  };

  return {
    keyPair(seed) {
      const publicKey = blake2s(publicLabel, { key: seed });
      const secret = blake2s(secretLabel, { key: seed });
      secrets.set(encodeBase64(publicKey), secret);
      return {
        publicKey,
        sign(message) {
          const signature = tag(secret, message);
          remember({ publicKey, message: message.slice(), signature: signature.slice() });
          return signature;
        },
      };
    },
    verify: async (claims) => claims.map(holds),
  };
}

/** Enough of a signature to find it by: as many of its bytes as a number holds exactly. */
function keyOf(signature: Uint8Array): number {
  let key = 0;
  for (let at = 0; at < keyBytes; at++) key = key * 256 + (signature[at] ?? 0);
  return key;
}

const isSameClaim = (one: SignatureClaim, other: SignatureClaim): boolean =>
  isSame(one.signature, other.signature) &&
  isSame(one.publicKey, other.publicKey) &&
  isSame(one.message, other.message);

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}
