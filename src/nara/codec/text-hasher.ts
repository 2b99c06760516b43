/** SHA-256 of many short texts in a row, without new memory for each. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { utf8, utf8Into } from "./utf8.ts";

export interface TextHasher {
  /** The 32 bytes of the digest, the caller's to keep. */
  digest(text: string): Uint8Array<ArrayBuffer>;
  /** The first 16 bytes of the digest in hex. */
  hexStart(text: string): string;
}

/** UTF-16 units; longer texts take memory of their own. */
const shortText = 1024;

export function createTextHasher(): TextHasher {
  const blank = sha256.create();
  const hash = sha256.create();
  const bytes = new Uint8Array(3 * shortText);
  const scratch = new Uint8Array(32);

  const digestInto = (text: string, out: Uint8Array): void => {
    const input = text.length > shortText ? utf8(text) : bytes.subarray(0, utf8Into(text, bytes));
    blank._cloneInto(hash).update(input).digestInto(out);
  };

  return {
    digest(text) {
      const out = new Uint8Array(32);
      digestInto(text, out);
      return out;
    },
    hexStart(text) {
      digestInto(text, scratch);
      return bytesToHex(scratch.subarray(0, 16));
    },
  };
}
