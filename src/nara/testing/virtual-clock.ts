/**
 * Time that moves only when it is told to. Wall time, monotonic time and timers move together, so a
 * night passes in milliseconds, the same way each time.
 *
 * Timers fire in order of their instant, and at one instant in the order they were set. After each,
 * everything it set off comes to rest before time moves on: promises, and whatever longer work the
 * naras and plazas have under way, such as verification (`beforeNext`).
 */
import { createBreather } from "../breather.ts";
import type { Cancel, Clock } from "../ports.ts";
import { createTimerQueue } from "./timer-queue.ts";

export interface VirtualClock extends Clock {
  /** Lets `ms` pass. Rejects with what a task threw. */
  advance(ms: number): Promise<void>;
  /** Lets a span pass: `pass({ minutes: 5 })`. */
  pass(span: Span): Promise<void>;
  /** Everybody sleeps: time jumps over `span`, then what came due in it fires, late, in order. */
  sleep(span: Span): Promise<void>;
  /** Waits until all that is under way has come to rest, without moving time. */
  settle(): Promise<void>;
  /**
   * Time moves on only after the promises that `work` gives. It is asked again until everybody's
   * promise was fulfilled already, so it must always speak for the work of that moment.
   */
  beforeNext(work: Work): Cancel;
}

/** What is under way; undefined while nothing is. */
export type Work = () => Promise<unknown> | undefined;

export interface Span {
  readonly ms?: number;
  readonly seconds?: number;
  readonly minutes?: number;
  readonly hours?: number;
  readonly days?: number;
}

/** Mid-November 2023, a round number that is easy to recognise in a failing test. */
const defaultStartNs = 1_700_000_000_000_000_000n;

/** Steps in which a fulfilled promise surely arrives through a few layers of `async` functions. */
const microtasks = 50;

/** Rounds of settling after which somebody is surely waiting for a timer that time must fire. */
const roundsUntilStuck = 100_000;

export function createVirtualClock(options: { readonly startNs?: bigint } = {}): VirtualClock {
  const startNs = options.startNs ?? defaultStartNs;
  const timers = createTimerQueue();
  const works = new Set<Work>();
  let elapsedMs = 0;

  const settle = async (): Promise<void> => {
    for (let round = 0; round < roundsUntilStuck; round += 1) {
      await macrotask();
      const underWay = [...works].flatMap((work) => work() ?? []);
      if (underWay.length === 0 || (await wasAtRest(underWay))) {
        return;
      }
    }
    throw new Error("virtual time cannot move on: work under way never comes to rest");
  };

  const fireUntil = async (untilMs: number): Promise<void> => {
    await settle();
    for (let timer = timers.take(untilMs); timer !== undefined; timer = timers.take(untilMs)) {
      elapsedMs = Math.max(elapsedMs, timer.dueMs);
      timer.task();
      await settle();
    }
    elapsedMs = untilMs;
  };

  return {
    nowNs: () => startNs + BigInt(Math.round(elapsedMs * 1e6)),
    monotonicMs: () => elapsedMs,
    after: (delayMs, task) => timers.add(elapsedMs + Math.max(0, delayMs), task),
    breathe: createBreather({
      monotonicMs: () => elapsedMs,
      nextTurn: (task) => void timers.add(elapsedMs, task),
    }),
    advance: (ms) => fireUntil(elapsedMs + ms),
    pass: (span) => fireUntil(elapsedMs + toMs(span)),
    sleep(span) {
      elapsedMs += toMs(span);
      return fireUntil(elapsedMs);
    },
    settle,
    beforeNext(work) {
      works.add(work);
      return () => {
        works.delete(work);
      };
    },
  };
}

export function toMs({ ms = 0, seconds = 0, minutes = 0, hours = 0, days = 0 }: Span): number {
  return ms + 1000 * (seconds + 60 * (minutes + 60 * (hours + 24 * days)));
}

/**
 * Whether all work had been done before we asked. No event-loop turn passes while we find out, so
 * work that needs one cannot slip through; if there was any, this waits for it.
 */
async function wasAtRest(underWay: readonly Promise<unknown>[]): Promise<boolean> {
  let done = false;
  const all = Promise.all(underWay).then(() => {
    done = true;
  });
  for (let step = 0; step < microtasks && !done; step += 1) {
    await undefined;
  }
  const wasDone = done;
  await all;
  return wasDone;
}

/** All promises that can be fulfilled without the event loop are, once this is. */
function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(resolve);
  });
}
