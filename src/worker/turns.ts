/** Asynchronous work, one piece at a time and in order. */
import type { Clock } from "../nara/ports.ts";

export interface Turns {
  /** Does the work after all that was taken before. Undefined when it threw. Never rejects. */
  take<T>(work: () => Promise<T>): Promise<T | undefined>;
}

/** @param onFault hears what work threw; the next piece is done all the same. */
export function createTurns(onFault: (why: string) => void): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return {
    take: (work) => {
      const mine = last.then(work).catch((error: unknown) => {
        onFault(error instanceof Error ? (error.stack ?? error.message) : String(error));
        return undefined;
      });
      last = mine;
      return mine;
    },
  };
}

/** Resolves when the work is done or `timeoutMs` are over, whichever comes first. */
export function within(clock: Clock, timeoutMs: number, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(timeoutMs, resolve);
    const end = (): void => {
      cancel();
      resolve();
    };
    work.then(end, end);
  });
}
