/** Keys and signatures as they travel: base64 of raw bytes (docs/protocol/identity.md §1). */
import { decodeBase64, encodeBase64 } from "../codec/base64.ts";
import { utf8 } from "../codec/utf8.ts";
import type { KeyPair, SignatureClaim } from "../ports.ts";

const publicKeyLength = 32;

/** The 32 bytes of a public key; undefined for anything else. */
export function parsePublicKey(text: string): Uint8Array | undefined {
  const bytes = decodeBase64(text);
  return bytes?.length === publicKeyLength ? bytes : undefined;
}

export function formatPublicKey(publicKey: Uint8Array): string {
  return encodeBase64(publicKey);
}

/** Base64 signature over a text's UTF-8 or over bytes. */
export function signatureOf(keyPair: KeyPair, message: string | Uint8Array): string {
  return encodeBase64(keyPair.sign(bytesOf(message)));
}

/** A claim for `Crypto.verify`. A signature that is not base64 becomes an empty one, which never holds. */
export function signatureClaim(
  publicKey: Uint8Array,
  message: string | Uint8Array,
  signature: string,
): SignatureClaim {
  return {
    publicKey,
    message: bytesOf(message),
    signature: decodeBase64(signature) ?? new Uint8Array(),
  };
}

const bytesOf = (message: string | Uint8Array) =>
  typeof message === "string" ? utf8(message) : message;
