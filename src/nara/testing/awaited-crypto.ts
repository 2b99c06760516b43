/** Crypto that virtual time waits for, so that naras under test need not say what they verify. */
import type { Crypto } from "../ports.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** The same verdicts; `clock` moves on only when all of them are given. */
export function createAwaitedCrypto(crypto: Crypto, clock: VirtualClock): Crypto {
  const underWay = new Set<Promise<unknown>>();
  clock.beforeNext(() => (underWay.size === 0 ? undefined : Promise.all(underWay)));
  return {
    keyPair: crypto.keyPair,
    verify(claims) {
      const verdicts = crypto.verify(claims);
      underWay.add(verdicts);
      void verdicts.finally(() => underWay.delete(verdicts));
      return verdicts;
    },
  };
}
