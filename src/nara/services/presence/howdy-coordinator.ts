/**
 * Who answers a hey_there: everyone waits a random moment and counts the howdys of others; ten are
 * enough. (docs/protocol/presence-and-life.md §2, Howdy)
 *
 * Stricter than the reference, which counts before it verifies: only verified howdys are heard
 * here, one per sender, and only for a hey_there that is remembered. A forger cannot silence
 * everyone with ten empty howdys, nor bring the dead back with old ones (docs/differences.md).
 */

/** One hey_there and the howdys to it. */
export interface Greeting {
  readonly target: string;
  /** Those who answered, and those they recommended. */
  readonly mentioned: ReadonlySet<string>;
}

export type HeardHowdy =
  | "counted"
  /** No hey_there of its target is remembered: late, or an old one sent again. */
  | "stale"
  /** Its sender answered this hey_there already. */
  | "duplicate";

export interface HowdyCoordinator {
  /** Somebody, perhaps I, said hey_there. A second one begins a new greeting. */
  open(target: string, nowMs: number): Greeting;
  /** A verified howdy of another nara. */
  hear(
    howdy: {
      readonly from: string;
      readonly to: string;
      readonly neighbours: readonly { readonly name: string }[];
    },
    nowMs: number,
  ): HeardHowdy;
  /** My turn: the Seq of my howdy, or undefined when I had better be silent. */
  answer(greeting: Greeting, nowMs: number): number | undefined;
  /**
   * I say howdy to it for reasons of my own: the Seq of my howdy. If it said hey_there, that was
   * my answer.
   */
  introduce(target: string, nowMs: number): number;
}

/** Howdys that answer one hey_there (docs/protocol/presence-and-life.md §2). */
const enoughHowdys = 10;
/** Longest wait before answering, ms (same place). */
const maxAnswerDelayMs = 3_000;
/** How long a hey_there is remembered, ms (same place). */
const rememberedMs = 30_000;
/** Hey_theres remembered at once: one a name for 30 s, in a crowd that restarts as one. */
const maxGreetings = 2_000;

/** @param fraction random in [0, 1) */
export const answerDelayMs = (fraction: number): number => fraction * maxAnswerDelayMs;

interface OpenGreeting extends Greeting {
  readonly mentioned: Set<string>;
  readonly answeredBy: Set<string>;
  readonly openedMs: number;
  seen: number;
  answered: boolean;
}

/** Times are monotonic milliseconds. */
export function createHowdyCoordinator(): HowdyCoordinator {
  const greetings = new Map<string, OpenGreeting>();

  const forgetOld = (nowMs: number): void => {
    for (const [target, { openedMs }] of greetings) {
      if (nowMs - openedMs < rememberedMs && greetings.size <= maxGreetings) return;
      greetings.delete(target);
    }
  };

  return {
    open(target, nowMs) {
      const greeting: OpenGreeting = {
        target,
        mentioned: new Set(),
        answeredBy: new Set(),
        openedMs: nowMs,
        seen: 0,
        answered: false,
      };
      greetings.delete(target);
      greetings.set(target, greeting);
      forgetOld(nowMs);
      return greeting;
    },
    hear(howdy, nowMs) {
      forgetOld(nowMs);
      const greeting = greetings.get(howdy.to);
      if (greeting === undefined) return "stale";
      if (greeting.answeredBy.has(howdy.from)) return "duplicate";
      greeting.answeredBy.add(howdy.from);
      greeting.seen += 1;
      greeting.mentioned.add(howdy.from);
      for (const { name } of howdy.neighbours) greeting.mentioned.add(name);
      return "counted";
    },
    answer(turn, nowMs) {
      forgetOld(nowMs);
      const greeting = greetings.get(turn.target);
      if (greeting === undefined || greeting !== turn) return undefined;
      if (greeting.answered || greeting.seen >= enoughHowdys) return undefined;
      greeting.answered = true;
      greeting.seen += 1;
      return greeting.seen;
    },
    introduce(target, nowMs) {
      forgetOld(nowMs);
      const greeting = greetings.get(target);
      if (greeting === undefined || greeting.seen >= enoughHowdys) return 1;
      greeting.answered = true;
      greeting.seen += 1;
      return greeting.seen;
    },
  };
}
