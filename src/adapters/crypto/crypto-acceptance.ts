/** What every implementation of the Crypto port must do. Call it from the adapter's test. */
import {
  createPrivateKey,
  createPublicKey,
  sign as nodeSign,
  verify as nodeVerify,
} from "node:crypto";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Crypto, SignatureClaim } from "../../nara/ports.ts";

const aliceSeed = new Uint8Array(32).fill(0xa1);
const bobSeed = new Uint8Array(32).fill(0xb0);
const hello = new TextEncoder().encode("hey there");

/** L, the order of the base point (RFC 8032 §5.1). */
const order = 2n ** 252n + 27742317777372353535851937790883648493n;

/** @param name as it shall read in test names. */
export function acceptCrypto(name: string, create: () => Crypto | Promise<Crypto>): void {
  describe(`${name} keeps the Crypto contract`, () => {
    test("a seed gives the key and signatures of RFC 8032", async () => {
      const crypto = await create();
      const seed = hexToBytes("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
      const keys = crypto.keyPair(seed);
      expect(bytesToHex(keys.publicKey)).toBe(
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      );
      expect(bytesToHex(keys.sign(Uint8Array.of(0x72)))).toBe(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da" +
          "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
      );
    });

    test("a key pair outlives its seed's buffer", async () => {
      const crypto = await create();
      const seed = aliceSeed.slice();
      const keys = crypto.keyPair(seed);
      seed.fill(0);
      expect(await crypto.verify([claimBy(keys, hello)])).toEqual([true]);
    });

    test("what alice signed holds under her key and not under bob's", async () => {
      const crypto = await create();
      const claim = claimBy(crypto.keyPair(aliceSeed), hello);
      const underBob = { ...claim, publicKey: crypto.keyPair(bobSeed).publicKey };
      expect(await crypto.verify([claim, underBob])).toEqual([true, false]);
    });

    test("nothing to verify gives no verdicts", async () => {
      expect(await (await create()).verify([])).toEqual([]);
    });

    test("verdicts come in the order of the claims, however many and however mixed", async () => {
      const crypto = await create();
      const good = claimBy(crypto.keyPair(aliceSeed), hello);
      const kinds: readonly [SignatureClaim, boolean][] = [
        [good, true],
        [{ ...good, message: new Uint8Array() }, false],
        [smallOrderClaim, true],
        [{ ...good, signature: good.signature.subarray(1) }, false],
      ];
      const mixed = Array.from({ length: 30 }, (_, turn) => [
        ...kinds.slice(turn % 4),
        ...kinds.slice(0, turn % 4),
      ]).flat();
      expect(await crypto.verify(mixed.map(([claim]) => claim))).toEqual(
        mixed.map(([, verdict]) => verdict),
      );
    });

    test("keys and signatures of another length are refused", async () => {
      const crypto = await create();
      const good = claimBy(crypto.keyPair(aliceSeed), hello);
      const longer = (bytes: Uint8Array) => Uint8Array.of(...bytes, 0);
      const claims = [
        { ...good, publicKey: new Uint8Array() },
        { ...good, publicKey: good.publicKey.subarray(0, 31) },
        { ...good, publicKey: longer(good.publicKey) },
        { ...good, signature: new Uint8Array() },
        { ...good, signature: good.signature.subarray(0, 63) },
        { ...good, signature: longer(good.signature) },
      ];
      expect(await crypto.verify(claims)).toEqual(claims.map(() => false));
    });

    test("a key that is no point of the curve is refused", async () => {
      const crypto = await create();
      const good = claimBy(crypto.keyPair(aliceSeed), hello);
      const noPoint = new Uint8Array(32).fill(2, 0, 1);
      expect(await crypto.verify([{ ...good, publicKey: noPoint }])).toEqual([false]);
    });

    test("the same signature with L added to S is refused", async () => {
      const crypto = await create();
      const good = claimBy(crypto.keyPair(aliceSeed), hello);
      const s = fromLittleEndian(good.signature.subarray(32)) + order;
      const signature = Uint8Array.of(...good.signature.subarray(0, 32), ...toLittleEndian(s));
      expect(signature).toHaveLength(64);
      expect(await crypto.verify([{ ...good, signature }])).toEqual([false]);
    });

    test("any part of a claim may be a view into a larger buffer", async () => {
      const crypto = await create();
      const { publicKey, message, signature } = claimBy(crypto.keyPair(aliceSeed), hello);
      const frame = Uint8Array.of(9, ...publicKey, ...signature, ...message, 9);
      const claim = {
        publicKey: frame.subarray(1, 33),
        signature: frame.subarray(33, 97),
        message: frame.subarray(97, -1),
      };
      expect(await crypto.verify([claim])).toEqual([true]);
    });

    test("signatures and verdicts are those of an independent implementation", async () => {
      const crypto = await create();
      await fc.assert(
        fc.asyncProperty(
          fc.uint8Array({ minLength: 32, maxLength: 32 }),
          fc.uint8Array({ maxLength: 300 }),
          fc.constantFrom("publicKey" as const, "message" as const, "signature" as const),
          fc.nat(),
          async (seed, message, part, bit) => {
            const claim = claimBy(crypto.keyPair(seed), message);
            expect(claim.signature).toEqual(independentSignature(seed, message));
            const changed = { ...claim, [part]: flipped(claim[part], bit) };
            expect(await crypto.verify([claim, changed])).toEqual([
              true,
              independentVerdict(changed),
            ]);
          },
        ),
        { numRuns: 60 },
      );
    });
  });
}

/** Key and R are the neutral point, S is 0: Go lets it hold for every message. */
const smallOrderClaim: SignatureClaim = {
  publicKey: Uint8Array.of(1, ...new Uint8Array(31)),
  message: hello,
  signature: Uint8Array.of(1, ...new Uint8Array(63)),
};

function claimBy(
  keys: { readonly publicKey: Uint8Array; sign(message: Uint8Array): Uint8Array },
  message: Uint8Array,
): SignatureClaim {
  return { publicKey: keys.publicKey, message, signature: keys.sign(message) };
}

/** The bytes with one bit turned; no bytes at all become one. */
function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = bytes.length === 0 ? new Uint8Array(1) : bytes.slice();
  const at = (bit >> 3) % copy.length;
  copy[at] = (copy[at] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

function fromLittleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${bytesToHex(bytes.toReversed())}`);
}

/** 32 bytes. */
function toLittleEndian(value: bigint): Uint8Array {
  return hexToBytes(value.toString(16).padStart(64, "0")).reverse();
}

/** DER prefixes of an Ed25519 seed and public key (RFC 8410 §7, §4). */
const seedPrefix = hexToBytes("302e020100300506032b657004220420");
const keyPrefix = hexToBytes("302a300506032b6570032100");

function independentSignature(seed: Uint8Array, message: Uint8Array): Uint8Array {
  const der = Buffer.concat([seedPrefix, seed]);
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  return Uint8Array.from(nodeSign(null, message, key));
}

function independentVerdict({ publicKey, message, signature }: SignatureClaim): boolean {
  const der = Buffer.concat([keyPrefix, publicKey]);
  const key = createPublicKey({ key: der, format: "der", type: "spki" });
  return nodeVerify(null, message, key, signature);
}
