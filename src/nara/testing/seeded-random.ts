/** Randomness that repeats itself: the same seed, the same story. Not for real souls. */
import type { Random } from "../ports.ts";

export interface SeededRandom extends Random {
  /**
   * A stream of its own, the same for the same name however much was drawn before, so that one
   * nara's draws do not depend on another's.
   */
  fork(name: string): SeededRandom;
}

export function createSeededRandom(seed: number | string): SeededRandom {
  const nextWord = xoshiro(String(seed));
  return {
    bytes: (length) => Uint8Array.from({ length }, () => nextWord() >>> 24),
    fraction: () => ((nextWord() >>> 5) * 2 ** 26 + (nextWord() >>> 6)) / 2 ** 53,
    fork: (name) => createSeededRandom(`${seed}/${name}`),
  };
}

/** Words of xoshiro128** (Blackman and Vigna, prng.di.unimi.it). */
function xoshiro(seed: string): () => number {
  let [a, b, c, d] = seedWords(seed);
  return () => {
    const word = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return word;
  };
}

type Words = [number, number, number, number];

/** FNV-1a over the text, then SplitMix32 for four words that differ in all bits. */
function seedWords(seed: string): Words {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(seed)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  const word = () => {
    hash = (hash + 0x9e3779b9) | 0;
    const mixed = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
    const again = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return again ^ (again >>> 15);
  };
  return [word(), word(), word(), word()];
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
