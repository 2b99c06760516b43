/**
 * What the reference's ledger holds after each of a vector's operations
 * (docs/protocol/events-and-ledger.md §5): the facts that its projections were asked about. What
 * an add returned is taken from the vector, the number of events left is checked against it.
 */
import { expect } from "vitest";
import {
  actorOf,
  decodeSyncEvent,
  mentionsOf,
  priorityOf,
  type SyncEvent,
  targetOf,
} from "../../src/nara/events/sync-event.ts";
import type { Added, Forgotten, Ledger } from "../../src/nara/ledger/ledger.ts";

export type LedgerOp =
  | { readonly op: "add"; readonly e: number; readonly r: boolean; readonly n: number }
  | { readonly op: "remove"; readonly name: string; readonly n: number }
  | { readonly op: "prune"; readonly n: number };

export interface LedgerVector {
  readonly capacity: number;
  readonly events: readonly string[] | null;
  /** Ids in order. */
  readonly stored: readonly string[] | null;
}

/** As much of a ledger as projections need; everything in it counts as proven. */
export interface ReferenceLedger
  extends Pick<Ledger, "about" | "events" | "standingOf" | "onAdd" | "onForget" | "onVouch"> {
  apply(op: LedgerOp): void;
}

const maxPings = 5;
const maxPerPair = 20;

export function createReferenceLedger({ capacity, events: texts }: LedgerVector): ReferenceLedger {
  const told = eventsOf(texts);
  let events: SyncEvent[] = [];
  const addListeners: ((added: Added) => void)[] = [];
  const forgetListeners: ((forgotten: Forgotten) => void)[] = [];

  const forget = (leaving: readonly SyncEvent[]): void => {
    events = events.filter((event) => !leaving.includes(event));
    for (const event of leaving) {
      for (const listener of forgetListeners) listener({ event, reason: "removed", ...proven });
    }
  };

  const add = (event: SyncEvent, isTaken: boolean): void => {
    if (event.svc === "observation") forget(compacted(events, event));
    if (!isTaken) return;
    if (event.svc === "ping") forget(outlivedPing(events, event));
    events.push(event);
    for (const listener of addListeners) listener({ event, forgotten: undefined, ...proven });
    if (event.svc !== "observation") prune();
  };

  /** With no name known to anybody, nobody counts as unknown. */
  const prune = (): void => {
    const surplus = Math.max(0, events.length - capacity);
    const order = events.toSorted(
      (one, other) => priorityOf(other) - priorityOf(one) || compareTime(one, other),
    );
    const precious = order.findIndex((event) => priorityOf(event) === 0);
    const leaving = order.slice(0, precious < 0 ? surplus : Math.min(surplus, precious));
    if (leaving.length > 0) events = events.toSorted(compareTime);
    forget(leaving);
  };

  return {
    apply(op) {
      if (op.op === "add") add(told[op.e] as SyncEvent, op.r);
      else if (op.op === "prune") prune();
      else {
        forget(events.filter((event) => [...mentionsOf(event), event.emitter].includes(op.name)));
      }
      expect(events.length).toBe(op.n);
    },
    events: () => events,
    about: (name) => events.filter((event) => [actorOf(event), targetOf(event)].includes(name)),
    standingOf: () => proven,
    onAdd: (listener) => listening(addListeners, listener),
    onForget: (listener) => listening(forgetListeners, listener),
    onVouch: () => () => {},
  };
}

export const eventsOf = (texts: readonly string[] | null): readonly SyncEvent[] =>
  (texts ?? []).map((text) => {
    const decoded = decodeSyncEvent(text);
    if (!decoded.ok) throw new Error(`${decoded.refusal}: ${text}`);
    return decoded.value;
  });

const proven = { tier: "proven", vouchers: [] } as const;

function listening<News>(listeners: ((news: News) => void)[], listener: (news: News) => void) {
  listeners.push(listener);
  return () => void listeners.splice(listeners.indexOf(listener), 1);
}

const compareTime = (one: SyncEvent, other: SyncEvent): number =>
  one.tsNs < other.tsNs ? -1 : one.tsNs > other.tsNs ? 1 : 0;

function outlivedPing(
  events: readonly SyncEvent[],
  ping: SyncEvent & { svc: "ping" },
): readonly SyncEvent[] {
  const others = events.filter(
    (event) => event.svc === "ping" && event.payload.target === ping.payload.target,
  );
  return others.length < maxPings ? [] : others.toSorted(compareTime).slice(0, 1);
}

function compacted(
  events: readonly SyncEvent[],
  { payload }: SyncEvent & { svc: "observation" },
): readonly SyncEvent[] {
  const pair = events.filter(
    (event): event is SyncEvent & { svc: "observation" } =>
      event.svc === "observation" &&
      event.payload.observer === payload.observer &&
      event.payload.subject === payload.subject,
  );
  if (pair.length < maxPerPair) return [];
  const oldestFirst = pair.toSorted(compareTime);
  const others = oldestFirst.filter((event) => event.payload.type !== "restart");
  const isCheckpointed = events.some(
    (event) => event.svc === "checkpoint" && event.payload.subject === payload.subject,
  );
  if (others.length > 0) return others.slice(0, 1);
  return isCheckpointed ? oldestFirst.slice(0, 1) : [];
}
