/** Exclusive locks across the tabs and workers of one browser profile. */
import type { Cancel } from "../nara/ports.ts";

export interface Locks {
  /** Takes the lock if nobody holds it. Resolves its release, or undefined. Never rejects. */
  tryTake(name: string): Promise<Cancel | undefined>;
  /**
   * Waits as long as it takes, then hands over the release, once; never before it returned.
   *
   * @returns stops waiting; without effect once the lock was handed over.
   */
  take(name: string, onTaken: (release: Cancel) => void): Cancel;
}

/** The Web Locks API. */
export function createWebLocks(manager: LockManager): Locks {
  return {
    tryTake: (name) =>
      new Promise((resolve) => {
        manager
          .request(name, { ifAvailable: true }, (lock) => {
            if (lock === null) return resolve(undefined);
            return held(resolve);
          })
          .catch(() => resolve(undefined));
      }),
    take: (name, onTaken) => {
      const waiting = new AbortController();
      manager
        .request(name, { signal: waiting.signal }, () => held(onTaken))
        .catch(() => {
          // Aborted by us, or the context is going away: either way nobody waits any more.
        });
      return () => waiting.abort();
    },
  };
}

/**
 * For pages without Web Locks (not a secure context): every lock is free. A SharedWorker is alone
 * in its profile even so; two tabs with dedicated workers are not.
 */
export function createOpenLocks(): Locks {
  return {
    tryTake: async () => () => {},
    take: (_name, onTaken) => {
      let waiting = true;
      queueMicrotask(() => {
        if (waiting) onTaken(() => {});
      });
      return () => {
        waiting = false;
      };
    },
  };
}

/** What these globals offer: Web Locks, or none. */
export function chooseLocks(navigator: { readonly locks?: LockManager }): Locks {
  return navigator.locks === undefined ? createOpenLocks() : createWebLocks(navigator.locks);
}

function held(onTaken: (release: Cancel) => void): Promise<void> {
  return new Promise((release) => onTaken(release));
}
