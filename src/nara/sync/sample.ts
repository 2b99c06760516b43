/**
 * A hazy memory, for a nara that boots: what must not be missed, and of the rest a draw in which
 * young events are likely and old ones not impossible. (docs/protocol/events-and-ledger.md §6)
 *
 * Each event gets the key U^(1/w); the largest keys are drawn. We compare ln U / w instead, which
 * has the same order and does not run out of small numbers.
 */
import { actorOf, type SyncEvent, targetOf } from "../events/sync-event.ts";
import { drawable, importanceOf, isDrawable } from "../ledger/drawable.ts";
import type { Random } from "../ports.ts";
import { createBestOf } from "./best-of.ts";
import { oldestFirst } from "./order.ts";
import { everything, isWanted, type Wanted } from "./wanted.ts";

export interface Sampler {
  /** Name of the nara that answers. */
  readonly me: string;
  readonly nowNs: bigint;
  readonly random: Pick<Random, "bytes">;
}

/** How fast memory fades: 720 h × 0.693 (§6). A half-life of 14.4 days. */
const fadingHours = 498.96;
/** In place of weights that are 0, of events so old that a double cannot hold less (§6). */
const leastWeight = 0.001;
/** Ages end there, as Go's durations do (§6). ns */
const longestAge = 2 ** 63;
const nsPerHour = 3.6e12;
/** What it did or lived through itself counts so much more for a nara that answers (§6). */
const mineFactor = 2;
/** What is older is weighed one by one: a memory that reaches back so far is a rare thing. */
const boundedDays = 400;

/**
 * At most `size` events, oldest first. Those that are always in come before all others; if they
 * alone are too many, the oldest of them.
 */
export function sampleEvents(
  events: Iterable<SyncEvent>,
  size: number,
  sampler: Sampler,
  wanted: Wanted = everything,
): readonly SyncEvent[] {
  const pool = isDrawable(events) ? events : drawable(events);
  const { times, importances } = pool;
  const fits = isWanted(wanted);
  const { youthOf, youthBound } = fading(sampler.nowNs);
  const chance = chances(sampler.random);
  const always: SyncEvent[] = [];
  const drawn = createBestOf<SyncEvent>(size);
  // The young come last and are likelier: begun with them, a draw has less to change its mind about.
  for (let at = pool.events.length - 1; at >= 0; at--) {
    const event = pool.events[at];
    if (event === undefined || !fits(event)) continue;
    const importance = importances[at] ?? 0;
    const timeNs = times[at] ?? 0;
    if (importance === 0) {
      always.push(event);
    } else if (always.length < size) {
      const luck = chance();
      // Most would lose even if they weighed as much as they can, and ln U is no more than U - 1.
      if (!drawn.wants((luck - 1) / (youthBound(timeNs) * importance * mineFactor))) continue;
      const weight = youthOf(timeNs) * importance * (isOf(event, sampler.me) ? mineFactor : 1);
      drawn.offer(event, keyOf(Math.log(luck), weight));
    }
  }
  always.reverse();
  if (always.length >= size) return oldestFirst(always).slice(0, size);
  return oldestFirst([...always, ...drawn.best(size - always.length)]);
}

/** How likely an event is to be drawn; Infinity when it is dated centuries ahead. */
export const sampleWeight = (event: SyncEvent, { me, nowNs }: Omit<Sampler, "random">): number =>
  fading(nowNs).youthOf(Number(event.tsNs)) *
  importanceOf(event) *
  (isOf(event, me) ? mineFactor : 1);

interface Fading {
  /** What is left of an event of that time; Unix nanoseconds. */
  youthOf(timeNs: number): number;
  /** No less than that, and sooner known. */
  youthBound(timeNs: number): number;
}

function fading(nowNs: bigint): Fading {
  const now = Number(nowNs);
  const byDay = Float64Array.from({ length: boundedDays }, (_, days) =>
    Math.exp((-24 * days) / fadingHours),
  );
  return {
    youthOf(timeNs) {
      const age = Math.max(-longestAge, Math.min(longestAge, now - timeNs));
      return Math.exp(-age / nsPerHour / fadingHours);
    },
    youthBound: (timeNs) =>
      byDay[Math.floor((now - timeNs) / (24 * nsPerHour))] ?? Number.POSITIVE_INFINITY,
  };
}

const isOf = (event: SyncEvent, me: string): boolean =>
  event.emitter === me || actorOf(event) === me || targetOf(event) === me;

const keyOf = (luck: number, weight: number): number => luck / (weight || leastWeight);

/** Uniform in (0, 1), 32 bits each; fetched by the hundreds, for randomness is dear by the piece. */
function chances(random: Pick<Random, "bytes">): () => number {
  const mostAtOnce = 4096;
  let words = new Uint32Array(0);
  let at = 0;
  return () => {
    if (at === words.length) {
      const count = Math.min(mostAtOnce, 64 + 2 * words.length);
      words = new Uint32Array(random.bytes(4 * count).slice().buffer);
      at = 0;
    }
    return ((words[at++] ?? 0) + 0.5) / 2 ** 32;
  };
}
