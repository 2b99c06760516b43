/**
 * Where a ledger keeps its events: each in a numbered slot, found by id, by name, by service, in
 * the order of arrival, of time, and of leaving. It decides nothing: what comes and what goes is
 * for the ledger to say.
 */
import { type EventService, eventKinds } from "../events/event-kinds.ts";
import { priorityOf, type SyncEvent, targetOf } from "../events/sync-event.ts";
import { type Acquaintances, createAcquaintances } from "./acquaintances.ts";
import { createColumn } from "./columns.ts";
import { type Drawable, drawImportance } from "./drawable.ts";
import { createEvictionQueue, type EvictionQueue } from "./eviction-queue.ts";
import { createIdIndex } from "./id-index.ts";
import type { Standing } from "./ledger-types.ts";
import { createTextSharer } from "./shared-texts.ts";
import { createSlotLists, emptyList, none, type SlotList } from "./slot-lists.ts";
import { createSlotOrder } from "./slot-order.ts";

export interface Memory
  extends Pick<EvictionQueue, "next" | "wouldGoFirst">,
    Pick<Acquaintances, "targeting" | "checkpointsOf" | "rivalsOf" | "rivalCount" | "naming"> {
  /** A slot, or {@link none}. */
  find(id: string): number;
  /** Takes an event whose id is not in yet. */
  put(event: SyncEvent, standing: Standing): void;
  /** Empties a slot that is in use. */
  take(slot: number): SyncEvent;
  eventAt(slot: number): SyncEvent;
  standingAt(slot: number): Standing;
  /** Changes the vouchers of hearsay. */
  setVouchers(slot: number, vouchers: readonly string[]): void;
  size(): number;
  vouchedSize(): number;
  criticalSize(): number;
  sizeOf(svc: EventService): number;
  /** In order of arrival. */
  all(): Iterable<number>;
  /** The same as events, which is what is asked for most: as quick as a list can be made. */
  events(): readonly SyncEvent[];
  /** Those that are proven. */
  provenToDraw(): Drawable;
  countNaming(named: (name: string) => boolean, wanted: (event: SyncEvent) => boolean): number;
  byService(svc: EventService): Iterable<number>;
  about(name: string): Iterable<number>;
  /** Oldest first. */
  since(tsNs: bigint): Iterable<number>;
  /** @param upToNs later ones are left out. */
  newestFirst(upToNs?: bigint): Iterable<number>;
}

export const proven: Standing = { tier: "proven", vouchers: [] };

/** @param isKnown see {@link EvictionParts}. */
export function createMemory(isKnown: ((name: string) => boolean) | undefined): Memory {
  const events: (SyncEvent | undefined)[] = [];
  const free: number[] = [];
  const vouchers = new Map<number, readonly string[]>();
  const shareTexts = createTextSharer();
  /** Number of the arrival. */
  const arrivals = createColumn(Float64Array);
  /** Nanoseconds, near enough to tell most times apart quickly. */
  const times = createColumn(Float64Array);
  const importances = createColumn(Uint8Array);
  let arrived = 0;
  let critical = 0;

  const eventAt = (slot: number): SyncEvent => {
    const event = events[slot];
    if (event === undefined) throw new RangeError(`slot ${slot} is empty`);
    return event;
  };

  const goesBefore = (left: number, right: number): boolean => {
    const ahead = times.at(left) - times.at(right);
    if (ahead !== 0) return ahead < 0;
    const leftNs = eventAt(left).tsNs;
    const rightNs = eventAt(right).tsNs;
    return leftNs === rightNs ? arrivals.at(left) < arrivals.at(right) : leftNs < rightNs;
  };

  const ids = createIdIndex((slot) => eventAt(slot).id);
  const everything = emptyList();
  const arrivalOrder = createSlotLists();
  const serviceLists = new Map<EventService, SlotList>(
    Object.keys(eventKinds).map((svc) => [svc as EventService, emptyList()]),
  );
  const serviceOrder = createSlotLists();
  const serviceOf = (svc: EventService): SlotList => serviceLists.get(svc) ?? emptyList();
  const acquaintances = createAcquaintances();
  const timeline = createSlotOrder(goesBefore);
  const queue = createEvictionQueue({
    ranks: createColumn(Uint8Array),
    goesBefore,
    eventAt,
    isKnown,
  });

  return {
    find: ids.find,
    put(event, standing) {
      shareTexts(event);
      const slot = free.pop() ?? events.length;
      events[slot] = event;
      arrivals.set(slot, arrived++);
      times.set(slot, Number(event.tsNs));
      importances.set(slot, drawImportance(event));
      if (standing.tier === "vouched") vouchers.set(slot, standing.vouchers);
      ids.add(event.id, slot);
      arrivalOrder.append(everything, slot);
      serviceOrder.append(serviceOf(event.svc), slot);
      acquaintances.add(slot, event);
      timeline.add(slot);
      queue.add(slot, event, standing.tier === "vouched");
      if (priorityOf(event) === 0) critical++;
    },
    take(slot) {
      const event = eventAt(slot);
      queue.remove(slot);
      timeline.remove(slot);
      acquaintances.remove(slot, event);
      serviceOrder.remove(serviceOf(event.svc), slot);
      arrivalOrder.remove(everything, slot);
      ids.remove(event.id);
      vouchers.delete(slot);
      if (priorityOf(event) === 0) critical--;
      events[slot] = undefined;
      free.push(slot);
      return event;
    },
    eventAt,
    standingAt(slot) {
      const names = vouchers.get(slot);
      return names === undefined ? proven : { tier: "vouched", vouchers: names };
    },
    setVouchers: (slot, names) => vouchers.set(slot, names),
    next: queue.next,
    wouldGoFirst: queue.wouldGoFirst,
    size: () => everything.size,
    vouchedSize: () => vouchers.size,
    criticalSize: () => critical,
    sizeOf: (svc) => serviceOf(svc).size,
    *all() {
      for (let slot = everything.first; slot !== none; slot = arrivalOrder.next(slot)) yield slot;
    },
    events() {
      const all: SyncEvent[] = [];
      for (let slot = everything.first; slot !== none; slot = arrivalOrder.next(slot)) {
        all.push(eventAt(slot));
      }
      return all;
    },
    provenToDraw() {
      const size = everything.size - vouchers.size;
      const proven: SyncEvent[] = [];
      const provenTimes = new Float64Array(size);
      const provenImportances = new Uint8Array(size);
      for (let slot = everything.first; slot !== none; slot = arrivalOrder.next(slot)) {
        if (vouchers.size > 0 && vouchers.has(slot)) continue;
        provenTimes[proven.length] = times.at(slot);
        provenImportances[proven.length] = importances.at(slot);
        proven.push(eventAt(slot));
      }
      return {
        events: proven,
        times: provenTimes,
        importances: provenImportances,
        [Symbol.iterator]: () => proven[Symbol.iterator](),
      };
    },
    countNaming(named, wanted) {
      const isNamed = acquaintances.naming(named);
      let count = 0;
      for (let slot = everything.first; slot !== none; slot = arrivalOrder.next(slot)) {
        if (isNamed(slot) && wanted(eventAt(slot))) count++;
      }
      return count;
    },
    *byService(svc) {
      for (let at = serviceOf(svc).first; at !== none; at = serviceOrder.next(at)) yield at;
    },
    about(name) {
      const received = [...acquaintances.targeting(name)];
      const acted = [...acquaintances.actsOf(name)].filter(
        (slot) => targetOf(eventAt(slot)) !== name,
      );
      return [...received, ...acted].sort((one, other) => arrivals.at(one) - arrivals.at(other));
    },
    targeting: acquaintances.targeting,
    checkpointsOf: acquaintances.checkpointsOf,
    rivalsOf: acquaintances.rivalsOf,
    rivalCount: acquaintances.rivalCount,
    naming: acquaintances.naming,
    since: (tsNs) => timeline.from((slot) => eventAt(slot).tsNs > tsNs),
    newestFirst: (upToNs) =>
      timeline.backwards(upToNs === undefined ? undefined : (at) => eventAt(at).tsNs > upToNs),
  };
}
