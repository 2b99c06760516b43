/**
 * Who is here: the newest evidence about a nara decides, and evidence of life grows old
 * (docs/protocol/events-and-ledger.md §8, Online). When evidence is forgotten, the next newest
 * decides.
 */
import type { SyncEvent } from "../events/sync-event.ts";
import type { OnlineState } from "../view.ts";
import type { Reason } from "./provenance.ts";
import { byTime, createSortedList, type SortedList } from "./sorted-list.ts";

/** ONLINE older than this is MISSING, ns. */
export const missingAfterNs = 300_000_000_000n;
/** The same where either side speaks by gossip alone, ns. */
export const missingAfterGossipNs = 3_600_000_000_000n;

/** What is known of a nara's presence. */
export interface Evidence {
  readonly state: Exclude<OnlineState, "">;
  /** When it was so, Unix ns; never after the moment it was heard. */
  readonly tsNs: bigint;
  /** Service of the event that tells it. */
  readonly svc: SyncEvent["svc"];
  /** Name of who says so. */
  readonly observer: string;
}

export interface OnlineStatus {
  /**
   * Takes in what an event tells. Order matters only between events of the very same time, of
   * which the first fed stays. Events from the future count as of `heardAtNs` (design "What we
   * accept" 5).
   */
  feed(event: SyncEvent, heardAtNs: bigint): void;
  /** The event is no longer remembered. */
  forget(event: SyncEvent): void;
  /** "" while nothing is known. */
  statusOf(name: string, nowNs: bigint): OnlineState;
  evidenceOf(name: string): Evidence | undefined;
  /** Everyone of whom anything is known. */
  names(): readonly string[];
  /** The newest evidence and up to `limit - 1` before it, newest first. */
  why(name: string, limit: number): readonly Reason[];
}

/** @param missingAfter how long evidence of life lasts for a nara, ns. */
export function createOnlineStatus(
  missingAfter: (name: string) => bigint = () => missingAfterNs,
): OnlineStatus {
  const known = new Map<string, SortedList<SyncEvent>>();
  /** Events from the future, by id: when they were heard, Unix ns. */
  const ahead = new Map<string, bigint>();

  const listOf = (name: string): SortedList<SyncEvent> => {
    const list = known.get(name) ?? createSortedList<SyncEvent>(newestLast);
    known.set(name, list);
    return list;
  };

  const dated = (event: SyncEvent): SyncEvent => {
    const tsNs = ahead.size === 0 ? undefined : ahead.get(event.id);
    return tsNs === undefined ? event : { ...event, tsNs };
  };

  const evidenceOf = (name: string): Evidence | undefined => {
    const event = known.get(name)?.last();
    return event === undefined ? undefined : evidenceIn(event, name);
  };

  return {
    feed(event, heardAtNs) {
      if (event.tsNs > heardAtNs) ahead.set(event.id, heardAtNs);
      const entry = dated(event);
      for (const name of shownBy(event)) listOf(name).add(entry);
    },
    forget(event) {
      const entry = dated(event);
      for (const name of shownBy(event)) {
        const list = known.get(name);
        list?.remove(entry);
        if (list?.size === 0) known.delete(name);
      }
      ahead.delete(event.id);
    },
    statusOf(name, nowNs) {
      const event = known.get(name)?.last();
      if (event === undefined) return "";
      const state = stateIn(event);
      return state === "ONLINE" && nowNs - event.tsNs > missingAfter(name) ? "MISSING" : state;
    },
    evidenceOf,
    names: () => [...known.keys()],
    why(name, limit) {
      const events = known.get(name)?.items().slice(-limit).reverse() ?? [];
      return events.map((event, index) => {
        const { state, observer } = evidenceIn(event, name);
        return {
          id: event.id,
          share: index === 0 ? "kept" : "superseded",
          voice: observer,
          value: state === "ONLINE" ? 1 : 0,
        };
      });
    },
  };
}

const newestLast = byTime("before");

/** Names of whom the event is evidence, each once, never "". */
function shownBy(event: SyncEvent): readonly string[] {
  switch (event.svc) {
    case "hey-there":
    case "chau":
      return event.payload.From === "" ? [] : [event.payload.From];
    case "seen":
      return event.payload.subject === "" ? [] : [event.payload.subject];
    case "social":
      return event.payload.actor === "" ? [] : [event.payload.actor];
    case "ping": {
      const { observer, target } = event.payload;
      const both = observer === target ? [observer] : [observer, target];
      return both.filter((name) => name !== "");
    }
    case "observation": {
      const { subject, type, online_state } = event.payload;
      const tells = type === "restart" || type === "first-seen" || isState(online_state);
      return tells && subject !== "" ? [subject] : [];
    }
    case "checkpoint":
      return [];
  }
}

/** @param name one of those it shows. */
function evidenceIn(event: SyncEvent, name: string): Evidence {
  const { tsNs, svc } = event;
  const isSeen = svc === "seen" || svc === "ping" || svc === "observation";
  return { state: stateIn(event), tsNs, svc, observer: isSeen ? event.payload.observer : name };
}

function stateIn(event: SyncEvent): Evidence["state"] {
  if (event.svc === "chau") return "OFFLINE";
  if (event.svc !== "observation") return "ONLINE";
  const { type, online_state } = event.payload;
  const isLife = type === "restart" || type === "first-seen";
  return !isLife && isState(online_state) ? online_state : "ONLINE";
}

const isState = (text: string): text is Evidence["state"] =>
  text === "ONLINE" || text === "OFFLINE" || text === "MISSING";
