/** What happens to a postcard that arrives (docs/protocol/mesh-runtime-checkpoints.md §2, Receive). */
import type { Postcard } from "../../mesh/postcard.ts";
import { accept, type Outcome, refuse } from "../../outcome.ts";
import type { Crypto, KeyPair } from "../../ports.ts";
import { chainFault, isComplete, withHop } from "./chain.ts";
import type { Journeys } from "./journeys.ts";

export interface ArrivalParts {
  readonly me: string;
  readonly keyPair: Pick<KeyPair, "sign">;
  readonly journeys: Journeys;
  readonly verify: Crypto["verify"];
  /** The key pinned to a name, mine included. */
  keyOf(name: string): Uint8Array | undefined;
  nowNs(): bigint;
  monotonicMs(): number;
}

export interface Arrived {
  /** With my hop on it. */
  readonly card: Postcard;
  /** It was mine and is in the gallery now; else it is to be handed on. */
  readonly isHome: boolean;
}

const nsPerS = 1_000_000_000n;

/**
 * Takes a postcard in, or says why not, in words for whoever brought it.
 *
 * @param sender who proved to have brought it.
 */
export async function takeIn(
  parts: ArrivalParts,
  card: Postcard,
  sender: string,
): Promise<Outcome<Arrived>> {
  const { me, keyPair, journeys } = parts;
  const early = journeys.whyNotTaken(card, sender);
  if (early !== undefined) return refuse(early);
  const fault = await chainFault(card, parts.keyOf, parts.verify);
  if (fault !== undefined) return refuse(`chain verification failed: ${fault}`);
  // Another copy may have come while this one was verified.
  const late = journeys.whyNotTaken(card, sender);
  if (late !== undefined) return refuse(late);
  const signed = withHop(card, me, keyPair, parts.nowNs() / nsPerS);
  const isHome = isComplete(signed);
  if (isHome) journeys.welcome(signed);
  else journeys.pass(signed, parts.monotonicMs());
  return accept({ card: signed, isHome });
}
