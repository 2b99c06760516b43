import { expect, test } from "vitest";
import { utf8 } from "../codec/utf8.ts";
import { formatPublicKey, parsePublicKey, signatureClaim, signatureOf } from "./keys.ts";

const publicKey = new Uint8Array(32).fill(200);

test("a public key survives being written down", () => {
  expect(parsePublicKey(formatPublicKey(publicKey))).toEqual(publicKey);
});

test.each(["", "YWJj", "not base64!", "A".repeat(43), `${"A".repeat(44)}AAAA`])(
  "%j is no public key",
  (text) => {
    expect(parsePublicKey(text)).toBeUndefined();
  },
);

test("texts are signed as UTF-8, bytes as they are", () => {
  const echo = { publicKey, sign: (message: Uint8Array) => message };
  expect(signatureOf(echo, "é")).toBe("w6k=");
  expect(signatureOf(echo, utf8("é"))).toBe("w6k=");
});

test("a signature that is not base64 becomes one that cannot hold", () => {
  expect(signatureClaim(publicKey, "hi", "????").signature.length).toBe(0);
  expect(signatureClaim(publicKey, "hi", "aGk=")).toEqual({
    publicKey,
    message: utf8("hi"),
    signature: utf8("hi"),
  });
});
