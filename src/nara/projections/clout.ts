/**
 * Who counts for something, in the eyes of one judge
 * (docs/protocol/events-and-ledger.md §8, Clout).
 *
 * What an event adds depends on its name, its fresh weight, its effect and its second, and on
 * nothing else. There are a few dozen pairs of weight and effect for a given judge, so all that is
 * kept of an event is its second, in the list of its name and pair. Reading adds the lists up,
 * exactly, and keeps the answer until the second or the lists change.
 */
import type { SyncEvent } from "../events/sync-event.ts";
import { secondsOf } from "./plausible.ts";
import {
  agedWeight,
  createResonance,
  effectOf,
  freshWeight,
  halfLifeS,
  isFelt,
  type Judge,
} from "./social-weight.ts";
import { byValue, createSortedList, type SortedList } from "./sorted-list.ts";

export interface Clout {
  feed(event: SyncEvent): void;
  /** The event is no longer remembered. */
  forget(event: SyncEvent): void;
  /** Everyone whom some event moved, by name. @param nowS Unix seconds. */
  scores(nowS: number): ReadonlyMap<string, number>;
  /** 0 for those whom nothing moved. */
  scoreOf(name: string, nowS: number): number;
  /** What this event alone adds, and to whom; undefined when it moves nobody. */
  share(
    event: SyncEvent,
    nowS: number,
  ): { readonly name: string; readonly points: number } | undefined;
}

/** What events of one kind are worth to the judge. */
interface Worth {
  readonly fresh: number;
  readonly times: number;
}

/** The seconds of one name's events by worth, and their sum. */
interface Tally {
  readonly secondsByWorth: Map<Worth, SortedList<number>>;
  /** Undefined while something changed since; else as of `atS`. */
  sum: number | undefined;
  atS: number;
}

interface Moved {
  readonly name: string;
  readonly worth: Worth;
}

export function createClout(judge: Judge): Clout {
  const { personality } = judge;
  const resonates = createResonance(judge);
  const halfLife = halfLifeS(personality);
  const tallies = new Map<string, Tally>();
  const worths = createWorths();

  const movedBy = (event: SyncEvent): Moved | undefined => {
    if (event.svc !== "social") return undefined;
    const { payload } = event;
    const effect = effectOf(payload, isFelt(payload.type) && resonates(event.id));
    if (effect === undefined) return undefined;
    const name = effect.moves === "actor" ? payload.actor : payload.target;
    return { name, worth: worths.of(freshWeight(payload, personality), effect.times) };
  };

  const pointsOf = ({ fresh, times }: Worth, atS: number, nowS: number): number =>
    times * agedWeight(fresh, nowS - atS, halfLife);

  const sumOf = (tally: Tally, nowS: number): number => {
    if (tally.sum !== undefined && tally.atS === nowS) return tally.sum;
    let sum = 0;
    for (const worth of worths.all()) {
      const seconds = tally.secondsByWorth.get(worth);
      if (seconds === undefined) continue;
      let weights = 0;
      for (const atS of seconds.items()) weights += agedWeight(worth.fresh, nowS - atS, halfLife);
      sum += worth.times * weights;
    }
    tally.sum = sum;
    tally.atS = nowS;
    return sum;
  };

  return {
    feed(event) {
      const moved = movedBy(event);
      if (moved === undefined) return;
      const tally = tallies.get(moved.name) ?? {
        secondsByWorth: new Map(),
        sum: undefined,
        atS: 0,
      };
      tallies.set(moved.name, tally);
      const seconds = tally.secondsByWorth.get(moved.worth) ?? createSortedList(byValue);
      tally.secondsByWorth.set(moved.worth, seconds);
      seconds.add(secondsOf(event.tsNs));
      tally.sum = undefined;
    },
    forget(event) {
      const moved = movedBy(event);
      const tally = moved === undefined ? undefined : tallies.get(moved.name);
      const seconds = moved === undefined ? undefined : tally?.secondsByWorth.get(moved.worth);
      if (moved === undefined || tally === undefined || seconds === undefined) return;
      seconds.remove(secondsOf(event.tsNs));
      tally.sum = undefined;
      if (seconds.size === 0) tally.secondsByWorth.delete(moved.worth);
      if (tally.secondsByWorth.size === 0) tallies.delete(moved.name);
    },
    scores: (nowS) => new Map([...tallies].map(([name, tally]) => [name, sumOf(tally, nowS)])),
    scoreOf(name, nowS) {
      const tally = tallies.get(name);
      return tally === undefined ? 0 : sumOf(tally, nowS);
    },
    share(event, nowS) {
      const moved = movedBy(event);
      if (moved === undefined) return undefined;
      return { name: moved.name, points: pointsOf(moved.worth, secondsOf(event.tsNs), nowS) };
    },
  };
}

/** Equal worths are one object. Few: reasons of no special meaning all weigh the same. */
function createWorths() {
  const known = new Map<number, Map<number, Worth>>();
  let sorted: readonly Worth[] = [];
  return {
    of(fresh: number, times: number): Worth {
      const ofFresh = known.get(fresh) ?? new Map<number, Worth>();
      const worth = ofFresh.get(times) ?? { fresh, times };
      if (!ofFresh.has(times)) {
        known.set(fresh, ofFresh.set(times, worth));
        sorted = [...sorted, worth].sort((a, b) => a.fresh - b.fresh || a.times - b.times);
      }
      return worth;
    },
    /** Always in the same order, so that equal lists have equal sums. */
    all: () => sorted,
  };
}
