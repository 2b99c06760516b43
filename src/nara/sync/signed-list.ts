/**
 * How a list of events is signed as a whole: Ed25519 over SHA-256(`head` ‖ all ids), base64. Only
 * ids are covered, so each event must still prove that its id is its own.
 * (docs/protocol/events-and-ledger.md §6, §7; docs/protocol/mesh-runtime-checkpoints.md §1)
 */
import { sha256 } from "#sha256";
import { decodeBase64, encodeBase64 } from "../codec/base64.ts";
import type { KeyPair, SignatureClaim } from "../ports.ts";

/** Who signs. */
export interface Author {
  /** Name. */
  readonly name: string;
  readonly keyPair: Pick<KeyPair, "sign">;
}

/** Ids hashed at once: a few thousand bytes. */
const idsAtOnce = 256;

/** The 32 bytes that are signed. */
export function listDigest(head: string, ids: readonly string[]): Uint8Array {
  const pieces = [head];
  for (let start = 0; start < ids.length; start += idsAtOnce) {
    pieces.push(ids.slice(start, start + idsAtOnce).join(""));
  }
  return sha256(...pieces);
}

export const signList = (
  head: string,
  ids: readonly string[],
  keyPair: Pick<KeyPair, "sign">,
): string => encodeBase64(keyPair.sign(listDigest(head, ids)));

/** What is to be verified; undefined when there is no signature that could be. */
export function listClaim(
  head: string,
  ids: readonly string[],
  base64: string,
  publicKey: Uint8Array,
): SignatureClaim | undefined {
  const signature = decodeBase64(base64);
  if (publicKey.length !== 32 || signature?.length !== 64) return undefined;
  return { publicKey, signature, message: listDigest(head, ids) };
}
