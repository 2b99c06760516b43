/**
 * SHA-256 on Node, imported as `#sha256`: the same functions as `src/nara/codec/sha256.ts`, which says
 * what they do. Digests come as text, as each array that Node gives has memory outside of the heap,
 * which costs as much again.
 */
import { createHash, hash } from "node:crypto";
import type { TextHasher } from "../../nara/codec/text-hasher.ts";

const digestBytes = 32;

export function sha256(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  const digest = new Uint8Array(digestBytes);
  const [only] = parts;
  if (only !== undefined && parts.length === 1) {
    return filled(digest, hash("sha256", only, "binary"));
  }
  const whole = createHash("sha256");
  for (const part of parts) whole.update(part);
  return filled(digest, whole.digest("binary"));
}

export const sha256Hex = (text: string): string => hash("sha256", text, "hex");

export const createTextHasher = (): TextHasher => ({
  digest: (text) => filled(new Uint8Array(digestBytes), hash("sha256", text, "binary")),
  digestInto: (text, out) => void filled(out, hash("sha256", text, "binary")),
  hasHexStart: (text, hex) => hash("sha256", text, "hex").slice(0, 32) === hex,
});

/** @param digest one character per byte. */
function filled<Bytes extends Uint8Array>(out: Bytes, digest: string): Bytes {
  for (let at = 0; at < digest.length; at++) out[at] = digest.charCodeAt(at);
  return out;
}
