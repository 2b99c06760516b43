/**
 * SHA-256 of many short texts in a row (FIPS 180-4 §6.2). Two of them are needed per event, and
 * they cost more than all else that taking one in takes: noble's hash, made for any size, makes
 * new objects for each text and takes twice the time. Long texts are left to it.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { utf8, utf8Into } from "./utf8.ts";

export interface TextHasher {
  /** The 32 bytes of the digest, the caller's to keep. */
  digest(text: string): Uint8Array<ArrayBuffer>;
  /** Writes the digest to the 32 bytes of `out`. */
  digestInto(text: string, out: Uint8Array): void;
  /** Does the digest begin with these 16 bytes, given as 32 lower-case hex digits? */
  hasHexStart(text: string, hex: string): boolean;
}

/** UTF-16 units of a text that is short: each takes three bytes at most. */
const shortUnits = 320;
/** The padding included. */
const shortBytes = 1024;
/** The byte after the text, and its length in bits, 64 of them. */
const paddingBytes = 9;
const blockBytes = 64;
const blockWords = 16;

export function createTextHasher(): TextHasher {
  const bytes = new Uint8Array(shortBytes);
  // Reads big-endian words in one step each.
  const view = new DataView(bytes.buffer);
  const words = new Int32Array(64);
  const state = new Int32Array(8);

  /** False, with nothing done, for a text that is not short. */
  const hashed = (text: string): boolean => {
    if (text.length > shortUnits) return false;
    const length = utf8Into(text, bytes);
    const end = Math.ceil((length + paddingBytes) / blockBytes) * blockBytes;
    bytes.fill(0, length, end);
    bytes[length] = 0x80;
    bytes[end - 2] = length >> 5;
    bytes[end - 1] = length << 3;
    for (let word = 0; word < state.length; word++) state[word] = firstState[word] ?? 0;
    for (let block = 0; block < end; block += blockBytes) {
      for (let word = 0, at = block; word < blockWords; word++, at += 4) {
        words[word] = view.getInt32(at);
      }
      compress(state, words);
    }
    return true;
  };

  const digestInto = (text: string, out: Uint8Array): void => {
    if (!hashed(text)) {
      out.set(sha256(utf8(text)));
      return;
    }
    for (let word = 0; word < state.length; word++) {
      const value = state[word] ?? 0;
      out[4 * word] = value >>> 24;
      out[4 * word + 1] = value >>> 16;
      out[4 * word + 2] = value >>> 8;
      out[4 * word + 3] = value;
    }
  };

  return {
    digest(text) {
      const digest = new Uint8Array(32);
      digestInto(text, digest);
      return digest;
    },
    digestInto,
    hasHexStart(text, hex) {
      if (!hashed(text)) return bytesToHex(sha256(utf8(text)).subarray(0, 16)) === hex;
      if (hex.length !== 32) return false;
      for (let at = 0; at < 32; at++) {
        const digit = ((state[at >> 3] ?? 0) >>> (28 - 4 * (at & 7))) & 15;
        if (hex.charCodeAt(at) !== hexDigits[digit]) return false;
      }
      return true;
    },
  };
}

const hexDigits: readonly number[] = [..."0123456789abcdef"].map((digit) => digit.charCodeAt(0));

/** First 32 bits of the fractional parts of the square roots of the first 8 primes (§5.3.3). */
const firstState = Int32Array.of(
  ...[0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a],
  ...[0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19],
);

/** First 32 bits of the fractional parts of the cube roots of the first 64 primes (§4.2.2). */
const roundConstants = Int32Array.of(
  ...[
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  ],
  ...[
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  ],
  ...[
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  ],
  ...[
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  ],
  ...[
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  ],
  ...[
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  ],
  ...[
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  ],
  ...[
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
  ],
);

/** One block, whose words are the first 16 of `w` (§6.2.2). */
function compress(state: Int32Array, w: Int32Array): void {
  for (let t = blockWords; t < 64; t++) {
    const x = w[t - 15] ?? 0;
    const y = w[t - 2] ?? 0;
    const sigma0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const sigma1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[t] = (sigma1 + (w[t - 7] ?? 0) + sigma0 + (w[t - 16] ?? 0)) | 0;
  }
  let a = state[0] ?? 0;
  let b = state[1] ?? 0;
  let c = state[2] ?? 0;
  let d = state[3] ?? 0;
  let e = state[4] ?? 0;
  let f = state[5] ?? 0;
  let g = state[6] ?? 0;
  let h = state[7] ?? 0;
  for (let t = 0; t < 64; t++) {
    const sum1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const choice = g ^ (e & (f ^ g));
    const t1 = (h + sum1 + choice + (roundConstants[t] ?? 0) + (w[t] ?? 0)) | 0;
    const sum0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const majority = (a & b) ^ (c & (a ^ b));
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + sum0 + majority) | 0;
  }
  state[0] = (state[0] ?? 0) + a;
  state[1] = (state[1] ?? 0) + b;
  state[2] = (state[2] ?? 0) + c;
  state[3] = (state[3] ?? 0) + d;
  state[4] = (state[4] ?? 0) + e;
  state[5] = (state[5] ?? 0) + f;
  state[6] = (state[6] ?? 0) + g;
  state[7] = (state[7] ?? 0) + h;
}
