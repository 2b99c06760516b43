/** What may be told to others: what is proven. Hearsay ends with me. (design "What we accept" 3) */
import { encodeSyncEvent, type SyncEvent } from "../events/sync-event.ts";
import type { Ledger } from "../ledger/ledger-types.ts";
import { isEvidence } from "../services/presence/evidence.ts";
import { type PrintedEvent, zineEvents, zineSpanNs } from "../sync/zine.ts";

type Told = Pick<Ledger, "events" | "since" | "standingOf" | "vouchedCount">;

/** Who tells. */
export interface Teller {
  /** Name. */
  readonly me: string;
  /** It came from somebody else than its author. */
  readonly isSecondHand?: ((id: string) => boolean) | undefined;
}

/** Events in a zine of mine: five minutes of a lively network of 500 naras. */
export const mostNews = 1000;
/** UTF-16 units of them: what a phone sends within the 5 s that the reference waits (§7). */
const mostUnits = 512 * 1024;

/** In order of arrival. */
export const tellable = (ledger: Told): readonly SyncEvent[] => proven(ledger, ledger.events());

/**
 * What belongs into a zine at a moment (Unix nanoseconds), oldest first: what I said, and what its
 * author told me, in the last five minutes; of those who only said that they are here the last word.
 * What others told of others they tell themselves. Of more than fits, mine comes first, then the
 * newest. Most of it was in the zine before, and is not printed anew.
 */
export function createNews(
  ledger: Told,
  { me, isSecondHand = () => false }: Teller,
): (nowNs: bigint) => readonly PrintedEvent[] {
  /** Of the zine before. */
  let printed = new Map<SyncEvent, string>();
  const isMine = ({ emitter }: SyncEvent): boolean => emitter === me;

  return (nowNs) => {
    const fresh = zineEvents(proven(ledger, ledger.since(nowNs - zineSpanNs - 1n)), nowNs);
    const newest = withoutOldEvidence(fresh.filter(({ id }) => !isSecondHand(id)).reverse());
    const texts = new Map<SyncEvent, string>();
    let units = 0;
    for (const event of [...newest.filter(isMine), ...newest.filter((one) => !isMine(one))]) {
      const text = printed.get(event) ?? encodeSyncEvent(event);
      units += text.length;
      if (texts.size === mostNews || units > mostUnits) break;
      texts.set(event, text);
    }
    printed = texts;
    return fresh.flatMap((event) => {
      const text = texts.get(event);
      return text === undefined ? [] : [{ event, text }];
    });
  };
}

/** Who said something since is known to have been here. @param newest the newest first. */
function withoutOldEvidence(newest: readonly SyncEvent[]): readonly SyncEvent[] {
  const heard = new Set<string>();
  return newest.filter((event) => {
    const isOld = heard.has(event.emitter) && event.svc === "social" && isEvidence(event.payload);
    heard.add(event.emitter);
    return !isOld;
  });
}

const proven = (ledger: Told, events: readonly SyncEvent[]): readonly SyncEvent[] =>
  ledger.vouchedCount() === 0
    ? events
    : events.filter(({ id }) => ledger.standingOf(id)?.tier === "proven");
