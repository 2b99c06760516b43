/** Collects the signatures asked for in one turn into one batch for the crypto port. */
import type { Crypto, SignatureClaim } from "../ports.ts";

export function createVerifier(crypto: Crypto): (claim: SignatureClaim) => Promise<boolean> {
  let batch: SignatureClaim[] = [];
  let verdicts: Promise<readonly boolean[]> | undefined;

  return async (claim) => {
    const index = batch.push(claim) - 1;
    verdicts ??= Promise.resolve().then(() => {
      const claims = batch;
      batch = [];
      verdicts = undefined;
      return crypto.verify(claims);
    });
    return (await verdicts)[index] ?? false;
  };
}
