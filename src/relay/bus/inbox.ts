/** Where answers to this relay arrive: one subscription, one number for each thing asked. */
import type { Cancel } from "../../nara/ports.ts";
import { type Broker, type BrokerMessage, subjects } from "./broker.ts";

export interface Inbox {
  /** Gives a `reply` subject to publish with. Who answers appends `.` and itself. */
  open(hear: (message: BrokerMessage, from: string) => void): {
    readonly subject: string;
    readonly close: Cancel;
  };
  stop: Cancel;
}

/** @param relay this relay's id among the others, 16 hex digits. */
export function createInbox(broker: Broker, relay: string): Inbox {
  const base = subjects.inbox(relay);
  const waiting = new Map<string, (message: BrokerMessage, from: string) => void>();
  let last = 0;
  const stop = broker.subscribe(`${base}.>`, (message) => {
    const [number = "", from = ""] = message.subject.slice(base.length + 1).split(".");
    waiting.get(number)?.(message, from);
  });
  return {
    open: (hear) => {
      last += 1;
      const number = String(last);
      waiting.set(number, hear);
      return { subject: `${base}.${number}`, close: () => void waiting.delete(number) };
    },
    stop,
  };
}
