import { expect, test } from "vitest";
import { utf8 } from "../codec/utf8.ts";
import { createSimulatedCrypto } from "./simulated-crypto.ts";

const crypto = createSimulatedCrypto();
const alice = crypto.keyPair(new Uint8Array(32).fill(1));
const mallory = crypto.keyPair(new Uint8Array(32).fill(2));
const message = utf8("howdy");

test("a signature holds for its key and message", async () => {
  expect(alice.publicKey.length).toBe(32);
  const claim = { publicKey: alice.publicKey, message, signature: alice.sign(message) };
  expect(claim.signature.length).toBe(64);
  expect(await crypto.verify([claim, claim])).toEqual([true, true]);
  const again = crypto.keyPair(new Uint8Array(32).fill(1));
  expect(again.publicKey).toEqual(alice.publicKey);
});

test("forgeries fail: another's signature, another message, another key, one bit, nothing", async () => {
  const { publicKey } = alice;
  const signature = alice.sign(message);
  const flipped = signature.slice();
  flipped[63]! ^= 1;
  const claims = [
    { publicKey, message, signature: mallory.sign(message) },
    { publicKey, message: utf8("howdy!"), signature },
    { publicKey: mallory.publicKey, message, signature },
    { publicKey, message, signature: flipped },
    { publicKey, message, signature: new Uint8Array(64) },
    { publicKey, message, signature: new Uint8Array(0) },
    { publicKey: new Uint8Array(32), message, signature },
    {
      publicKey: createSimulatedCrypto().keyPair(new Uint8Array(32)).publicKey,
      message,
      signature,
    },
  ];
  expect(await crypto.verify(claims)).toEqual(claims.map(() => false));
});
