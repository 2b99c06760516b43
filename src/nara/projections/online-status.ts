/**
 * Who is here: the newest evidence about a nara decides, and evidence of life grows old
 * (docs/protocol/events-and-ledger.md §8, Online).
 */
import type { SyncEvent } from "../events/sync-event.ts";
import type { OnlineState } from "../view.ts";

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
  /** "" while nothing is known. */
  statusOf(name: string, nowNs: bigint): OnlineState;
  evidenceOf(name: string): Evidence | undefined;
  /** Everyone of whom anything is known. */
  names(): readonly string[];
  forget(name: string): void;
}

/** @param missingAfter how long evidence of life lasts for a nara, ns. */
export function createOnlineStatus(
  missingAfter: (name: string) => bigint = () => missingAfterNs,
): OnlineStatus {
  const latest = new Map<string, Evidence>();

  return {
    feed(event, heardAtNs) {
      const isAhead = event.tsNs > heardAtNs;
      const tsNs = isAhead ? heardAtNs : event.tsNs;
      for (const { name, state, observer } of sightingsIn(event)) {
        const known = latest.get(name);
        if (name === "" || (known !== undefined && known.tsNs >= tsNs)) continue;
        latest.set(name, { state, tsNs, svc: event.svc, observer });
      }
    },
    statusOf(name, nowNs) {
      const evidence = latest.get(name);
      if (evidence === undefined) return "";
      const isOld = nowNs - evidence.tsNs > missingAfter(name);
      return evidence.state === "ONLINE" && isOld ? "MISSING" : evidence.state;
    },
    evidenceOf: (name) => latest.get(name),
    names: () => [...latest.keys()],
    forget: (name) => {
      latest.delete(name);
    },
  };
}

interface Sighting {
  readonly name: string;
  readonly state: Evidence["state"];
  readonly observer: string;
}

function sightingsIn(event: SyncEvent): readonly Sighting[] {
  switch (event.svc) {
    case "hey-there":
      return [online(event.payload.From, event.payload.From)];
    case "chau":
      return [{ name: event.payload.From, state: "OFFLINE", observer: event.payload.From }];
    case "seen":
      return [online(event.payload.subject, event.payload.observer)];
    case "social":
      return [online(event.payload.actor, event.payload.actor)];
    case "ping": {
      const { observer, target } = event.payload;
      return [online(observer, observer), online(target, observer)];
    }
    case "observation": {
      const { subject, observer, type, online_state } = event.payload;
      if (type === "restart" || type === "first-seen") return [online(subject, observer)];
      return isState(online_state) ? [{ name: subject, state: online_state, observer }] : [];
    }
    case "checkpoint":
      return [];
  }
}

const online = (name: string, observer: string): Sighting => ({ name, state: "ONLINE", observer });

const isState = (text: string): text is Evidence["state"] =>
  text === "ONLINE" || text === "OFFLINE" || text === "MISSING";
