/**
 * The order in which events are let go (docs/protocol/events-and-ledger.md §5, Prune): hearsay
 * first, then whatever names a nara nobody here knows, then the least precious, then the oldest,
 * then the first come.
 *
 * The reference stops at the first event that must not be missed; we pass over them, and let the
 * oldest of them go when there is nothing else. About naras that nobody knows there is nothing that
 * must not be missed: who is known could invent as many as it likes.
 */
import { mentionsOf, priorityOf, type SyncEvent } from "../events/sync-event.ts";
import type { Column } from "./columns.ts";
import { createSlotOrder, type SlotOrder } from "./slot-order.ts";

export interface EvictionQueue {
  add(slot: number, event: SyncEvent, isHearsay: boolean): void;
  remove(slot: number): void;
  /** The slot that goes next. */
  next(): number | undefined;
  /** Would this event, if it came now, go before all others? */
  wouldGoFirst(event: SyncEvent, isHearsay: boolean): boolean;
}

export interface EvictionParts {
  /** The rank under which each slot waits; the queue's own. */
  readonly ranks: Column;
  /** Orders by time and arrival. */
  readonly goesBefore: (left: number, right: number) => boolean;
  readonly eventAt: (slot: number) => SyncEvent | undefined;
  /** Do we have this nara's key? Who is known once is taken to stay so; undefined: everybody is. */
  readonly isKnown: ((name: string) => boolean) | undefined;
}

/** One for each of the priorities 4 to 0. */
const ranksPerGroup = 5;
/** What names strangers comes before what names none. */
const ranksPerTier = 2 * ranksPerGroup;

export function createEvictionQueue(parts: EvictionParts): EvictionQueue {
  const { ranks, goesBefore, eventAt, isKnown } = parts;
  const orders: readonly SlotOrder[] = Array.from({ length: 2 * ranksPerTier }, () =>
    createSlotOrder(goesBefore),
  );

  const nothing = createSlotOrder(goesBefore);

  const namesStrangers = (event: SyncEvent): boolean =>
    isKnown !== undefined && event.svc !== "checkpoint" && !mentionsOf(event).every(isKnown);

  const rankOf = (event: SyncEvent, isHearsay: boolean): number => {
    const tier = isHearsay ? 0 : ranksPerTier;
    const group = namesStrangers(event) ? 0 : ranksPerGroup;
    return tier + group + ranksPerGroup - 1 - priorityOf(event);
  };

  const add = (slot: number, event: SyncEvent, isHearsay: boolean): void => {
    const rank = rankOf(event, isHearsay);
    ranks.set(slot, rank);
    orders[rank]?.add(slot);
  };

  const remove = (slot: number): void => orders[ranks.at(slot)]?.remove(slot);

  /** Strangers may have become known since: they are looked at again before they go. */
  const next = (): number | undefined => {
    for (let rank = 0; rank < orders.length; rank++) {
      const order = orders[rank] ?? nothing;
      for (let slot = order.first(); slot !== undefined; slot = order.first()) {
        const event = eventAt(slot);
        const isHearsay = rank < ranksPerTier;
        if (event === undefined || rankOf(event, isHearsay) === rank) return slot;
        remove(slot);
        add(slot, event, isHearsay);
      }
    }
    return undefined;
  };

  return {
    add,
    remove,
    next,
    wouldGoFirst(event, isHearsay) {
      const slot = next();
      const first = slot === undefined ? undefined : eventAt(slot);
      if (slot === undefined || first === undefined) return true;
      const rank = rankOf(event, isHearsay);
      return rank === ranks.at(slot) ? event.tsNs < first.tsNs : rank < ranks.at(slot);
    },
  };
}
