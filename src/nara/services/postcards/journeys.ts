/**
 * Journeys as one nara knows them: those that it started, those that came by and are not over,
 * and the last ones that came home (docs/protocol/mesh-runtime-checkpoints.md §2). Nothing here
 * talks to anybody; times are monotonic milliseconds.
 */
import { utf8Length } from "../../codec/utf8.ts";
import type { SocialPayload } from "../../events/social.ts";
import { isNameWeAccept } from "../../identity/names.ts";
import { maxFieldBytes, maxPostcardHops, maxStringBytes } from "../../limits.ts";
import type { Postcard } from "../../mesh/postcard.ts";
import { hasVisited, hopsOf } from "./chain.ts";
import type { JourneyNotice } from "./notice.ts";

/** A journey that came by is given up after this, and looked at this often (§2, Sweep). */
export const journeyTimeoutMs = 300_000;
export const journeySweepMs = 30_000;
/** Finished journeys that are kept (§2, Complete). */
const keptJourneys = 100;
/** Own journeys under way, and others' that came by: the oldest own is forgotten, others wait. */
const maxStarted = 100;
const maxPending = 1000;
/** With less the reference fails (§2, Weaknesses, Know and avoid). */
const minIdBytes = 8;

/** How excited a postcard makes (docs/protocol/presence-and-life.md §4). */
export const buzzOfPassing = 2;
export const buzzOfHomecoming = 10;

export interface PendingJourney {
  readonly id: string;
  readonly originator: string;
  readonly sinceMs: number;
}

export interface StartedJourney {
  readonly card: Postcard;
  readonly sinceMs: number;
}

export interface Journeys {
  /** Remembers a postcard of my own: only what is remembered can come home. */
  start(card: Postcard, nowMs: number): void;
  /** Nobody took it. */
  forget(id: string): void;
  /**
   * Why a postcard is not taken in, before its chain is verified; undefined when it is.
   *
   * @param sender who proved to have brought it.
   */
  whyNotTaken(card: Postcard, sender: string): string | undefined;
  /** It came by, with my hop on it. */
  pass(card: Postcard, nowMs: number): void;
  /** My own came home, with my hop on it. */
  welcome(card: Postcard): void;
  /** Whose journey that came by is over; undefined when the notice says nothing to me. */
  hear(notice: JourneyNotice): string | undefined;
  /** Gives up what came by too long ago. */
  sweep(nowMs: number): readonly PendingJourney[];
  isPending(id: string): boolean;
  /** My own that are not home, oldest first. */
  underWay(): readonly StartedJourney[];
  /** The latest comes first. */
  gallery(): readonly Postcard[];
}

export function createJourneys(me: string): Journeys {
  const started = new Map<string, StartedJourney>();
  const pending = new Map<string, PendingJourney>();
  let home: readonly Postcard[] = [];

  const whyNotMine = (card: Postcard): string | undefined => {
    if (hopsOf(card).length === 0) return "nobody has carried this postcard";
    const mine = started.get(card.id)?.card;
    return mine?.message === card.message ? undefined : "not a postcard of mine that is under way";
  };

  return {
    start(card, nowMs) {
      started.set(card.id, { card, sinceMs: nowMs });
      const [oldest] = started.keys();
      if (started.size > maxStarted && oldest !== undefined) started.delete(oldest);
    },
    forget: (id) => void started.delete(id),
    whyNotTaken(card, sender) {
      const misshapen = whyMisshapen(card);
      if (misshapen !== undefined) return misshapen;
      if ((hopsOf(card).at(-1)?.nara ?? card.originator) !== sender) {
        return `not ${sender}'s to bring`;
      }
      if (card.originator === me) return whyNotMine(card);
      if (pending.has(card.id) || hasVisited(card, me)) return "this postcard came by before";
      return pending.size < maxPending ? undefined : "too many postcards are under way";
    },
    pass({ id, originator }, nowMs) {
      pending.set(id, { id, originator, sinceMs: nowMs });
    },
    welcome(card) {
      started.delete(card.id);
      home = [card, ...home].slice(0, keptJourneys);
    },
    hear({ journey_id }) {
      const journey = pending.get(journey_id);
      pending.delete(journey_id);
      return journey?.originator;
    },
    sweep(nowMs) {
      const over = [...pending.values()].filter(
        ({ sinceMs }) => nowMs - sinceMs > journeyTimeoutMs,
      );
      for (const { id } of over) pending.delete(id);
      return over;
    },
    isPending: (id) => pending.has(id),
    underWay: () => [...started.values()],
    gallery: () => home,
  };
}

export type JourneyReason = "journey-pass" | "journey-complete" | "journey-timeout";

/** What the ledger is told of a journey (§2, Events). */
export const journeyPayload = (
  me: string,
  originator: string,
  reason: JourneyReason,
): Partial<SocialPayload> => ({ type: "observation", actor: me, target: originator, reason });

function whyMisshapen(card: Postcard): string | undefined {
  const hops = hopsOf(card);
  const idBytes = utf8Length(card.id);
  if (idBytes < minIdBytes || idBytes > maxFieldBytes) return "postcard id is of no use";
  if (utf8Length(card.message) > maxStringBytes) return "postcard message is too long";
  if (!isNameWeAccept(card.originator)) return "postcard comes from no name";
  if (hops.length >= maxPostcardHops) return "postcard has too many hops";
  const isLong = hops.some(({ nara, signature, stamp }) =>
    [nara, signature, stamp].some((field) => utf8Length(field) > maxFieldBytes),
  );
  return isLong ? "postcard hop is too long" : undefined;
}
