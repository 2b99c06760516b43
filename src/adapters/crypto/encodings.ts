/**
 * What the bytes of an Ed25519 claim say before any arithmetic: RFC 8032 §5.1 and the corner
 * cases in which engines are known to part (docs/decisions/ed25519.md).
 */
import { hexToBytes } from "@noble/hashes/utils.js";
import type { SignatureClaim } from "../../nara/ports.ts";

/** Bytes of a seed, a public key, and of each half of a signature (RFC 8032 §5.1.5, §5.1.6). */
export const encodingBytes = 32;

/** L, the order of the base point, big-endian (RFC 8032 §5.1). */
const orderBytes = hexToBytes("1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed");

/** The y coordinates of the four points of order 8, little-endian, without the sign of x. */
const orderEightYs = [
  hexToBytes("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
  hexToBytes("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
];

/** The first half of a signature: an encoded point. */
export const pointOf = (signature: Uint8Array): Uint8Array => signature.subarray(0, encodingBytes);

/** The second half of a signature: a scalar, little-endian. */
export const scalarOf = (signature: Uint8Array): Uint8Array => signature.subarray(encodingBytes);

/** Key and signature have their lengths and S < L; Go refuses everything else unseen. */
export function isWellFormed({ publicKey, signature }: SignatureClaim): boolean {
  return (
    publicKey.length === encodingBytes &&
    signature.length === 2 * encodingBytes &&
    isReduced(signature)
  );
}

/**
 * The encoding stands for a point of order 1, 2, 4 or 8, or its y is not reduced modulo
 * p = 2²⁵⁵ − 19. No honest key or signature has such a point. An x of zero with the sign bit set
 * occurs only at y = ±1, which are among them.
 *
 * @param encoding its first 32 bytes count, so that a signature stands for its point.
 */
export function isCornerCase(encoding: Uint8Array): boolean {
  const last = (encoding[encodingBytes - 1] ?? 0) & 0x7f;
  if (last === 0x00) {
    return middleIs(encoding, 0x00) && (encoding[0] ?? 0) <= 1;
  }
  if (last === 0x7f) {
    return middleIs(encoding, 0xff) && (encoding[0] ?? 0) >= 0xec;
  }
  for (const y of orderEightYs) {
    const isSame = (byte: number, at: number): boolean =>
      byte === (at === encodingBytes - 1 ? last : encoding[at]);
    if (y[0] === encoding[0] && y.every(isSame)) return true;
  }
  return false;
}

/** The scalar of a signature, read where it lies: every claim passes here. */
function isReduced(signature: Uint8Array): boolean {
  for (let at = 0; at < encodingBytes; at++) {
    const byte = signature[2 * encodingBytes - 1 - at] ?? 0;
    const bound = orderBytes[at] ?? 0;
    if (byte !== bound) return byte < bound;
  }
  return false;
}

function middleIs(encoding: Uint8Array, value: number): boolean {
  return encoding.subarray(1, encodingBytes - 1).every((byte) => byte === value);
}
