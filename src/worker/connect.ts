/** How a page reaches its nara: one call, whatever hosts it in this browser. */
import { after } from "../adapters/clock.ts";
import { createWebLocks } from "./locks.ts";
import { type HostKind, openWorker } from "./open-worker.ts";
import { createPageLine, type PageLine } from "./page-line.ts";
import { protocolVersion } from "./protocol.ts";

export type { HostKind } from "./open-worker.ts";
export type { HostTrouble } from "./page-line.ts";

export interface HostConnection extends Omit<PageLine, "leave"> {
  /** Where the nara is hosted: for all tabs, or for this one. */
  kind(): HostKind;
  /**
   * For a page that heard of a newer protocol: loads the page anew, once. Returns false when that
   * was done already and did not help, so that a person must be told.
   */
  reload(): boolean;
}

const reloadedFor = "nara: reloaded at protocol";

/** Opens nothing yet: the first `hello()` does. It then says when this page leaves and comes back. */
export function connectToHost(): HostConnection {
  let kind: HostKind = "shared";
  const line = createPageLine({
    clock: { after },
    locks: navigator.locks === undefined ? undefined : createWebLocks(navigator.locks),
    origin: location.origin,
    lifeLock: `page ${[...crypto.getRandomValues(new Uint32Array(4))].join("-")}`,
    openWorker: () => {
      const opened = openWorker();
      kind = opened.kind;
      return opened.line;
    },
  });

  window.addEventListener("pagehide", () => line.leave());
  window.addEventListener("pageshow", ({ persisted }) => {
    if (persisted) line.hello();
  });
  // Engines may end or restart a worker unseen while its pages are hidden (WebKit bug 318873).
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") line.hello();
  });

  return {
    post: (message) => {
      line.post(message);
      if (message.type === "command" && message.command.type !== "inspect-soul") keepStorage();
    },
    onMessage: line.onMessage,
    onTrouble: line.onTrouble,
    hello: line.hello,
    kind: () => kind,
    reload: () => {
      if (sessionStorage.getItem(reloadedFor) === String(protocolVersion)) return false;
      sessionStorage.setItem(reloadedFor, String(protocolVersion));
      location.reload();
      return true;
    },
  };
}

/**
 * Asks the browser not to clear the soul away when storage runs short. Browsers decide by
 * themselves or ask the person, so it waits until the person does something with the nara.
 */
function keepStorage(): void {
  navigator.storage?.persist?.().catch(() => {
    // Refused: the soul stays exportable.
  });
}
