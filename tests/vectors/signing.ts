/** Ed25519 by Node, apart from the project's own, to check signatures of the reference. */
import { createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import { hexToBytes } from "@noble/hashes/utils.js";

/** PKCS #8 wrapping of a 32-byte Ed25519 seed (RFC 8410, §7). */
const pkcs8Head = hexToBytes("302e020100300506032b657004220420");
/** Length of the wrapping in front of the 32 bytes of a public key (RFC 8410, §4). */
const spkiHeadLength = 12;

/** The public key in base64. */
export function publicKeyText(seed: Uint8Array): string {
  const spki = createPublicKey(privateKey(seed)).export({ format: "der", type: "spki" });
  return spki.subarray(spkiHeadLength).toString("base64");
}

/** The signature of a text, in base64. */
export function signText(seed: Uint8Array, text: string): string {
  return signBytes(seed, Buffer.from(text, "utf8"));
}

export function signBytes(seed: Uint8Array, message: Uint8Array): string {
  return sign(null, message, privateKey(seed)).toString("base64");
}

function privateKey(seed: Uint8Array): KeyObject {
  const key = Buffer.concat([pkcs8Head, seed]);
  return createPrivateKey({ key, format: "der", type: "pkcs8" });
}
