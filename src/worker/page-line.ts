/**
 * A page's line to its host: says hello and leaves, holds the lock that tells the host it lives,
 * and opens the worker anew when it stays silent. What is said over it is the page protocol.
 */
import type { Cancel, Clock } from "../nara/ports.ts";
import type { Locks } from "./locks.ts";
import { protocolVersion, type ToHost, type ToPage } from "./protocol.ts";

/** A worker as a page sees it, whichever kind. */
export interface WorkerLine {
  /** It outlives its last page for a while. */
  readonly lingers: boolean;
  post(message: ToHost): void;
  onMessage(listener: (message: ToPage) => void): void;
  /** Its script could not be loaded or run. */
  onError(listener: () => void): void;
  close(): void;
}

/** Why the page has no nara, in a sentence for a person. */
export interface HostTrouble {
  readonly type: "unreachable" | "silent" | "outdated";
  readonly why: string;
}

export interface PageLine {
  post(message: ToHost): void;
  onMessage(listener: (message: ToPage) => void): void;
  /** Undefined when the trouble is over. */
  onTrouble(listener: (trouble: HostTrouble | undefined) => void): void;
  /** Says hello, unless one is under way; a welcome and a snapshot follow. */
  hello(): void;
  /** The page is being left. It may come back, with a hello. */
  leave(): void;
}

export interface PageLineParts {
  readonly clock: Pick<Clock, "after">;
  /** Undefined where there are no Web Locks. */
  readonly locks: Locks | undefined;
  readonly origin: string;
  /** Different for every page. */
  readonly lifeLock: string;
  openWorker(): WorkerLine;
}

/** Silence after a hello before the worker is opened anew: the first, and the longest. */
const firstPatienceMs = 5000;
const longestPatienceMs = 40_000;
/** An older host needs this long to say chau and end. */
const stepAsideMs = 500;

export function createPageLine(parts: PageLineParts): PageLine {
  const listeners = new Set<(message: ToPage) => void>();
  const troubleListeners = new Set<(trouble: HostTrouble | undefined) => void>();
  let worker: WorkerLine | undefined;
  let trouble: HostTrouble | undefined;
  /** The lock of this page's life, held or waited for. */
  let life: { readonly held: boolean; readonly giveUp: Cancel } | undefined;
  let isHere = false;
  /** A hello is under way: waiting for the lock, or for a welcome. */
  let impatience: Cancel | undefined;
  let patienceMs = firstPatienceMs;

  const report = (next: HostTrouble | undefined): void => {
    if (next?.type === trouble?.type) return;
    trouble = next;
    for (const listener of troubleListeners) listener(next);
  };

  const open = (): WorkerLine => {
    const line = parts.openWorker();
    line.onMessage((message) => {
      if (line === worker) hear(message);
    });
    line.onError(() => {
      if (line !== worker) return;
      report({ type: "unreachable", why: "The nara's program could not be loaded." });
    });
    return line;
  };

  const hear = (message: ToPage): void => {
    if (message.type === "welcome") {
      impatience?.();
      impatience = undefined;
      if (message.protocol < protocolVersion) {
        awaitNewerHost();
        return;
      }
      patienceMs = firstPatienceMs;
      report(undefined);
    }
    for (const listener of listeners) listener(message);
  };

  /** The host of the last build ends because we said hello; the next one is of our build. */
  const awaitNewerHost = (): void => {
    report({ type: "outdated", why: "The nara of the last version is making room for this one." });
    impatience = parts.clock.after(stepAsideMs, reopen);
  };

  const reopen = (): void => {
    impatience = undefined;
    worker?.post({ type: "leaving" });
    worker?.close();
    worker = undefined;
    if (isHere) hello();
  };

  const lostPatience = (): void => {
    if (trouble?.type !== "unreachable") {
      report({ type: "silent", why: "The nara does not answer. Trying again." });
    }
    patienceMs = Math.min(2 * patienceMs, longestPatienceMs);
    reopen();
  };

  const hello = (): void => {
    if (impatience !== undefined) return;
    isHere = true;
    worker ??= open();
    impatience = parts.clock.after(patienceMs, lostPatience);
    if (parts.locks === undefined) sayHello("");
    else if (life === undefined) holdLife(parts.locks);
    else if (life.held) sayHello(parts.lifeLock);
  };

  /** The host waits for this lock, so it must be ours before the host hears of it. */
  const holdLife = (locks: Locks): void => {
    const onTaken = (release: Cancel): void => {
      if (life !== waiting) {
        release();
        return;
      }
      life = { held: true, giveUp: release };
      sayHello(parts.lifeLock);
    };
    const waiting = { held: false, giveUp: locks.take(parts.lifeLock, onTaken) };
    life = waiting;
  };

  const sayHello = (lifeLock: string): void => {
    if (worker === undefined) return;
    const { lingers } = worker;
    const { origin } = parts;
    worker.post({ type: "hello", protocol: protocolVersion, lifeLock, lingers, origin });
  };

  return {
    post: (message) => worker?.post(message),
    onMessage: (listener) => void listeners.add(listener),
    onTrouble: (listener) => void troubleListeners.add(listener),
    hello,
    leave: () => {
      isHere = false;
      impatience?.();
      impatience = undefined;
      worker?.post({ type: "leaving" });
      life?.giveUp();
      life = undefined;
    },
  };
}
