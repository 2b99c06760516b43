/** The engine's cryptographic randomness. */
import type { Random } from "../nara/ports.ts";

/** getRandomValues gives no more at once (Web Cryptography §10.1.1). */
const bytesAtOnce = 65_536;

export function createSystemRandom(): Random {
  const bytes = (length: number): Uint8Array => {
    const all = new Uint8Array(length);
    for (let start = 0; start < length; start += bytesAtOnce) {
      crypto.getRandomValues(all.subarray(start, start + bytesAtOnce));
    }
    return all;
  };
  return { bytes, fraction: () => fractionOf(bytes(8)) };
}

/** The upper 53 bits, all that a double in [0, 1) can hold. */
function fractionOf(bytes: Uint8Array): number {
  const word = new DataView(bytes.buffer).getBigUint64(0);
  return Number(word >> 11n) / 2 ** 53;
}
