/** Who teases whom (docs/protocol/ui-and-api.md, profile: best friends; /social/teases). */
import type { SyncEvent } from "../events/sync-event.ts";

export interface Friend {
  readonly name: string;
  /** Teases between the two, in that direction. */
  readonly count: number;
}

export interface Friends {
  /** Who teases it most; undefined while nobody else does. */
  readonly from: Friend | undefined;
  /** Whom it teases most. */
  readonly to: Friend | undefined;
}

export interface Teases {
  feed(event: SyncEvent): void;
  /** The event is no longer remembered. */
  forget(event: SyncEvent): void;
  given(name: string): number;
  received(name: string): number;
  /** Everyone who teased, by name. */
  givenByName(): ReadonlyMap<string, number>;
  friendsOf(name: string): Friends;
}

export function createTeases(): Teases {
  const given = createCounts();
  const received = createCounts();

  const count = (event: SyncEvent, by: 1 | -1): void => {
    if (event.svc !== "social" || event.payload.type !== "tease") return;
    const { actor, target } = event.payload;
    given.change(actor, target, by);
    received.change(target, actor, by);
  };

  return {
    feed: (event) => count(event, 1),
    forget: (event) => count(event, -1),
    given: given.total,
    received: received.total,
    givenByName: given.totals,
    friendsOf: (name) => ({ from: received.most(name), to: given.most(name) }),
  };
}

/** Counts per pair of names. */
function createCounts() {
  const byName = new Map<string, { readonly others: Map<string, number>; total: number }>();
  return {
    change(name: string, other: string, by: 1 | -1): void {
      const counted = byName.get(name) ?? { others: new Map<string, number>(), total: 0 };
      byName.set(name, counted);
      const count = (counted.others.get(other) ?? 0) + by;
      if (count === 0) counted.others.delete(other);
      else counted.others.set(other, count);
      counted.total += by;
      if (counted.others.size === 0) byName.delete(name);
    },
    total: (name: string): number => byName.get(name)?.total ?? 0,
    totals: (): ReadonlyMap<string, number> =>
      new Map([...byName].map(([name, { total }]) => [name, total])),
    /** Oneself is nobody's friend; of equal ones the first by name. */
    most(name: string): Friend | undefined {
      let most: Friend | undefined;
      for (const [other, count] of byName.get(name)?.others ?? []) {
        if (other === name || other === "") continue;
        const isMore = most === undefined || count > most.count;
        if (isMore || (count === most?.count && other < most.name)) most = { name: other, count };
      }
      return most;
    },
  };
}
