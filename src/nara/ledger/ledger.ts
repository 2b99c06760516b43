/**
 * What a nara remembers: events, in RAM only, never more than its capacity.
 *
 * It takes only well-formed events that carry their own id. When full it lets go of the least
 * precious, and among those of the oldest (docs/protocol/events-and-ledger.md §5).
 */
import { type EventService, eventKinds } from "../events/event-kinds.ts";
import {
  actorOf,
  mentionsOf,
  priorityOf,
  type SyncEvent,
  type SyncEventOf,
  targetOf,
} from "../events/sync-event.ts";
import { accept, refuse } from "../outcome.ts";
import type { Cancel } from "../ports.ts";
import { checkEvent } from "./checked-event.ts";
import { createEvictionQueue } from "./eviction-queue.ts";
import type {
  Added,
  AddOptions,
  AddOutcome,
  AddRefusal,
  ForgetReason,
  Forgotten,
  ForgottenCounts,
  Ledger,
  Standing,
} from "./ledger-types.ts";
import { createTimeline } from "./timeline.ts";

export type { Added, AddOptions, AddOutcome, AddRefusal, Forgotten, Ledger, Standing };

/** @param options.capacity how many events are kept at most. */
export function createLedger(options: { readonly capacity: number }): Ledger {
  let capacity = options.capacity;
  let version = 0;
  let critical = 0;
  const byId = new Map<string, SyncEvent>();
  const standings = new Map<string, { tier: "vouched"; vouchers: readonly string[] }>();
  const byService = createIndex<EventService>();
  const byName = createIndex<string>();
  const adds = createListeners<Added>();
  const forgets = createListeners<Forgotten>();
  const vouches = createListeners<Standing & { readonly event: SyncEvent }>();
  const counts = noneForgotten();
  const isKept = (event: SyncEvent): boolean => byId.get(event.id) === event;
  const queue = createEvictionQueue(isKept);
  const timeline = createTimeline(isKept);
  const standingOf = (id: string): Standing => standings.get(id) ?? proven;

  const remember = (event: SyncEvent): void => {
    byId.set(event.id, event);
    byService.add(event.svc, event);
    for (const name of namesIn(event)) byName.add(name, event);
    if (priorityOf(event) === 0) critical++;
    queue.add(event);
    timeline.add(event);
  };

  const forget = (event: SyncEvent, reason: ForgetReason): Forgotten => {
    const forgotten = { event, reason, ...standingOf(event.id) };
    byId.delete(event.id);
    standings.delete(event.id);
    byService.remove(event.svc, event);
    for (const name of namesIn(event)) byName.remove(name, event);
    if (priorityOf(event) === 0) critical--;
    timeline.noteGone();
    counts[event.svc][reason]++;
    version++;
    return forgotten;
  };

  const makeRoom = (): Forgotten | undefined => {
    const leaving = byId.size < capacity ? undefined : queue.next();
    if (leaving === undefined) return undefined;
    queue.drop();
    return forget(leaving, "capacity");
  };

  const vouch = (event: SyncEvent, voucher: string): void => {
    const { tier, vouchers } = standingOf(event.id);
    if (tier === "proven" || vouchers.includes(voucher)) return;
    const standing = { tier: "vouched" as const, vouchers: [...vouchers, voucher] };
    standings.set(event.id, standing);
    vouches.tell({ event, ...standing });
  };

  const addChecked = (event: SyncEvent, how: AddOptions = {}): AddOutcome => {
    const known = byId.get(event.id);
    const isUpgrade = known !== undefined && standings.has(known.id) && how.tier !== "vouched";
    if (known !== undefined && !isUpgrade) {
      if (how.tier === "vouched") vouch(known, how.voucher);
      return refuse("duplicate");
    }
    if (!isUpgrade && byId.size >= capacity && queue.wouldGoFirst(event)) {
      return refuse("ledger_full");
    }
    const forgotten = known === undefined ? makeRoom() : forget(known, "replaced");
    remember(event);
    if (how.tier === "vouched") {
      standings.set(event.id, { tier: "vouched", vouchers: [how.voucher] });
    }
    if (forgotten !== undefined) forgets.tell(forgotten);
    const added = { event, forgotten: forgotten?.event, ...standingOf(event.id) };
    adds.tell(added);
    return accept(added);
  };

  return {
    get capacity() {
      return capacity;
    },
    setCapacity(wanted) {
      capacity = wanted;
      while (byId.size > capacity) {
        const forgotten = makeRoom();
        if (forgotten !== undefined) forgets.tell(forgotten);
      }
    },
    add(event, how) {
      const checked = checkEvent(event);
      return checked.ok ? addChecked(checked.value, how) : checked;
    },
    addChecked,
    merge(events, how) {
      const refused: { [Reason in AddRefusal]?: number } = {};
      let added = 0;
      for (const event of events) {
        const outcome = addChecked(event, how);
        if (outcome.ok) added++;
        else refused[outcome.refusal] = (refused[outcome.refusal] ?? 0) + 1;
      }
      return { added, refused };
    },
    removeNara(name) {
      const going = [...byId.values()].filter(
        (event) => name !== "" && [...mentionsOf(event), event.emitter].includes(name),
      );
      for (const event of going) forgets.tell(forget(event, "removed"));
      return going.length;
    },
    has: (id) => byId.has(id),
    get: (id) => byId.get(id),
    standingOf: (id) => (byId.has(id) ? standingOf(id) : undefined),
    events: () => [...byId.values()],
    byService: <Svc extends EventService>(svc: Svc) =>
      byService.list(svc) as readonly SyncEventOf<Svc>[],
    about: (name) => byName.list(name),
    targeting: <Svc extends EventService>(svc: Svc, name: string) =>
      byName
        .list(name)
        .filter((event) => event.svc === svc && targetOf(event) === name) as SyncEventOf<Svc>[],
    since: (tsNs, limit) => timeline.since(tsNs).slice(0, limit),
    newest: (limit, wanted = () => true) =>
      timeline
        .since(-(2n ** 63n))
        .filter(wanted)
        .toReversed()
        .slice(0, limit),
    count: () => byId.size,
    vouchedCount: () => standings.size,
    countsByService: () => byService.sizes(),
    criticalCount: () => critical,
    version: () => version,
    forgotten: () => structuredCounts(counts),
    onAdd: adds.add,
    onForget: forgets.add,
    onVouch: vouches.add,
  };
}

const proven: Standing = { tier: "proven", vouchers: [] };

type Counts = { [Svc in EventService]: Record<ForgetReason, number> };

const noneForgotten = (): Counts =>
  Object.fromEntries(
    Object.keys(eventKinds).map((svc) => [
      svc,
      { capacity: 0, ping_retention: 0, compaction: 0, removed: 0, replaced: 0 },
    ]),
  ) as Counts;

const structuredCounts = (counts: Counts): ForgottenCounts =>
  Object.fromEntries(
    Object.entries(counts).map(([svc, reasons]) => [svc, { ...reasons }]),
  ) as Counts;

function createListeners<News>() {
  const listeners = new Set<(news: News) => void>();
  return {
    tell(news: News): void {
      for (const listener of [...listeners]) listener(news);
    },
    add(listener: (news: News) => void): Cancel {
      const own = (news: News): void => listener(news);
      listeners.add(own);
      return () => listeners.delete(own);
    },
  };
}

const namesIn = (event: SyncEvent): ReadonlySet<string> =>
  new Set([actorOf(event), targetOf(event)].filter((name) => name !== ""));

interface Index<Key> {
  add(key: Key, event: SyncEvent): void;
  remove(key: Key, event: SyncEvent): void;
  list(key: Key): readonly SyncEvent[];
  sizes(): ReadonlyMap<Key, number>;
}

/** Sets keep the order of arrival and forget in constant time. */
function createIndex<Key>(): Index<Key> {
  const sets = new Map<Key, Set<SyncEvent>>();
  return {
    add(key, event) {
      const set = sets.get(key);
      if (set === undefined) sets.set(key, new Set([event]));
      else set.add(event);
    },
    remove(key, event) {
      const set = sets.get(key);
      set?.delete(event);
      if (set?.size === 0) sets.delete(key);
    },
    list: (key) => [...(sets.get(key) ?? [])],
    sizes: () => new Map([...sets].map(([key, set]) => [key, set.size])),
  };
}
