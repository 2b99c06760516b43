/** The 64-bit number that names, gems, vibes and rolls are drawn from. */
import { sha256 } from "#sha256";

/** BE64 of docs/protocol/identity.md: first 8 bytes of SHA-256 over the parts, unsigned. */
export function hash64(...parts: readonly Uint8Array[]): bigint {
  const digest = sha256(...parts);
  return new DataView(digest.buffer, digest.byteOffset, digest.byteLength).getBigUint64(0);
}
