/**
 * What a nara remembers: events, in RAM only, never more than its capacity.
 *
 * It takes only well-formed events that carry their own id. When full it lets go of the least
 * precious, and among those of the oldest (docs/protocol/events-and-ledger.md §5).
 */
import type { EventService } from "../events/event-kinds.ts";
import {
  actorOf,
  eventId,
  kindOf,
  priorityOf,
  refusalOf,
  type SyncEvent,
  type SyncEventOf,
  targetOf,
} from "../events/sync-event.ts";
import { accept, type Outcome, refuse } from "../outcome.ts";
import type { Cancel } from "../ports.ts";
import { createEvictionQueue } from "./eviction-queue.ts";
import { createTimeline } from "./timeline.ts";

export interface Added {
  readonly event: SyncEvent;
  /** What had to go to make room. */
  readonly forgotten: SyncEvent | undefined;
}

/** `ledger_full`: everything that is kept is more precious. */
export type AddRefusal = "invalid" | "id_mismatch" | "duplicate" | "ledger_full";
export type AddOutcome = Outcome<Added, AddRefusal>;

export interface Ledger {
  readonly capacity: number;
  /** Never throws. Listeners have been called when it returns. */
  add(event: SyncEvent): AddOutcome;
  has(id: string): boolean;
  get(id: string): SyncEvent | undefined;
  /** In order of arrival. */
  events(): readonly SyncEvent[];
  /** One service's events in order of arrival. */
  byService<Svc extends EventService>(svc: Svc): readonly SyncEventOf<Svc>[];
  /** Events whose actor or target has this name, in order of arrival. */
  about(name: string): readonly SyncEvent[];
  /** Events after `tsNs`, oldest first. */
  since(tsNs: bigint): readonly SyncEvent[];
  count(): number;
  /** Services without events are left out; the rest is in order of first arrival. */
  countsByService(): ReadonlyMap<EventService, number>;
  /** Events of priority 0: checkpoints, restarts, first sightings. */
  criticalCount(): number;
  /** Calls `listener` after each event that was added, until cancelled. */
  onAdd(listener: (added: Added) => void): Cancel;
}

/** @param capacity how many events are kept at most. */
export function createLedger({ capacity }: { readonly capacity: number }): Ledger {
  const byId = new Map<string, SyncEvent>();
  const byService = createIndex<EventService>();
  const byName = createIndex<string>();
  const listeners = new Set<(added: Added) => void>();
  const isKept = (event: SyncEvent): boolean => byId.get(event.id) === event;
  const queue = createEvictionQueue(isKept);
  const timeline = createTimeline(isKept);
  let critical = 0;

  const remember = (event: SyncEvent): void => {
    byId.set(event.id, event);
    byService.add(event.svc, event);
    for (const name of namesIn(event)) byName.add(name, event);
    if (priorityOf(event) === 0) critical++;
    queue.add(event);
    timeline.add(event);
  };

  const forget = (event: SyncEvent): void => {
    byId.delete(event.id);
    byService.remove(event.svc, event);
    for (const name of namesIn(event)) byName.remove(name, event);
    if (priorityOf(event) === 0) critical--;
    timeline.noteGone();
  };

  const makeRoom = (): SyncEvent | undefined => {
    const leaving = byId.size < capacity ? undefined : queue.next();
    if (leaving !== undefined) {
      queue.drop();
      forget(leaving);
    }
    return leaving;
  };

  return {
    capacity,
    add(event) {
      const refusal = whyNot(event);
      if (refusal !== undefined) return refuse(refusal);
      if (byId.has(event.id)) return refuse("duplicate");
      if (byId.size >= capacity && queue.wouldGoFirst(event)) return refuse("ledger_full");
      const added = { event, forgotten: makeRoom() };
      remember(event);
      for (const listener of [...listeners]) listener(added);
      return accept(added);
    },
    has: (id) => byId.has(id),
    get: (id) => byId.get(id),
    events: () => [...byId.values()],
    byService: <Svc extends EventService>(svc: Svc) =>
      byService.list(svc) as readonly SyncEventOf<Svc>[],
    about: (name) => byName.list(name),
    since: timeline.since,
    count: () => byId.size,
    countsByService: () => byService.sizes(),
    criticalCount: () => critical,
    onAdd(listener) {
      const own = (added: Added): void => listener(added);
      listeners.add(own);
      return () => listeners.delete(own);
    },
  };
}

/** Cheap refusals first: the id takes a hash. */
function whyNot(event: SyncEvent): AddRefusal | undefined {
  if (refusalOf(event) !== undefined) return "invalid";
  if (kindOf(event).isSpoilt?.(event.payload) === true) return "invalid";
  return event.id === eventId(event) ? undefined : "id_mismatch";
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
