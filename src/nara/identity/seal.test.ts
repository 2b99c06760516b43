import fc from "fast-check";
import { expect, test } from "vitest";
import { nonceLength, open, seal, symmetricKey } from "./seal.ts";

const key = symmetricKey(new Uint8Array(32).fill(1));
const nonce = new Uint8Array(nonceLength).fill(2);
const wrong = { ok: false, refusal: "decryption failed: invalid ciphertext or wrong key" };

test("what was sealed opens, with the tag's 16 bytes on top", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (plaintext) => {
      const sealed = seal(key, nonce, plaintext);
      expect(sealed.length).toBe(plaintext.length + 16);
      expect(open(key, nonce, sealed)).toEqual({ ok: true, value: plaintext });
    }),
  );
});

test("a byte altered anywhere, or cut off, keeps it shut", () => {
  const sealed = seal(key, nonce, new Uint8Array(20));
  for (let index = 0; index < sealed.length; index++) {
    expect(open(key, nonce, sealed.with(index, (sealed[index] ?? 0) ^ 1))).toEqual(wrong);
    expect(open(key, nonce, sealed.slice(0, index))).toEqual(wrong);
  }
});

test("another key or nonce keeps it shut", () => {
  const sealed = seal(key, nonce, new Uint8Array(5));
  expect(open(symmetricKey(new Uint8Array(32)), nonce, sealed)).toEqual(wrong);
  expect(open(key, new Uint8Array(nonceLength), sealed)).toEqual(wrong);
});

test.each([0, 12, 23, 25])("a nonce of %i bytes is named as the fault", (length) => {
  const verdict = open(key, new Uint8Array(length), new Uint8Array());
  expect(verdict).toEqual({ ok: false, refusal: "invalid nonce size" });
});
