import { expect, test } from "vitest";
import { createSystemClock } from "../clock.ts";
import { acceptCrypto } from "./crypto-acceptance.ts";
import { createNobleCrypto } from "./noble-crypto.ts";

acceptCrypto("noble", createNobleCrypto);

test("a long batch lets others have their turn before it is done", async () => {
  const crypto = createNobleCrypto(createSystemClock());
  const message = new Uint8Array(32);
  const keys = crypto.keyPair(new Uint8Array(32));
  const claim = { publicKey: keys.publicKey, message, signature: keys.sign(message) };
  const order: string[] = [];

  const verdicts = crypto.verify(new Array(200).fill(claim)).then((all) => {
    order.push("batch");
    return all;
  });
  setImmediate(() => order.push("page"));

  expect((await verdicts).every((verdict) => verdict)).toBe(true);
  expect(order).toEqual(["page", "batch"]);
});
