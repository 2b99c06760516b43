/**
 * What a nara remembers: events, in RAM only, and not more than its capacity.
 *
 * It takes only well-formed events that carry their own id. When full it lets go of hearsay, then
 * of the least precious, and among those of the oldest (docs/protocol/events-and-ledger.md §5;
 * where we differ: docs/differences.md, Ledger).
 *
 * | file | |
 * |---|---|
 * | `memory.ts` | where events lie, and how they are found |
 * | `retention.ts`, `eviction-queue.ts` | which event has to go |
 * | `queries.ts` | what follows from a nara's events: restarts, uptime, round trips |
 */
import { type EventService, eventKinds } from "../events/event-kinds.ts";
import { isSigned, mentionsOf, type SyncEvent, type SyncEventOf } from "../events/sync-event.ts";
import { accept, refuse } from "../outcome.ts";
import { type CheckedEvent, checkEvent } from "./checked-event.ts";
import { createForgottenCounters } from "./forgotten-counters.ts";
import type {
  Added,
  AddOptions,
  AddOutcome,
  AddRefusal,
  ForgetReason,
  Forgotten,
  Ledger,
  Standing,
  Vouched,
} from "./ledger-types.ts";
import { createListeners } from "./listeners.ts";
import { createMemory, type Memory, proven } from "./memory.ts";
import {
  fewestRivals,
  type PlaceVerdict,
  placeForObservation,
  placeForPing,
  type Rival,
  room,
} from "./retention.ts";
import { none } from "./slot-lists.ts";

export type {
  Added,
  AddOptions,
  AddOutcome,
  AddRefusal,
  Forgotten,
  Ledger,
  Standing,
} from "./ledger-types.ts";

export interface LedgerOptions {
  /** How many events are kept at most. */
  readonly capacity: number;
  /**
   * Do we have this nara's key? What names anybody else goes first. Without it everybody counts as
   * known. Who was known once is taken to stay so.
   */
  readonly isKnown?: ((name: string) => boolean) | undefined;
}

/**
 * Peers whose word is kept for one event; more would not make it any truer, and each takes memory.
 */
const maxVouchers = 64;

/** With all that listens, forgetting so many takes a few milliseconds. */
const trimmedAtOnce = 250;

export function createLedger({ capacity: first, isKnown }: LedgerOptions): Ledger {
  const memory = createMemory(isKnown);
  let capacity = first;
  let version = 0;
  const counters = createForgottenCounters();
  const adds = createListeners<Added>();
  const forgets = createListeners<Forgotten>();
  const vouches = createListeners<Vouched>();

  const forgetAll = (slots: Iterable<number>, reason: ForgetReason): readonly Forgotten[] => {
    const gone: Forgotten[] = [];
    for (const slot of slots) {
      const standing = memory.standingAt(slot);
      const event = memory.take(slot);
      counters.count(event.svc, reason);
      gone.push({ event, reason, ...standing });
    }
    if (gone.length > 0) version++;
    return gone;
  };

  const forget = (slot: number, reason: ForgetReason): Forgotten | undefined =>
    forgetAll([slot], reason)[0];

  const remember = (
    event: SyncEvent,
    standing: Standing,
    forgotten: Forgotten | undefined,
  ): AddOutcome => {
    memory.put(event, standing);
    const { tier, vouchers } = standing;
    const added = { event, forgotten: forgotten?.event, tier, vouchers };
    if (forgotten !== undefined) forgets.tell(forgotten);
    adds.tell(added);
    return accept(added);
  };

  const vouch = (slot: number, voucher: string): void => {
    const { vouchers } = memory.standingAt(slot);
    if (vouchers.includes(voucher) || vouchers.length >= maxVouchers) return;
    memory.setVouchers(slot, [...vouchers, voucher]);
    vouches.tell({ event: memory.eventAt(slot), ...memory.standingAt(slot) });
  };

  /** A copy of what is kept already. */
  const addCopy = (slot: number, event: SyncEvent, options: AddOptions): AddOutcome => {
    const { tier } = memory.standingAt(slot);
    if (options.tier === "vouched") {
      if (tier === "vouched") vouch(slot, options.voucher);
      return refuse("duplicate");
    }
    const isBetter = tier === "vouched" || (!isFirm(memory.eventAt(slot)) && isFirm(event));
    return isBetter ? remember(event, proven, forget(slot, "replaced")) : refuse("duplicate");
  };

  const addChecked = (event: CheckedEvent, options = byItself): AddOutcome => {
    const slot = memory.find(event.id);
    if (slot !== none) return addCopy(slot, event, options);
    const isHearsay = options.tier === "vouched";
    if (!isHearsay && options.isOwnObservation === true && isKnownFact(memory, event)) {
      return refuse("known_fact");
    }
    const place =
      memory.rivalCount(event) < fewestRivals ? room : placeFor(memory, event, isHearsay);
    if (place === "outlived") return refuse("outlived");
    let forgotten: Forgotten | undefined;
    if (place.displaced !== undefined) {
      const reason = event.svc === "ping" ? "ping_retention" : "compaction";
      forgotten = forget(place.displaced.slot, reason);
    } else if (memory.size() >= capacity) {
      const leaving = memory.wouldGoFirst(event, isHearsay) ? undefined : memory.next();
      if (leaving === undefined) return refuse("ledger_full");
      forgotten = forget(leaving, "capacity");
    }
    return remember(event, standingFor(options), forgotten);
  };

  const trim = (): boolean => {
    const gone = forgetAll(surplusOf(memory, capacity), "capacity");
    for (const forgotten of gone) forgets.tell(forgotten);
    return memory.size() <= Math.max(0, capacity);
  };

  const eventsAt = (slots: Iterable<number>): SyncEvent[] => Array.from(slots, memory.eventAt);

  return {
    get capacity() {
      return capacity;
    },
    setCapacity(wanted) {
      capacity = wanted;
      trim();
    },
    trim,
    add(event, options) {
      const checked = checkEvent(event);
      return checked.ok ? addChecked(checked.value, options) : checked;
    },
    addChecked,
    merge(events, options) {
      const refused: { [Reason in AddRefusal]?: number } = {};
      let added = 0;
      for (const event of events) {
        const outcome = addChecked(event, options);
        if (outcome.ok) added++;
        else refused[outcome.refusal] = (refused[outcome.refusal] ?? 0) + 1;
      }
      return { added, refused };
    },
    removeNara(name) {
      const gone = forgetAll(slotsWith(memory, name), "removed");
      for (const forgotten of gone) forgets.tell(forgotten);
      return gone.length;
    },
    has: (id) => memory.find(id) !== none,
    get(id) {
      const slot = memory.find(id);
      return slot === none ? undefined : memory.eventAt(slot);
    },
    standingOf(id) {
      const slot = memory.find(id);
      return slot === none ? undefined : memory.standingAt(slot);
    },
    events: memory.events,
    provenToDraw: memory.provenToDraw,
    byService: <Svc extends EventService>(svc: Svc) =>
      eventsAt(memory.byService(svc)) as SyncEventOf<Svc>[],
    about: (name) => eventsAt(memory.about(name)),
    targeting: <Svc extends EventService>(svc: Svc, name: string) =>
      eventsAt(memory.targeting(name)).filter((event) => event.svc === svc) as SyncEventOf<Svc>[],
    since: (tsNs, limit = Number.POSITIVE_INFINITY) =>
      firstOf(limit, memory.since(tsNs), memory.eventAt),
    newest: (limit, wanted, { upToNs, named } = {}) =>
      firstOf(
        limit,
        memory.newestFirst(upToNs),
        memory.eventAt,
        wanted,
        named && memory.naming(named),
      ),
    countNaming: memory.countNaming,
    count: () => memory.size(),
    vouchedCount: () => memory.vouchedSize(),
    countsByService: () =>
      new Map(
        (Object.keys(eventKinds) as EventService[])
          .map((svc) => [svc, memory.sizeOf(svc)] as const)
          .filter(([, size]) => size > 0),
      ),
    criticalCount: () => memory.criticalSize(),
    version: () => version,
    forgotten: counters.all,
    onAdd: adds.add,
    onForget: forgets.add,
    onVouch: vouches.add,
  };
}

const byItself: AddOptions = {};

const standingFor = (options: AddOptions): Standing =>
  options.tier === "vouched" ? { tier: "vouched", vouchers: [options.voucher] } : proven;

/** Proved by something that travels with it, so that others will believe it too. */
const isFirm = (event: SyncEvent): boolean => event.svc === "checkpoint" || isSigned(event);

function placeFor(memory: Memory, event: SyncEvent, isHearsay: boolean): PlaceVerdict {
  const rivals: readonly Rival[] = Array.from(memory.rivalsOf(event), (slot) => ({
    slot,
    event: memory.eventAt(slot),
    isHearsay: memory.standingAt(slot).tier === "vouched",
  }));
  const newcomer = { event, isHearsay };
  if (event.svc === "ping") return placeForPing(newcomer, rivals);
  if (event.svc !== "observation") return room;
  const { subject } = event.payload;
  return placeForObservation(newcomer, rivals, () => hasCheckpoint(memory, subject));
}

function hasCheckpoint(memory: Memory, subject: string): boolean {
  for (const slot of memory.checkpointsOf(subject)) {
    if (memory.standingAt(slot).tier === "proven") return true;
  }
  return false;
}

/**
 * Many observers tell of one restart; who observes for itself has nothing to add when that restart
 * is proven, or its own first sighting (docs/protocol/events-and-ledger.md §5, Content dedupe).
 */
function isKnownFact(memory: Memory, event: SyncEvent): boolean {
  if (event.svc !== "observation") return false;
  const { type, observer, subject, restart_num, start_time } = event.payload;
  if (type !== "restart" && type !== "first-seen") return false;
  for (const slot of memory.targeting(subject)) {
    const known = memory.eventAt(slot);
    if (known.svc !== "observation" || known.payload.type !== type) continue;
    if (memory.standingAt(slot).tier !== "proven") continue;
    const { payload } = known;
    const isSame =
      type === "restart"
        ? payload.restart_num === restart_num && payload.start_time === start_time
        : payload.observer === observer;
    if (isSame) return true;
  }
  return false;
}

/** What goes first of what exceeds the capacity; each is asked for after the last has gone. */
function* surplusOf(memory: Memory, capacity: number): Iterable<number> {
  for (let left = trimmedAtOnce; left > 0 && memory.size() > capacity; left--) {
    const slot = memory.next();
    if (slot === undefined) return;
    yield slot;
  }
}

/** What names this nara or was signed in its name. */
function slotsWith(memory: Memory, name: string): readonly number[] {
  if (name === "") return [];
  return Array.from(memory.all()).filter((slot) => {
    const event = memory.eventAt(slot);
    return event.emitter === name || mentionsOf(event).includes(name);
  });
}

function firstOf(
  limit: number,
  slots: Iterable<number>,
  eventAt: (slot: number) => SyncEvent,
  wanted: (event: SyncEvent) => boolean = () => true,
  isDue: (slot: number) => boolean = () => true,
): SyncEvent[] {
  const found: SyncEvent[] = [];
  for (const slot of slots) {
    if (found.length >= limit) break;
    if (!isDue(slot)) continue;
    const event = eventAt(slot);
    if (wanted(event)) found.push(event);
  }
  return found;
}
