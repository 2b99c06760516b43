/** What may be told to others: what is proven. Hearsay ends with me. (design "What we accept" 3) */
import type { SyncEvent } from "../events/sync-event.ts";
import type { Ledger } from "../ledger/ledger-types.ts";
import { zineEvents, zineSpanNs } from "../sync/zine.ts";

type Told = Pick<Ledger, "events" | "since" | "standingOf" | "vouchedCount">;

/** In order of arrival. */
export const tellable = (ledger: Told): readonly SyncEvent[] => proven(ledger, ledger.events());

/** What belongs into a zine now, oldest first. */
export const freshNews = (ledger: Told, nowNs: bigint): readonly SyncEvent[] =>
  zineEvents(proven(ledger, ledger.since(nowNs - zineSpanNs - 1n)), nowNs);

const proven = (ledger: Told, events: readonly SyncEvent[]): readonly SyncEvent[] =>
  ledger.vouchedCount() === 0
    ? events
    : events.filter(({ id }) => ledger.standingOf(id)?.tier === "proven");
