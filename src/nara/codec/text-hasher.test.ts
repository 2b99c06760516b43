import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createTextHasher } from "./text-hasher.ts";
import { utf8 } from "./utf8.ts";

test("one hasher gives every text its own digest, however long and in whatever script", () => {
  const hasher = createTextHasher();
  const texts = fc.oneof(
    fc.string({ maxLength: 200 }),
    fc.string({ unit: "grapheme", maxLength: 400 }),
    fc.string({ minLength: 300, maxLength: 340 }),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const expected = bytesToHex(sha256(utf8(text)));
      const digest = new Uint8Array(32);
      hasher.digestInto(text, digest);
      expect(bytesToHex(digest)).toBe(expected);
      const start = expected.slice(0, 32);
      expect(hasher.hasHexStart(text, start)).toBe(true);
      const others = [start.toUpperCase(), start.slice(1), `${start}0`, start.replace(/.$/, "x")];
      for (const other of others.filter((hex) => hex !== start)) {
        expect(hasher.hasHexStart(text, other)).toBe(false);
      }
    }),
    { numRuns: 500 },
  );
});
