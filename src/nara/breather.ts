/**
 * Long work leaves others their turn. Whatever is read, verified and taken in at one time shares one
 * slice of each turn of the event loop; who finds it used up waits for a later turn.
 */

/**
 * How long all of it together may go on in one turn. A page is never to wait more than 50 ms: a
 * message that comes during a slice may have to wait for the next one too, and what has begun cannot
 * be divided (docs/decisions/ed25519.md).
 */
const sliceMs = 8;

export interface BreatherParts {
  /** Milliseconds since an arbitrary origin. */
  monotonicMs(): number;
  /** Runs `task` in a later turn of the event loop, soon. */
  nextTurn(task: () => void): void;
}

/** See `Clock.breathe`. */
export function createBreather({ monotonicMs, nextTurn }: BreatherParts): () => Promise<void> {
  let sliceEndMs = 0;
  /** Until the next turn comes. */
  let isUnderWay = false;
  let resume: (() => void) | undefined;
  let asked: Promise<void> = Promise.resolve();

  const begin = (): void => {
    isUnderWay = true;
    sliceEndMs = monotonicMs() + sliceMs;
    nextTurn(end);
  };

  const end = (): void => {
    isUnderWay = false;
    if (resume === undefined) return;
    begin();
    resume();
    resume = undefined;
  };

  const timeLeft = (): Promise<void> | undefined => {
    if (!isUnderWay) begin();
    return monotonicMs() < sliceEndMs
      ? undefined
      : new Promise((resolve) => {
          resume = resolve;
        });
  };

  return () => {
    // One after the other: each sees the time that the part of the one before took.
    asked = asked.then(timeLeft);
    return asked;
  };
}
