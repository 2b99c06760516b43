/** A broker within one process, for tests of what is the same with any broker. */
import type { Broker, BrokerMessage } from "./broker.ts";

interface Listener {
  readonly owner: object;
  readonly subject: string;
  readonly hear: (message: BrokerMessage) => void;
}

/** @returns makes one more connection. */
export function createMemoryBroker(): () => Broker {
  const listeners = new Set<Listener>();
  const matches = (listener: Listener, subject: string): boolean =>
    listener.subject === subject ||
    (listener.subject.endsWith(".>") && subject.startsWith(listener.subject.slice(0, -1)));
  const deliver = (to: readonly Listener[], message: BrokerMessage): void => {
    queueMicrotask(() => {
      for (const listener of to) listener.hear(message);
    });
  };
  return () => {
    const owner = {};
    let open = true;
    return {
      address: "memory",
      publish: (subject, bytes, reply) => {
        if (!open) return;
        const found = [...listeners].filter((one) => matches(one, subject) && one.owner !== owner);
        if (found.length > 0) {
          return deliver(found, { subject, bytes: bytes.slice(), reply, nobody: false });
        }
        if (reply === undefined) return;
        const own = [...listeners].filter((one) => matches(one, reply) && one.owner === owner);
        deliver(own, { subject: reply, bytes: new Uint8Array(), reply: undefined, nobody: true });
      },
      subscribe: (subject, hear) => {
        const listener = { owner, subject, hear };
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      settled: async () => {},
      isOpen: () => open,
      unsentBytes: () => 0,
      onLost: () => {},
      close: async () => {
        open = false;
        for (const one of [...listeners]) if (one.owner === owner) listeners.delete(one);
      },
    };
  };
}
