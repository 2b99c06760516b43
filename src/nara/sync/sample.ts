/**
 * A hazy memory, for a nara that boots: what must not be missed, and of the rest a draw in which
 * young events are likely and old ones not impossible. (docs/protocol/events-and-ledger.md §6)
 *
 * Each event gets the key U^(1/w); the largest keys are drawn. We compare ln U / w instead, which
 * has the same order and does not run out of small numbers.
 */
import { criticalImportance } from "../events/observation.ts";
import { actorOf, isAlwaysIn, type SyncEvent, targetOf } from "../events/sync-event.ts";
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
  const fits = isWanted(wanted);
  const weigh = weigher(sampler);
  const chance = chances(sampler.random);
  const always: SyncEvent[] = [];
  const drawn = createBestOf<SyncEvent>(size);
  for (const event of events) {
    if (!fits(event)) continue;
    if (isAlwaysIn(event)) {
      always.push(event);
    } else if (always.length < size) {
      const luck = Math.log(chance());
      const weight = weigh(event);
      // Most would lose even if they were mine, which is dearer to find out.
      if (!drawn.wants(keyOf(luck, weight * mineFactor))) continue;
      drawn.offer(event, keyOf(luck, isOf(event, sampler.me) ? weight * mineFactor : weight));
    }
  }
  if (always.length >= size) return oldestFirst(always).slice(0, size);
  return oldestFirst([...always, ...drawn.best(size - always.length)]);
}

/** How likely an event is to be drawn; Infinity when it is dated centuries ahead. */
export const sampleWeight = (event: SyncEvent, sampler: Pick<Sampler, "me" | "nowNs">): number =>
  weigher(sampler)(event) * (isOf(event, sampler.me) ? mineFactor : 1);

/** The weight of an event that is not mine. */
function weigher({ nowNs }: Pick<Sampler, "nowNs">): (event: SyncEvent) => number {
  const now = Number(nowNs);
  return (event) => {
    const age = Math.max(-longestAge, Math.min(longestAge, now - Number(event.tsNs)));
    return Math.exp(-age / nsPerHour / fadingHours) * importanceOf(event);
  };
}

const isOf = (event: SyncEvent, me: string): boolean =>
  event.emitter === me || actorOf(event) === me || targetOf(event) === me;

const keyOf = (luck: number, weight: number): number => luck / (weight || leastWeight);

/** What is critical has 5, though it is always in and never drawn. */
function importanceOf(event: SyncEvent): number {
  if (event.svc !== "observation") return 1;
  const { importance } = event.payload;
  if (importance === 2n) return 2;
  return importance === criticalImportance ? 5 : 1;
}

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
