/**
 * SHA-256 where there is no Node: imported as `#sha256`, which is `src/adapters/crypto/sha256-node.ts`
 * on Node (docs/decisions/hashing.md). Texts are hashed as UTF-8; a lone surrogate counts as U+FFFD.
 */
import { sha256 as noble } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { utf8 } from "./utf8.ts";

export { createTextHasher } from "./text-hasher.ts";

/** The 32 bytes of the digest of all parts in a row. */
export function sha256(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  const hash = noble.create();
  for (const part of parts) hash.update(typeof part === "string" ? utf8(part) : part);
  return hash.digest();
}

/** The digest of a text as 64 lower-case hex digits. */
export const sha256Hex = (text: string): string => bytesToHex(noble(utf8(text)));
