/** Lets others have their turn during long work, so that no page waits long for its host. */

/**
 * How long work may go on before others get a turn. A page is never to wait more than 50 ms; this
 * leaves room for what cannot be divided (docs/decisions/ed25519.md).
 */
const sliceMs = 8;

/**
 * Call it between the parts of one stretch of work. It takes a turn of the event loop whenever a
 * slice is used up.
 */
export function createBreather(): () => Promise<void> {
  let sliceEndMs = performance.now() + sliceMs;
  return async () => {
    if (performance.now() >= sliceEndMs) {
      await turnOfOthers();
      sliceEndMs = performance.now() + sliceMs;
    }
  };
}

/**
 * In browsers by a message to ourselves: unlike timers, messages are not held back in hidden pages.
 * Node has something cheaper, and a channel there costs more than a verification.
 */
function turnOfOthers(): Promise<void> {
  if (typeof setImmediate === "function") return new Promise((resolve) => setImmediate(resolve));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
