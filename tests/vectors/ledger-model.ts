/**
 * A ledger so simple that it can be compared line by line with docs/protocol/events-and-ledger.md
 * §5. With no deviation it does what the reference did; with ours it says what to expect of us.
 */
import {
  eventId,
  isSigned,
  kindOf,
  mentionsOf,
  priorityOf,
  refusalOf,
  type SyncEvent,
} from "../../src/nara/events/sync-event.ts";

/** Each is a row of docs/differences.md, Ledger, in the same order. */
export interface Deviations {
  readonly recomputesIds: boolean;
  readonly signedReplacesUnsigned: boolean;
  readonly evictsOnlyForTheTaken: boolean;
  readonly observationsMakeRoom: boolean;
  readonly passesOverTheCritical: boolean;
  readonly strangersGoFirst: boolean;
  readonly refusesWhatWouldGo: boolean;
  readonly keepsOrder: boolean;
  readonly nothingFitsNoRoom: boolean;
  readonly boundsRestarts: boolean;
  readonly sharesPings: boolean;
  readonly emptyNameIsNobody: boolean;
}

const deviations = (ours: boolean): Deviations => ({
  recomputesIds: ours,
  signedReplacesUnsigned: ours,
  evictsOnlyForTheTaken: ours,
  observationsMakeRoom: ours,
  passesOverTheCritical: ours,
  strangersGoFirst: ours,
  refusesWhatWouldGo: ours,
  keepsOrder: ours,
  nothingFitsNoRoom: ours,
  boundsRestarts: ours,
  sharesPings: ours,
  emptyNameIsNobody: ours,
});

export const reference: Deviations = deviations(false);
export const ours: Deviations = deviations(true);

export interface LedgerModel {
  /** Added, by its return value. */
  add(event: SyncEvent, isOwnObservation?: boolean): boolean;
  /** How many were added. */
  merge(events: readonly SyncEvent[]): number;
  prune(): void;
  /** How many were removed. */
  remove(name: string): number;
  know(names: readonly string[]): void;
  stored(): readonly SyncEvent[];
  version(): number;
  /** How often listeners were called. */
  heard(): number;
}

const maxPings = 5;
const maxPerPair = 20;
const maxRestarts = 1000;

export function createLedgerModel(capacity: number, rules: Deviations): LedgerModel {
  let events: SyncEvent[] = [];
  let known: ReadonlySet<string> | undefined;
  let version = 0;
  let heard = 0;

  const drop = (leaving: readonly SyncEvent[]): void => {
    if (leaving.length === 0) return;
    events = events.filter((event) => !leaving.includes(event));
    version++;
  };

  const isStrange = (event: SyncEvent): boolean => {
    const names = known;
    if (names === undefined || event.svc === "checkpoint") return false;
    return mentionsOf(event).some((name) => !names.has(name));
  };

  /** First to go first. */
  const pruneOrder = (): readonly SyncEvent[] =>
    events.toSorted((one, other) => {
      const ofStrangers = Number(isStrange(other)) - Number(isStrange(one));
      const byPriority = priorityOf(other) - priorityOf(one);
      const critical = Number(priorityOf(one) === 0) - Number(priorityOf(other) === 0);
      const isCriticalLast = rules.passesOverTheCritical && !rules.strangersGoFirst;
      return (isCriticalLast ? critical : 0) || ofStrangers || byPriority || byTime(one, other);
    });

  /** Whether anything went. */
  const prune = (): void => {
    const surplus = events.length - capacity;
    if (surplus <= 0) return;
    const order = pruneOrder();
    const halt = order.findIndex((event) => priorityOf(event) === 0);
    const most = rules.passesOverTheCritical || halt < 0 ? order.length : halt;
    const leaving = order.slice(0, Math.min(surplus, most));
    if (!rules.keepsOrder) events = leaving.length > 0 ? events.toSorted(byTime) : [...order];
    drop(leaving);
  };

  const isFull = (): boolean => capacity > 0 || rules.nothingFitsNoRoom;

  const append = (event: SyncEvent): boolean => {
    const before = { events, version };
    events = [...events, event];
    if (event.svc !== "observation" || rules.observationsMakeRoom) {
      if (isFull()) prune();
      if (rules.refusesWhatWouldGo && !events.includes(event)) {
        ({ events, version } = before);
        return false;
      }
    }
    heard++;
    return true;
  };

  const crowdedOut = (event: SyncEvent): SyncEvent | undefined => {
    if (event.svc !== "observation") return undefined;
    const { subject, observer } = event.payload;
    const pair = events.filter(
      ({ svc, payload }) =>
        svc === "observation" && payload.subject === subject && payload.observer === observer,
    );
    if (pair.length < maxPerPair) return undefined;
    const others = pair.filter(({ payload }) => "type" in payload && payload.type !== "restart");
    if (others.length > 0) return others.toSorted(byTime)[0];
    const isCounted = events.some(
      ({ svc, payload }) => svc === "checkpoint" && payload.subject === subject,
    );
    const isTooMuch = rules.boundsRestarts && pair.length >= maxRestarts;
    return isCounted || isTooMuch ? pair.toSorted(byTime)[0] : undefined;
  };

  const isKnownFact = (event: SyncEvent): boolean =>
    event.svc === "observation" &&
    events.some(({ svc, payload: fact }) => {
      const { type, subject, observer, restart_num, start_time } = event.payload;
      if (svc !== "observation" || fact.type !== type || fact.subject !== subject) return false;
      if (type === "first-seen") return fact.observer === observer;
      const isSameStart = fact.restart_num === restart_num && fact.start_time === start_time;
      return type === "restart" && isSameStart;
    });

  const whyNot = (event: SyncEvent): boolean => {
    if (refusalOf(event) !== undefined) return true;
    if (kindOf(event).isSpoilt?.(event.payload) === true) return true;
    return rules.recomputesIds && event.id !== eventId(event);
  };

  const addPing = (event: SyncEvent & { svc: "ping" }): boolean => {
    const pings = events.filter(
      (ping) => ping.svc === "ping" && ping.payload.target === event.payload.target,
    ) as readonly (typeof event)[];
    if (pings.length < maxPings) return append(event);
    const observers = [...pings, event].map(({ payload }) => payload.observer);
    const told = (name: string): number => observers.filter((other) => other === name).length;
    const most = rules.sharesPings ? Math.max(...observers.map(told)) : 0;
    const due = pings.filter(({ payload }) => told(payload.observer) >= most).toSorted(byTime);
    const own = due.filter(({ payload }) => payload.observer === event.payload.observer);
    const oldest = rules.sharesPings && own[0] !== undefined ? own[0] : due[0];
    if (oldest === undefined) return false;
    const hasToldLess = told(event.payload.observer) < most;
    if (!hasToldLess && event.tsNs <= oldest.tsNs) return false;
    drop([oldest]);
    return append(event);
  };

  const add = (given: SyncEvent, isOwnObservation = false): boolean => {
    const isFilled = given.id === "" && !rules.recomputesIds;
    const event = isFilled ? { ...given, id: eventId(given) } : given;
    if (isOwnObservation && isKnownFact(event)) return false;
    const twin = events.find(({ id }) => id === event.id);
    if (rules.evictsOnlyForTheTaken && (whyNot(event) || (twin && !isBetter(twin, event)))) {
      return false;
    }
    if (twin !== undefined && rules.signedReplacesUnsigned && isBetter(twin, event)) {
      drop([twin]);
      return append(event);
    }
    const crowded = crowdedOut(event);
    if (crowded !== undefined) drop([crowded]);
    if (whyNot(event) || events.some(({ id }) => id === event.id)) return false;
    return event.svc === "ping" ? addPing(event) : append(event);
  };

  return {
    add,
    merge: (batch) => batch.filter((event) => add(event)).length,
    prune,
    remove(name) {
      if (rules.emptyNameIsNobody && name === "") return 0;
      const leaving = events.filter((event) =>
        [...mentionsOf(event), event.emitter].includes(name),
      );
      drop(leaving);
      return leaving.length;
    },
    know: (names) => {
      known = new Set(names);
    },
    stored: () => events,
    version: () => version,
    heard: () => heard,
  };
}

const isBetter = (kept: SyncEvent, event: SyncEvent): boolean =>
  event.svc !== "checkpoint" && isSigned(event) && !isSigned(kept);

const byTime = (one: SyncEvent, other: SyncEvent): number =>
  one.tsNs < other.tsNs ? -1 : one.tsNs > other.tsNs ? 1 : 0;
