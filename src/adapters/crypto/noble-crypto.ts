/** Ed25519 in plain TypeScript, for where WebCrypto has none: insecure contexts, old engines. */
import { getPublicKey, hashes, Point, sign } from "@noble/ed25519";
import { sha512 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes } from "@noble/hashes/utils.js";
import type { Clock, Crypto, KeyPair, SignatureClaim } from "../../nara/ports.ts";
import { isWellFormed, pointOf, scalarOf } from "./encodings.ts";

/**
 * @param clock lets others have their turn between verifications; without one, as in tests on
 * virtual time, they go on to their end.
 */
export function createNobleCrypto(clock?: Pick<Clock, "breathe">): Crypto {
  // noble signs synchronously only with a SHA-512 put into this library-wide slot. It is the same
  // pure function for every nara of the process, so nobody meets through it.
  hashes.sha512 = sha512;
  return {
    keyPair,
    async verify(claims) {
      const verdicts: boolean[] = [];
      for (const claim of claims) {
        await clock?.breathe();
        verdicts.push(holds(claim));
      }
      return verdicts;
    },
  };
}

function keyPair(seed: Uint8Array): KeyPair {
  const secret = Uint8Array.from(seed);
  return {
    publicKey: getPublicKey(secret),
    sign: (message) => sign(message, secret),
  };
}

/**
 * Go's verdict. noble's own `verify` multiplies by the cofactor, in both of its modes, and so
 * accepts what Go refuses; this is RFC 8032 §5.1.7 without it: R, as bytes, is [S]B − [k]A.
 */
function holds(claim: SignatureClaim): boolean {
  if (!isWellFormed(claim)) {
    return false;
  }
  const { publicKey, message, signature } = claim;
  const keyPoint = decodePoint(publicKey);
  if (keyPoint === undefined) {
    return false;
  }
  const r = pointOf(signature);
  const s = fromLittleEndian(scalarOf(signature));
  const k = fromLittleEndian(sha512(concatBytes(r, publicKey, message))) % Point.CURVE().n;
  const expected = Point.BASE.multiplyUnsafe(s).subtract(keyPoint.multiplyUnsafe(k)).toBytes();
  return expected.every((byte, at) => byte === r[at]);
}

/** Like Go, takes an unreduced y and an x of zero with the sign bit (ZIP 215 decoding). */
function decodePoint(encoding: Uint8Array): Point | undefined {
  try {
    return Point.fromBytes(encoding, true);
  } catch {
    return undefined;
  }
}

function fromLittleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${bytesToHex(bytes.toReversed())}`);
}
