/**
 * Go's math/rand, which names, personalities and personal flair are drawn with: an additive
 * lagged Fibonacci generator, bit for bit (docs/protocol/identity.md §2).
 */
import { decodeBase64 } from "../codec/base64.ts";
import { cooked } from "./go-rand-cooked.ts";

/** A generator with a fixed seed. Each call moves it on. */
export interface GoRand {
  /** 0 … 2⁶³−1. */
  int63(): bigint;
  /** @param n 1 … 2³¹−1. @returns 0 … n−1. */
  intn(n: number): number;
}

/** Length of the register and distance of its two taps (§2.4). */
const length = 607;
const lag = 273;
/** The modulus of the seeding generator, 2³¹−1, and its multiplier (§2.1, §2.2). */
const modulus = 2 ** 31 - 1;
const multiplier = 48271;
/** Stands in for a seed that is a multiple of the modulus (§2.1). */
const seedForZero = 89482311;
/** Results of the seeding generator that are thrown away (§2.2). */
const discarded = 20;

const cookedValues: readonly bigint[] = int64sIn(decodeBase64(cooked) ?? new Uint8Array());

/** @param seed taken as signed 64-bit; an unsigned one is reinterpreted. */
export function createGoRand(seed: bigint): GoRand {
  const register = seededRegister(BigInt.asIntN(64, seed));
  let tap = 0;
  let feed = length - lag;

  function uint64(): bigint {
    tap = tap === 0 ? length - 1 : tap - 1;
    feed = feed === 0 ? length - 1 : feed - 1;
    const value = BigInt.asUintN(64, at(register, feed) + at(register, tap));
    register[feed] = value;
    return value;
  }
  const int63 = () => BigInt.asUintN(63, uint64());
  const int31 = () => Number(int63() >> 32n);

  return {
    int63,
    intn(n) {
      const isPowerOfTwo = (n & (n - 1)) === 0;
      if (isPowerOfTwo) {
        return int31() & (n - 1);
      }
      const highest = 2 ** 31 - 1 - (2 ** 31 % n);
      let drawn = int31();
      while (drawn > highest) {
        drawn = int31();
      }
      return drawn % n;
    },
  };
}

/** Steps 1 to 3 of §2. 48271·x stays below 2⁴⁷, so plain numbers are exact. */
function seededRegister(seed: bigint): BigUint64Array {
  let x = Number(seed % BigInt(modulus));
  if (x < 0) {
    x += modulus;
  }
  if (x === 0) {
    x = seedForZero;
  }
  const next = () => {
    x = (multiplier * x) % modulus;
    return x;
  };
  for (let i = 0; i < discarded; i++) {
    next();
  }
  return BigUint64Array.from(cookedValues, (value) => {
    const high = BigInt(next()) << 40n;
    const middle = BigInt(next()) << 20n;
    return BigInt.asUintN(64, high ^ middle ^ BigInt(next()) ^ value);
  });
}

function at(register: BigUint64Array, index: number): bigint {
  return register[index] ?? 0n;
}

/** Big-endian int64s. */
function int64sIn(bytes: Uint8Array): bigint[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 8 }, (_, index) => view.getBigInt64(index * 8));
}
