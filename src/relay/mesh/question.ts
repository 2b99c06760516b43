/** Who can be asked through this relay, and what that costs: tunnels, residents, other relays' naras. */
import { accept, type Outcome, refuse } from "../../nara/outcome.ts";
import type { RequestHead } from "../../tunnel/frames.ts";
import type { Exchange, ExchangeListener } from "../../tunnel/streams.ts";
import type { TokenBucket } from "../token-bucket.ts";
import { maxExchanges } from "./limits.ts";

/** Carries questions to one nara: the streams of a tunnel, or a bus, do. */
export interface Way {
  /** Undefined when the question cannot travel or the way has ended. */
  open(head: RequestHead, listener: ExchangeListener): Exchange | undefined;
  /** Exchanges that are open; undefined where the way bounds them itself. */
  count?(): number;
}

/** Whom a question is for. */
export interface Addressee {
  readonly name: string;
  /** Undefined while nobody can reach it. */
  way(): Way | undefined;
  /** Questions that it is asked. */
  readonly budget: TokenBucket;
}

export type NoWay = "this nara is away" | "too many requests" | "too many exchanges";

/** The way to somebody who may be asked once more. */
export function wayTo(addressee: Addressee): Outcome<Way, NoWay> {
  if (!addressee.budget.take(1)) return refuse("too many requests");
  const way = addressee.way();
  if (way === undefined) return refuse("this nara is away");
  return (way.count?.() ?? 0) < maxExchanges ? accept(way) : refuse("too many exchanges");
}

/** Hears the rest of a question that leads nowhere. */
export const deaf: ExchangeListener = {
  onBody: () => {},
  onEnd: () => {},
  onRoom: () => {},
  onCancel: () => {},
};
