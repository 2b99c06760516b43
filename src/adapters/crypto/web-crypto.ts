/**
 * Ed25519 by the engine's WebCrypto, about twenty times faster than TypeScript.
 *
 * Engines part from Go, and from their own earlier versions, over points of small order and
 * unreduced encodings. Such claims never reach the engine: plain arithmetic decides them
 * (docs/decisions/ed25519.md).
 */
import type { Clock, Crypto, SignatureClaim } from "../../nara/ports.ts";
import { createSystemClock } from "../clock.ts";
import { isCornerCase, isWellFormed } from "./encodings.ts";

/** Imported keys kept. An import costs a tenth of a check, so a miss is cheap. */
const keysKept = 1024;

/**
 * Claims handed to the engine before we look at the time. In Chromium's workers each is verified
 * there and then, in about 50 µs, and its promise lets nobody else have a turn
 * (docs/decisions/ed25519.md).
 */
const claimsAtOnce = 64;

/**
 * @param careful signs, and gives the verdicts that the engine is not asked for.
 * @param clock lets others have their turn between verifications.
 */
export function createWebCrypto(
  subtle: SubtleCrypto,
  careful: Crypto,
  clock: Pick<Clock, "breathe"> = createSystemClock(),
): Crypto {
  const keys = createKeyCache(subtle);

  /** Undefined is no verdict: the engine was not asked, or would not say. */
  const askEngine = (claim: SignatureClaim): Verdict | Promise<Verdict> => {
    if (!isWellFormed(claim)) return false;
    if (isCornerCase(claim.signature)) return undefined;
    const entry = keys.entryOf(claim.publicKey);
    if (entry.isCornerCase) return undefined;
    return entry.key === undefined
      ? entry.importing.then((key) => verifyWith(subtle, key, claim))
      : verifyWith(subtle, entry.key, claim);
  };

  return {
    keyPair: careful.keyPair,

    async verify(claims) {
      const batches: Promise<readonly Verdict[]>[] = [];
      for (let start = 0; start < claims.length; start += claimsAtOnce) {
        await clock.breathe();
        const batch = verdictsOf(claims.slice(start, start + claimsAtOnce).map(askEngine));
        // The engine has this batch to go on with while we wait for the one before.
        await batches.at(-1);
        batches.push(batch);
      }
      const verdicts = (await Promise.all(batches)).flat();
      const undecided = claims.filter((_, at) => verdicts[at] === undefined);
      if (undecided.length === 0) return verdicts.map((verdict) => verdict === true);
      const decided = (await careful.verify(undecided)).values();
      return verdicts.map((verdict) => verdict ?? decided.next().value ?? false);
    },
  };
}

/** Undefined: the engine has not decided. */
type Verdict = boolean | undefined;

/** An engine that errs gives no verdict; it does so rarely enough to be asked about all at once. */
function verdictsOf(answers: readonly (Verdict | Promise<Verdict>)[]): Promise<readonly Verdict[]> {
  const noVerdict = (): undefined => undefined;
  return Promise.all(answers).catch(() =>
    Promise.all(answers.map((answer) => Promise.resolve(answer).catch(noVerdict))),
  );
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

interface KeyEntry {
  readonly publicKey: Uint8Array;
  readonly isCornerCase: boolean;
  readonly importing: Promise<CryptoKey>;
  /** Once it is imported. */
  key: CryptoKey | undefined;
}

interface KeyCache {
  entryOf(publicKey: Uint8Array): KeyEntry;
}

/**
 * Forgets the key it learned first when it is full, and keys that the engine dislikes. Of two keys
 * with one hash it knows the later one.
 */
function createKeyCache(subtle: SubtleCrypto): KeyCache {
  const kept = new Map<number, KeyEntry>();
  return {
    entryOf(publicKey) {
      const hash = hashOf(publicKey);
      const known = kept.get(hash);
      if (known !== undefined && isSame(known.publicKey, publicKey)) return known;
      const [oldest] = kept.keys();
      if (kept.size >= keysKept && oldest !== undefined) kept.delete(oldest);
      const entry: KeyEntry = {
        publicKey: publicKey.slice(),
        isCornerCase: isCornerCase(publicKey),
        importing: isCornerCase(publicKey)
          ? Promise.reject(new RangeError("the engine is not asked about this key"))
          : importPublicKey(subtle, publicKey),
        key: undefined,
      };
      kept.set(hash, entry);
      entry.importing.then(
        (key) => {
          entry.key = key;
        },
        () => {
          if (!entry.isCornerCase) kept.delete(hash);
        },
      );
      return entry;
    },
  };
}

/** FNV-1a. */
function hashOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < bytes.length; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  return hash;
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  for (let at = 0; at < left.length; at++) if (left[at] !== right[at]) return false;
  return left.length === right.length;
}
