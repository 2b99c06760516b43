/** Measures verification on this engine: its own WebCrypto, our port over it, and plain noble. */
import { chooseCrypto } from "../src/adapters/crypto/choose-crypto.ts";
import { createNobleCrypto } from "../src/adapters/crypto/noble-crypto.ts";
import type { SignatureClaim } from "../src/nara/ports.ts";
import { longestPauseMs } from "./pause.ts";
import { median } from "./report.ts";

export interface VerifyRates {
  readonly kind: string;
  /** Verifications per second by `subtle.verify` on imported keys, all at once. */
  readonly rawPerS: number;
  readonly portPerS: number;
  /** Median over the rounds of our port's rate to the raw one. */
  readonly portToRaw: number;
  readonly noblePerS: number;
  /** How long a waiting message had to wait while our port worked, at worst. */
  readonly portPauseMs: number;
  readonly noblePauseMs: number;
}

const naras = 100;
const claimsEach = 200;
const rounds = 5;
/**
 * Claims verified by one side before the other has its turn: often enough that whatever else the
 * machine does burdens both alike.
 */
const claimsPerTurn = 2000;
/** noble is slow: fewer will do. */
const nobleClaims = 300;

type Verify = (claims: readonly Signed[]) => Promise<readonly boolean[]>;

export async function measureVerifyRates(): Promise<VerifyRates> {
  const port = await chooseCrypto(crypto.subtle);
  const noble = createNobleCrypto();
  const claims = await signedByManyNaras();
  const few = claims.slice(0, nobleClaims);

  const rates: { raw: number; port: number }[] = [];
  await ratesInTurns(claims, rawVerify, port.verify);
  for (let round = 0; round < rounds; round += 1) {
    rates.push(await ratesInTurns(claims, rawVerify, port.verify));
  }
  return {
    kind: port.kind,
    rawPerS: median(rates.map((rate) => rate.raw)),
    portPerS: median(rates.map((rate) => rate.port)),
    portToRaw: median(rates.map((rate) => rate.port / rate.raw)),
    noblePerS: perSecond(few.length, await timedMs(few, noble.verify)),
    portPauseMs: await longestPauseMs(() => port.verify(claims)),
    noblePauseMs: await longestPauseMs(() => noble.verify(few)),
  };
}

/** Both verify all claims, in turns; who goes first changes each time. */
async function ratesInTurns(claims: readonly Signed[], raw: Verify, port: Verify) {
  let rawMs = 0;
  let portMs = 0;
  for (let start = 0; start < claims.length; start += claimsPerTurn) {
    const part = claims.slice(start, start + claimsPerTurn);
    const rawFirst = (start / claimsPerTurn) % 2 === 0;
    rawMs += rawFirst ? await timedMs(part, raw) : 0;
    portMs += await timedMs(part, port);
    rawMs += rawFirst ? 0 : await timedMs(part, raw);
  }
  return { raw: perSecond(claims.length, rawMs), port: perSecond(claims.length, portMs) };
}

async function timedMs(claims: readonly Signed[], verify: Verify): Promise<number> {
  const startMs = performance.now();
  const verdicts = await verify(claims);
  const tookMs = performance.now() - startMs;
  if (verdicts.length !== claims.length || verdicts.includes(false)) {
    throw new Error("a good signature was refused");
  }
  return tookMs;
}

const perSecond = (count: number, ms: number): number => (count / ms) * 1000;

interface Signed extends SignatureClaim {
  /** The public key, ready for WebCrypto. */
  readonly key: CryptoKey;
}

/** As on a plaza: digests of 32 bytes, signatures of many naras in turn. */
async function signedByManyNaras(): Promise<readonly Signed[]> {
  const { subtle } = crypto;
  const pairs = await Promise.all(
    Array.from({ length: naras }, () => subtle.generateKey("Ed25519", true, ["sign", "verify"])),
  );
  const signing = Array.from({ length: claimsEach }, () => pairs as CryptoKeyPair[]).flat();
  return Promise.all(
    signing.map(async ({ privateKey, publicKey }) => {
      const message = crypto.getRandomValues(new Uint8Array(32));
      const signature = new Uint8Array(await subtle.sign("Ed25519", privateKey, message));
      const exported = new Uint8Array(await subtle.exportKey("raw", publicKey));
      return { key: publicKey, publicKey: exported, message, signature };
    }),
  );
}

/** WebCrypto itself, all claims at once. */
function rawVerify(claims: readonly Signed[]): Promise<readonly boolean[]> {
  const { subtle } = crypto;
  return Promise.all(
    claims.map(({ key, signature, message }) =>
      subtle.verify(
        "Ed25519",
        key,
        signature as Uint8Array<ArrayBuffer>,
        message as Uint8Array<ArrayBuffer>,
      ),
    ),
  );
}
