/** A service's timers: they end with it, and what a task throws is said, not lost. */
import type { Cancel, Clock } from "../ports.ts";
import { reasonOf } from "./pipelines.ts";

export interface Timers {
  after(delayMs: number, task: () => void): Cancel;
  /** The first time after one period; each period is asked for anew. */
  every(periodMs: () => number, task: () => void): Cancel;
  cancelAll(): void;
}

export function createTimers(
  clock: Pick<Clock, "after">,
  complain: (what: string) => void,
): Timers {
  const pending = new Set<Cancel>();

  const after = (delayMs: number, task: () => void): Cancel => {
    const cancelTimer = clock.after(delayMs, () => {
      pending.delete(cancel);
      try {
        task();
      } catch (error) {
        complain(`in a timer: ${reasonOf(error)}`);
      }
    });
    const cancel = (): void => {
      pending.delete(cancel);
      cancelTimer();
    };
    pending.add(cancel);
    return cancel;
  };

  return {
    after,
    every(periodMs, task) {
      let cancelNext: Cancel = () => {};
      const next = (): void => {
        cancelNext = after(periodMs(), () => {
          next();
          task();
        });
      };
      next();
      return () => cancelNext();
    },
    cancelAll() {
      for (const cancel of [...pending]) cancel();
    },
  };
}
