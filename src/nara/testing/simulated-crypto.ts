/**
 * Signatures for simulations: not Ed25519, only as cheap as a hash. Each key pair has a secret of
 * its own; a signature is a keyed hash of the message under it, and verifying asks the one object
 * that knows all secrets. So a signature by another key, over another message, or made up is
 * refused as Ed25519 would refuse it, as long as everybody signs through `keyPair`. It proves
 * nothing outside of one process.
 */
import { blake2s } from "@noble/hashes/blake2.js";
import { encodeBase64 } from "../codec/base64.ts";
import { utf8 } from "../codec/utf8.ts";
import type { Crypto } from "../ports.ts";

const publicLabel = utf8("public key");
const secretLabel = utf8("secret");

export function createSimulatedCrypto(): Crypto {
  /** By public key, base64. */
  const secrets = new Map<string, Uint8Array>();

  const tag = (secret: Uint8Array, message: Uint8Array): Uint8Array => {
    const half = blake2s(message, { key: secret });
    const signature = new Uint8Array(64);
    signature.set(half);
    signature.set(half, 32);
    return signature;
  };

  return {
    keyPair(seed) {
      const publicKey = blake2s(publicLabel, { key: seed });
      const secret = blake2s(secretLabel, { key: seed });
      secrets.set(encodeBase64(publicKey), secret);
      return { publicKey, sign: (message) => tag(secret, message) };
    },
    verify: async (claims) =>
      claims.map(({ publicKey, message, signature }) => {
        const secret = secrets.get(encodeBase64(publicKey));
        return secret !== undefined && isSame(tag(secret, message), signature);
      }),
  };
}

const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, at) => byte === other[at]);
