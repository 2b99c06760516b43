/** Where a postcard goes next (docs/protocol/mesh-runtime-checkpoints.md §2, Next). */
import { compareUtf8 } from "../../codec/utf8.ts";
import type { Coordinate } from "../../identity/barrio.ts";
import { maxPostcardHops } from "../../limits.ts";
import type { Postcard } from "../../mesh/postcard.ts";
import { accept, type Outcome, refuse } from "../../outcome.ts";
import { nearClout } from "../../projections/proximity.ts";
import { hasVisited, hopsOf } from "./chain.ts";

/** Somebody who is ONLINE and can be called. */
export interface Carrier {
  readonly name: string;
  /** My opinion; 0 where I have none. */
  readonly clout: number;
  /** Place on the map of round trips, where known. */
  readonly place: Coordinate | undefined;
}

export interface Here {
  readonly name: string;
  readonly place: Coordinate | undefined;
}

/**
 * Names in the order in which to try them; empty when the journey is stuck. The first is the
 * reference's choice, equal clout being settled by name. The way home comes last: when nobody
 * else is left, or nobody else would take the postcard, or it holds no more hops.
 */
export function rankNext(me: Here, card: Postcard, online: readonly Carrier[]): readonly string[] {
  const isFull = hopsOf(card).length >= maxPostcardHops - 1;
  const fresh = online
    .filter(({ name }) => !isFull && name !== me.name && name !== card.originator)
    .filter(({ name }) => !hasVisited(card, name))
    .map(({ name, clout, place }) => ({ name, clout: nearClout(clout, me.place, place) }))
    .sort((a, b) => b.clout - a.clout || compareUtf8(a.name, b.name))
    .map(({ name }) => name);
  const canGoHome =
    me.name !== card.originator && online.some(({ name }) => name === card.originator);
  return canGoHome ? [...fresh, card.originator] : fresh;
}

/** Why a peer did not take a postcard. */
export interface NotTaken {
  /** As the reference says it: `server returned 500`, `peer not registered: {id}`, … */
  readonly why: string;
  /** It may be on its way all the same, as after a time-out. */
  readonly mayTravel: boolean;
}

/** How many are tried in turn: whoever handed us the postcard waits 5 s at most (§1, Client). */
const maxTries = 3;

/**
 * Hands a postcard to the first of `names` who takes it and says who that was. A postcard that
 * may be travelling already is given to nobody else. The refusal tells of the first who was tried.
 *
 * @param names from `rankNext`.
 */
export async function handOn(
  names: readonly string[],
  send: (name: string) => Promise<Outcome<void, NotTaken>>,
): Promise<Outcome<string, { readonly name: string; readonly why: string }>> {
  let first: { name: string; why: string } | undefined;
  for (const name of names.slice(0, maxTries)) {
    const sent = await send(name);
    if (sent.ok) return accept(name);
    first ??= { name, why: sent.refusal.why };
    if (sent.refusal.mayTravel) break;
  }
  return refuse(first ?? { name: "", why: "" });
}

/** What whoever brought the postcard is told (§2, Receive). */
export const stuckText = "journey stuck - no next nara available";
export const forwardText = (name: string, why: string): string =>
  `failed to forward to ${name}: ${why}`;
/** What the owner who writes one is told. */
export const nobodyText = "no naras available to start journey";
export const startText = (name: string, why: string): string => `failed to send to ${name}: ${why}`;
