/**
 * A zine: what a nara came to know in the last five minutes, handed from one to the next.
 * (docs/protocol/events-and-ledger.md §7)
 */
import { encodeGo, int64, text } from "../codec/go-types.ts";
import type { JsonRefusal } from "../codec/json-reader.ts";
import { printedZine } from "../events/carriers.ts";
import { encodeSyncEvent, type SyncEvent } from "../events/sync-event.ts";
import { maxFutureNs, maxSyncEvents } from "../limits.ts";
import { accept, type Outcome, refuse } from "../outcome.ts";
import type { SignatureClaim } from "../ports.ts";
import { atOnce, type InPieces, readCarried } from "./carried-list.ts";
import { type EventList, idsOf, readEventList } from "./event-list.ts";
import { type Author, listClaim, signList } from "./signed-list.ts";

export interface Zine extends EventList {
  /** Name of who made it. */
  readonly from: string;
  /** Unix seconds. */
  readonly createdAtS: bigint;
  /** Base64. */
  readonly signature: string;
}

/** How far back a zine looks (§7), and how old one may be that we take. */
export const zineSpanNs = 300_000_000_000n;

/**
 * What belongs into a zine now, in the order given: of more than 5000 events the last ones, and
 * nothing dated so far ahead that others would refuse it.
 */
export function zineEvents(events: Iterable<SyncEvent>, nowNs: bigint): readonly SyncEvent[] {
  const fresh: SyncEvent[] = [];
  for (const event of events) {
    if (event.tsNs >= nowNs - zineSpanNs && event.tsNs <= nowNs + maxFutureNs) fresh.push(event);
  }
  return fresh.slice(Math.max(0, fresh.length - maxSyncEvents));
}

/** An event beside its text, which is printed once for all who are told of it. */
export interface PrintedEvent {
  readonly event: SyncEvent;
  readonly text: string;
}

export const printed = (event: SyncEvent): PrintedEvent => ({
  event,
  text: encodeSyncEvent(event),
});

/** The text to send. Without events it is an answer that says: nothing new here. */
export const writeZine = (events: readonly SyncEvent[], author: Author, nowNs: bigint): string =>
  printZine(events.map(printed), author, nowNs);

/** The same of events that are printed already. */
export function printZine(news: readonly PrintedEvent[], author: Author, nowNs: bigint): string {
  const createdAtS = nowNs / 1_000_000_000n;
  const ids = idsOf(news.map(({ event }) => event));
  return encodeGo(printedZine, {
    from: author.name,
    created_at: createdAtS,
    events: news.map(({ text }) => text),
    signature: signList(headOf(author.name, createdAtS), ids, author.keyPair),
  });
}

/** The first value in a body; anything may follow, as for the reference. */
export const readZine = (source: string): Outcome<Zine, JsonRefusal> =>
  atOnce(readZineInPieces(source));

/** The same, with a stop after each piece of a long body. */
export function* readZineInPieces(source: string): InPieces<Outcome<Zine, JsonRefusal>> {
  const wire = yield* readCarried(source, {
    list: "events",
    head: { from: text, created_at: int64, signature: text },
  });
  if (!wire.ok) return wire;
  const { head, events, ids } = wire.value;
  const { from, created_at: createdAtS, signature } = head;
  return accept({ ...readEventList(events, ids), from, createdAtS, signature });
}

/** What its maker's key must have signed; undefined when there is no signature to verify. */
export const zineClaim = (
  { from, createdAtS, ids, signature }: Zine,
  publicKey: Uint8Array,
): SignatureClaim | undefined => listClaim(headOf(from, createdAtS), ids, signature, publicKey);

/**
 * Whether it is this sender's and of now. The signature tells neither who brings a zine nor whether
 * it was brought before.
 *
 * @param sender name that the connection proved.
 */
export function judgeZine(
  zine: Pick<Zine, "from" | "createdAtS">,
  sender: string,
  nowNs: bigint,
): Outcome<void, "not_its_author" | "future" | "stale"> {
  const createdAtNs = zine.createdAtS * 1_000_000_000n;
  if (zine.from !== sender) return refuse("not_its_author");
  if (createdAtNs > nowNs + maxFutureNs) return refuse("future");
  return createdAtNs < nowNs - zineSpanNs ? refuse("stale") : accept(undefined);
}

/** A last zine says goodbye: it is no sign that its maker is here. */
export const saysChau = ({ from, events }: Pick<Zine, "from" | "events">): boolean =>
  events.some((event) => event.svc === "chau" && event.payload.From === from);

const headOf = (from: string, createdAtS: bigint): string => `${from}:${createdAtS}:`;
