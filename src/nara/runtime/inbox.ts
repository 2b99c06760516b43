/**
 * The inbox: texts from outside wait here, are decoded and prepared in batches, so that their
 * signatures are verified in parallel, and go their way one after the other, in order of arrival.
 */
import { maxFrameBytes } from "../limits.ts";
import type { Clock } from "../ports.ts";
import type { Behaviour } from "./behaviour.ts";
import type { DropReason } from "./drops.ts";
import { type Arrival, frozen } from "./message.ts";
import { prepare, reasonOf, runReceive, type Verdict } from "./pipelines.ts";
import type { ReceiveContext, StageTools } from "./stage.ts";

export interface Inbox {
  /** @param behaviour the kind's, or why there is none. */
  receive(behaviour: Behaviour | DropReason, text: string, arrival: Arrival): Promise<Verdict>;
  /** Resolves when everything received so far has had its effect. */
  settled(): Promise<void>;
}

export interface InboxParts {
  readonly clock: Pick<Clock, "nowNs">;
  readonly tools: StageTools;
  /** Ends a message's way; what it answers is the final word. */
  finish(verdict: Verdict): Verdict;
}

/** Texts that may wait; the reference's inboxes hold 50 each (docs/protocol/presence-and-life.md §1). */
const maxWaiting = 5000;
/** UTF-16 units of all that waits: sixty of the largest messages, thousands of the usual ones. */
const maxWaitingUnits = 64 * maxFrameBytes;
/** Texts decoded and verified together. */
const batchSize = 256;

interface Waiting {
  readonly behaviour: Behaviour | DropReason;
  readonly text: string;
  readonly arrival: Arrival;
  readonly settle: (verdict: Verdict) => void;
}

export function createInbox({ clock, tools, finish }: InboxParts): Inbox {
  const waiting: Waiting[] = [];
  let waitingUnits = 0;
  let pumping: Promise<void> | undefined;

  const open = ({ behaviour, text, arrival }: Waiting): ReceiveContext | Verdict => {
    if (typeof behaviour === "string") return { type: "dropped", reason: behaviour, kind: "" };
    const { kind } = behaviour;
    try {
      const topic = arrival.via === "plaza" ? arrival.topic : "";
      const decoded = behaviour.envelope.decode(text, { topic, atNs: clock.nowNs() });
      if (!decoded.ok) return { type: "dropped", reason: decoded.refusal, kind };
      const { message, signedBytes } = decoded.value;
      const context = { message: frozen(message), signedBytes, behaviour, arrival, tools };
      const prepared = prepare(context);
      if (prepared.type === "drop") return { type: "dropped", reason: prepared.reason, kind };
      if (prepared.type === "fail") return { type: "failed", error: prepared.error, kind };
      return context;
    } catch (error) {
      return { type: "failed", error: `while reading: ${reasonOf(error)}`, kind };
    }
  };

  const pump = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting
        .splice(0, batchSize)
        .map((entry) => ({ settle: entry.settle, opened: open(entry) }));
      waitingUnits = waiting.reduce((sum, { text }) => sum + text.length, 0);
      for (const { settle, opened } of batch) {
        settle(finish("type" in opened ? opened : await runReceive(opened)));
      }
    }
    pumping = undefined;
  };

  return {
    receive: (behaviour, text, arrival) =>
      new Promise((settle) => {
        if (waiting.length >= maxWaiting || waitingUnits >= maxWaitingUnits) {
          settle(finish({ type: "dropped", reason: "inbox_full", kind: "" }));
          return;
        }
        waiting.push({ behaviour, text, arrival, settle });
        waitingUnits += text.length;
        pumping ??= Promise.resolve().then(pump);
      }),
    async settled() {
      while (pumping !== undefined) await pumping;
    },
  };
}
