/**
 * Ed25519 by the engine's WebCrypto, about twenty times faster than TypeScript.
 *
 * Engines part from Go, and from their own earlier versions, over points of small order and
 * unreduced encodings. Such claims never reach the engine: plain arithmetic decides them
 * (docs/decisions/ed25519.md).
 */
import type { Crypto, SignatureClaim } from "../../nara/ports.ts";
import { createSharedBreather } from "./breather.ts";
import { isCornerCase, isWellFormed, pointOf } from "./encodings.ts";

/** Imported keys kept. An import costs a tenth of a check, so a miss is cheap. */
const keysKept = 1024;

/**
 * Claims handed to the engine before we look at the time. In Chromium's workers each is verified
 * there and then, in about 50 µs, and its promise lets nobody else have a turn
 * (docs/decisions/ed25519.md).
 */
const claimsAtOnce = 64;

/** @param careful signs, and gives the verdicts that the engine is not asked for. */
export function createWebCrypto(subtle: SubtleCrypto, careful: Crypto): Crypto {
  const keys = createKeyCache(subtle);
  const breather = createSharedBreather();

  /** Undefined is no verdict: the engine was not asked, or would not say. */
  const askEngine = async (claim: SignatureClaim): Promise<boolean | undefined> => {
    if (!isWellFormed(claim)) {
      return false;
    }
    if (isCornerCase(claim.publicKey) || isCornerCase(pointOf(claim.signature))) {
      return undefined;
    }
    try {
      return await verifyWith(subtle, await keys.imported(claim.publicKey), claim);
    } catch {
      return undefined;
    }
  };

  return {
    keyPair: careful.keyPair,

    async verify(claims) {
      const breathe = breather.begin();
      const batches: Promise<readonly (boolean | undefined)[]>[] = [];
      for (let start = 0; start < claims.length; start += claimsAtOnce) {
        await breathe();
        const batch = Promise.all(claims.slice(start, start + claimsAtOnce).map(askEngine));
        // The engine has this batch to go on with while we wait for the one before.
        await batches.at(-1);
        batches.push(batch);
      }
      const verdicts = (await Promise.all(batches)).flat();
      const undecided = claims.filter((_, at) => verdicts[at] === undefined);
      const decided = (await careful.verify(undecided)).values();
      breather.end();
      return verdicts.map((verdict) => verdict ?? decided.next().value ?? false);
    },
  };
}

/** @throws (rejects) where the engine has no Ed25519 or dislikes the key. */
export function importPublicKey(subtle: SubtleCrypto, publicKey: Uint8Array): Promise<CryptoKey> {
  return subtle.importKey("raw", publicKey as Uint8Array<ArrayBuffer>, "Ed25519", true, ["verify"]);
}

/** The engine's own verdict. */
export function verifyWith(
  subtle: SubtleCrypto,
  key: CryptoKey,
  { message, signature }: SignatureClaim,
): Promise<boolean> {
  return subtle.verify(
    "Ed25519",
    key,
    signature as Uint8Array<ArrayBuffer>,
    message as Uint8Array<ArrayBuffer>,
  );
}

interface KeyCache {
  imported(publicKey: Uint8Array): Promise<CryptoKey>;
}

/** Forgets the key it learned first when it is full, and keys that the engine dislikes. */
function createKeyCache(subtle: SubtleCrypto): KeyCache {
  const kept = new Map<string, Promise<CryptoKey>>();
  return {
    imported(publicKey) {
      const name = String.fromCharCode(...publicKey);
      const known = kept.get(name);
      if (known !== undefined) {
        return known;
      }
      const [oldest] = kept.keys();
      if (kept.size >= keysKept && oldest !== undefined) {
        kept.delete(oldest);
      }
      const key = importPublicKey(subtle, publicKey);
      kept.set(name, key);
      key.catch(() => kept.delete(name));
      return key;
    },
  };
}
