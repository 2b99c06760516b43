/** What every kind of event declares about itself; one file per kind says it. */
import type { GoType } from "../codec/go-types.ts";

/** One line of the timeline, for people (docs/protocol/ui-and-api.md §b, event table). */
export interface Telling {
  readonly icon: string;
  readonly text: string;
  readonly detail: string;
}

/**
 * How long the ledger holds on to an event: 0 before all others, 4 goes first
 * (docs/protocol/events-and-ledger.md §5, Prune).
 */
export type Priority = 0 | 1 | 2 | 3 | 4;

/** Payload fields are named as on the wire. */
export interface EventKind<Payload> {
  readonly payload: GoType<Payload>;
  /** The canonical text that ids and signatures cover (events-and-ledger §2). */
  content(payload: Payload): string;
  /** What is wrong with it by the rules of events-and-ledger §2, undefined when nothing is. */
  refuse(payload: Payload): string | undefined;
  /** Name of the nara who did it; "" for checkpoints, which many attest. */
  actor(payload: Payload): string;
  /** Name of the nara it is about. */
  target(payload: Payload): string;
  /** Every nara named in it, the actor and the target among them, "" excluded. */
  mentions(payload: Payload): readonly string[];
  /** Free text that the content string joins by colons, which it must therefore not hold. */
  words(payload: Payload): readonly string[];
  /** Base64 key that the payload brings along and that must have signed, for kinds that do so. */
  embeddedKey?(payload: Payload): string;
  /**
   * Its numbers lie within what can be: no counts beyond reason, nothing after it was said.
   *
   * @param saidAtNs Unix nanoseconds.
   */
  isPossible?(payload: Payload, saidAtNs: bigint): boolean;
  /**
   * The payload without what no signature covers and anybody could have altered: as its author
   * would have written it (events-and-ledger §3, "Covered by neither"). The same object when there
   * is nothing to leave out.
   *
   * @param saidAtNs Unix nanoseconds.
   */
  covered?(payload: Payload, saidAtNs: bigint): Payload;
  /** Well formed, but known to be wrong: never to be remembered. */
  isSpoilt?(payload: Payload): boolean;
  priority(payload: Payload): Priority;
  /** Always part of a sample (events-and-ledger §6). */
  alwaysIn(payload: Payload): boolean;
  tell(payload: Payload): Telling;
}

type Optional = "mentions" | "words" | "alwaysIn";

/** What a kind must say; the rest has an obvious default. */
export type EventKindParts<Payload> = Omit<EventKind<Payload>, Optional> &
  Partial<Pick<EventKind<Payload>, Optional>>;

/** Declares a kind of event. */
export function eventKind<Payload>(parts: EventKindParts<Payload>): EventKind<Payload> {
  return {
    mentions: (payload) => named(parts.actor(payload), parts.target(payload)),
    words: () => [],
    alwaysIn: () => false,
    ...parts,
  };
}

/** The names that are not empty, each once. */
export function named(...names: readonly string[]): readonly string[] {
  const distinct: string[] = [];
  for (const name of names) if (name !== "" && !distinct.includes(name)) distinct.push(name);
  return distinct;
}
