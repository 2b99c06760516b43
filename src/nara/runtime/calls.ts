/**
 * Calls: a message to one peer that expects an answer. The answer must come from the peer that
 * was asked (stricter than the reference, design "What we accept" 7).
 */
import { accept, type Outcome, refuse } from "../outcome.ts";
import type { Cancel, Clock } from "../ports.ts";
import type { Message } from "./message.ts";

export type CallRefusal =
  | { readonly type: "timed-out"; readonly afterMs: number }
  | { readonly type: "not-sent"; readonly why: string }
  | { readonly type: "stopped" };

export type CallOutcome = Outcome<Message, CallRefusal>;

export interface Calls {
  /** Waits for the answer to `id` from `toId`. Register before sending. */
  expect(id: string, toId: string, timeoutMs: number): Promise<CallOutcome>;
  /** Gives a verified answer to whoever waits for it; false when nobody does. */
  answer(message: Message): boolean;
  cancel(id: string, refusal: CallRefusal): void;
  cancelAll(): void;
  readonly pending: number;
}

interface Pending {
  readonly toId: string;
  readonly settle: (outcome: CallOutcome) => void;
  readonly stopTimer: Cancel;
}

export function createCalls(clock: Clock): Calls {
  const pending = new Map<string, Pending>();

  const settle = (id: string, outcome: CallOutcome): void => {
    const call = pending.get(id);
    if (call === undefined) return;
    pending.delete(id);
    call.stopTimer();
    call.settle(outcome);
  };

  return {
    expect: (id, toId, timeoutMs) =>
      new Promise((resolve) => {
        const stopTimer = clock.after(timeoutMs, () =>
          settle(id, refuse({ type: "timed-out", afterMs: timeoutMs })),
        );
        pending.set(id, { toId, settle: resolve, stopTimer });
      }),
    answer(message) {
      const call = pending.get(message.inReplyTo);
      if (call === undefined || call.toId !== message.fromId) return false;
      settle(message.inReplyTo, accept(message));
      return true;
    },
    cancel: (id, refusal) => settle(id, refuse(refusal)),
    cancelAll() {
      for (const id of [...pending.keys()]) settle(id, refuse({ type: "stopped" }));
    },
    get pending() {
      return pending.size;
    },
  };
}
