/**
 * Signatures for simulations: not Ed25519, only as cheap as a hash. Each key pair has a secret of
 * its own; a signature is a hash of the secret and the message, and verifying asks the one object
 * that knows all secrets. So a signature by another key, over another message, or made up is
 * refused as Ed25519 would refuse it, as long as everybody signs through `keyPair`. It proves
 * nothing outside of one process.
 */
import { sha256 } from "#sha256";
import type { Crypto, SignatureClaim } from "../ports.ts";

const publicLabel = "public key";
const secretLabel = "secret";

const signatureBytes = 64;
const firstBytes = 6;

interface Pair {
  readonly publicKey: Uint8Array;
  readonly secret: Uint8Array;
}

export function createSimulatedCrypto(): Crypto {
  /** By the beginning of the public key. */
  const pairs = new Map<number, Pair>();

  const holds = ({ publicKey, message, signature }: SignatureClaim): boolean => {
    const pair = pairs.get(beginningOf(publicKey));
    return (
      pair !== undefined &&
      isSame(pair.publicKey, publicKey) &&
      isSame(signatureOf(pair.secret, message), signature)
    );
  };

  return {
    keyPair(seed) {
      const publicKey = sha256(publicLabel, seed);
      const secret = sha256(secretLabel, seed);
      pairs.set(beginningOf(publicKey), { publicKey, secret });
      return { publicKey, sign: (message) => signatureOf(secret, message) };
    },
    verify: async (claims) => claims.map(holds),
  };
}

/** As long as a real one, the digest twice. */
function signatureOf(secret: Uint8Array, message: Uint8Array): Uint8Array {
  const half = sha256(secret, message);
  const signature = new Uint8Array(signatureBytes);
  signature.set(half);
  signature.set(half, half.length);
  return signature;
}

/** As many bytes as a number holds exactly: enough to tell the keys of a simulation apart. */
function beginningOf(publicKey: Uint8Array): number {
  let number = 0;
  for (let at = 0; at < firstBytes; at++) number = number * 256 + (publicKey[at] ?? 0);
  return number;
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}
