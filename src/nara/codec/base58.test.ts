import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeBase58, encodeBase58 } from "./base58.ts";

test("known texts", () => {
  expect(encodeBase58(Buffer.from("hello world"))).toBe("StV1DL6CwTryKyV");
  expect(decodeBase58("11StV1DL6CwTryKyV")).toEqual(
    new Uint8Array([0, 0, ...Buffer.from("hello world")]),
  );
});

test("bytes survive the way there and back", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(decodeBase58(encodeBase58(bytes))).toEqual(bytes);
    }),
  );
});

test("foreign characters are refused", () => {
  for (const text of ["0", "O", "I", "l", "a b", "\u00e9", "a\n"]) {
    expect(decodeBase58(text)).toBeUndefined();
  }
});
