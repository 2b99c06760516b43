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

interface Teaser {
  /** Teases by target. */
  readonly targets: Map<string, number>;
  total: number;
}

export function createTeases(): Teases {
  const teasers = new Map<string, Teaser>();
  const received = new Map<string, number>();

  const count = (event: SyncEvent, by: 1 | -1): void => {
    if (event.svc !== "social" || event.payload.type !== "tease") return;
    const { actor, target } = event.payload;
    const teaser = teasers.get(actor) ?? { targets: new Map<string, number>(), total: 0 };
    teasers.set(actor, teaser);
    teaser.total += by;
    change(teaser.targets, target, by);
    change(received, target, by);
    if (teaser.targets.size === 0) teasers.delete(actor);
  };

  return {
    feed: (event) => count(event, 1),
    forget: (event) => count(event, -1),
    given: (name) => teasers.get(name)?.total ?? 0,
    received: (name) => received.get(name) ?? 0,
    givenByName: () => new Map([...teasers].map(([name, { total }]) => [name, total])),
    friendsOf(name) {
      const teasing = [...teasers].map(([actor, { targets }]): Friend => {
        return { name: actor, count: targets.get(name) ?? 0 };
      });
      const teased = [...(teasers.get(name)?.targets ?? [])].map(
        ([target, count]): Friend => ({ name: target, count }),
      );
      return { from: best(teasing, name), to: best(teased, name) };
    },
  };
}

/** What is at 0 is left out. */
function change(counts: Map<string, number>, name: string, by: 1 | -1): void {
  const count = (counts.get(name) ?? 0) + by;
  if (count === 0) counts.delete(name);
  else counts.set(name, count);
}

/** Oneself is nobody's friend; of equal ones the first by name. */
function best(friends: readonly Friend[], self: string): Friend | undefined {
  let most: Friend | undefined;
  for (const friend of friends) {
    if (friend.name === self || friend.count === 0) continue;
    const isMore = most === undefined || friend.count > most.count;
    if (isMore || (friend.count === most?.count && friend.name < most.name)) most = friend;
  }
  return most;
}
