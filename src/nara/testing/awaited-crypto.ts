/** Crypto that virtual time waits for, so that naras under test need not say what they verify. */
import type { Crypto } from "../ports.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** The same verdicts; `clock` moves on only when all of them are given. */
export function createAwaitedCrypto(crypto: Crypto, clock: VirtualClock): Crypto {
  let underWay: Promise<unknown> = Promise.resolve();
  clock.beforeNext(() => underWay);
  return {
    keyPair: crypto.keyPair,
    verify(claims) {
      const verdicts = crypto.verify(claims);
      underWay = Promise.all([underWay, verdicts]);
      return verdicts;
    },
  };
}
