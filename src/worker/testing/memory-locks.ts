/** Exclusive locks in memory, as if several workers shared a profile. */
import type { Locks } from "../locks.ts";

export function createMemoryLocks(): Locks {
  const queues = new Map<string, (() => void)[]>();

  const grant = (name: string, start: () => void): void => {
    const queue = queues.get(name);
    if (queue === undefined) {
      queues.set(name, []);
      queueMicrotask(start);
    } else {
      queue.push(start);
    }
  };

  const releaser = (name: string): (() => void) => {
    let released = false;
    return () => {
      if (released) return;
      released = true;
      const next = queues.get(name)?.shift();
      if (next === undefined) queues.delete(name);
      else queueMicrotask(next);
    };
  };

  return {
    tryTake: async (name) => {
      if (queues.has(name)) return undefined;
      queues.set(name, []);
      return releaser(name);
    },
    take: (name, onTaken) => {
      let waiting = true;
      grant(name, () => {
        if (waiting) {
          waiting = false;
          onTaken(releaser(name));
        } else {
          releaser(name)();
        }
      });
      return () => {
        waiting = false;
      };
    },
  };
}
