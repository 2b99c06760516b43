/**
 * What only its owner can read: XChaCha20-Poly1305 under a key from the soul, the nonce carried
 * beside the ciphertext, no associated data, a tag of 16 bytes at the end
 * (docs/protocol/identity.md §1).
 */
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8 } from "../codec/utf8.ts";
import { accept, type Outcome, refuse } from "../outcome.ts";

/** In the reference's words, which a stash reports onwards. */
export type OpenRefusal =
  | "invalid nonce size"
  | "decryption failed: invalid ciphertext or wrong key";

/** Bytes of a nonce. */
export const nonceLength = 24;

/** @param seed a soul's seed. @returns 32 bytes. */
export function symmetricKey(seed: Uint8Array): Uint8Array {
  return hkdf(sha256, seed, utf8("nara:stash:v1"), utf8("symmetric"), 32);
}

/** @param nonce 24 bytes never used before with this key: take them from `Random`. */
export function seal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array {
  return xchacha20poly1305(key, nonce).encrypt(plaintext);
}

export function open(
  key: Uint8Array,
  nonce: Uint8Array,
  ciphertext: Uint8Array,
): Outcome<Uint8Array, OpenRefusal> {
  if (nonce.length !== nonceLength) {
    return refuse("invalid nonce size");
  }
  try {
    return accept(xchacha20poly1305(key, nonce).decrypt(ciphertext));
  } catch {
    return refuse("decryption failed: invalid ciphertext or wrong key");
  }
}
