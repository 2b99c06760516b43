import { expect, test } from "vitest";
import type { Crypto } from "../ports.ts";
import { createAwaitedCrypto } from "./awaited-crypto.ts";
import { createVirtualClock } from "./virtual-clock.ts";

test("time waits for every verification, and for those that its verdict sets off", async () => {
  const clock = createVirtualClock();
  const crypto = createAwaitedCrypto(slowCrypto(), clock);
  const seen: string[] = [];
  const verify = async (name: string) => {
    await crypto.verify([]);
    seen.push(`${name} at ${clock.monotonicMs()}`);
  };
  clock.after(10, () => {
    verify("alice").then(() => verify("bob"));
    verify("carol");
  });
  await clock.advance(100);
  expect(seen.toSorted()).toEqual(["alice at 10", "bob at 10", "carol at 10"]);
});

/** Takes a few turns of the event loop, as an engine does. */
function slowCrypto(): Crypto {
  return {
    keyPair: () => ({ publicKey: new Uint8Array(32), sign: () => new Uint8Array(64) }),
    async verify(claims) {
      for (let turn = 0; turn < 3; turn += 1) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      return claims.map(() => true);
    },
  };
}
