/** Whom I know: one record per name, bounded, the least worth knowing forgotten first. */
import type { Observation } from "./observation.ts";
import type { NaraStatus } from "./status.ts";

/** What I know of another nara. */
export interface Neighbour {
  readonly name: string;
  /**
   * What it said of itself. `publicKey`, `id` and `meshIp` in it are the pinned ones once
   * `isMet`, hearsay before. Without `observations`: what others remember is not kept.
   */
  readonly status: NaraStatus;
  /** What I remember of its life. */
  readonly observation: Observation;
  /** A message that it signed itself was verified; else others told me of it. */
  readonly isMet: boolean;
  /** It answered a hey_there of mine. */
  readonly greetedMe: boolean;
}

export interface Neighbourhood {
  get(name: string): Neighbour | undefined;
  has(name: string): boolean;
  /**
   * Adds or replaces a record. `forgotten` names who had to make room; a newcomer who is worth
   * less than everybody known is not taken.
   */
  put(neighbour: Neighbour): { readonly taken: boolean; readonly forgotten: string | undefined };
  remove(name: string): boolean;
  /** In order of first acquaintance. */
  all(): readonly Neighbour[];
  readonly size: number;
}

/** Naras remembered; more than any network of today has, small enough for a phone. */
const maxNeighbours = 2_000;

export function createNeighbourhood(options: { readonly max?: number } = {}): Neighbourhood {
  const max = options.max ?? maxNeighbours;
  const neighbours = new Map<string, Neighbour>();
  /** Everybody, until somebody changes: they are gone through more often than they change. */
  let everybody: readonly Neighbour[] | undefined;

  const leastWorthKnowing = (): Neighbour | undefined => {
    let least: Neighbour | undefined;
    for (const neighbour of neighbours.values()) {
      if (least === undefined || isWorthLess(neighbour, least)) least = neighbour;
    }
    return least;
  };

  return {
    get: (name) => neighbours.get(name),
    has: (name) => neighbours.has(name),
    put(neighbour) {
      let forgotten: string | undefined;
      if (!neighbours.has(neighbour.name) && neighbours.size >= max) {
        const least = leastWorthKnowing();
        if (least === undefined || worth(neighbour) <= worth(least)) {
          return { taken: false, forgotten };
        }
        forgotten = least.name;
        neighbours.delete(forgotten);
      }
      neighbours.set(neighbour.name, neighbour);
      everybody = undefined;
      return { taken: true, forgotten };
    },
    remove(name) {
      everybody = undefined;
      return neighbours.delete(name);
    },
    all() {
      everybody ??= [...neighbours.values()];
      return everybody;
    },
    get size() {
      return neighbours.size;
    },
  };
}

/** Hearsay, then the absent, then those who are here: a crowd of newcomers displaces nobody present. */
function worth(neighbour: Neighbour): number {
  if (!neighbour.isMet) return 0;
  return neighbour.observation.online === "ONLINE" ? 2 : 1;
}

function isWorthLess(one: Neighbour, other: Neighbour): boolean {
  return (
    worth(one) < worth(other) ||
    (worth(one) === worth(other) && one.observation.lastSeenS < other.observation.lastSeenS)
  );
}
