/** A broker in the hands of an enemy: it hands over whatever it likes, under any topic. */
import type { Plaza, PlazaAttempt } from "../../src/nara/ports.ts";

export interface HostilePlaza {
  readonly plaza: Plaza;
  /** Gives the nara a frame, subscribed or not. */
  hand(topic: string, payload: Uint8Array, retained?: boolean): void;
  /** Throws the nara out; it will come back by itself. */
  cut(): void;
  /** What the nara said, oldest first. */
  readonly said: readonly { readonly topic: string; readonly payload: Uint8Array }[];
}

export function createHostilePlaza(): HostilePlaza {
  const said: { topic: string; payload: Uint8Array }[] = [];
  let guest: PlazaAttempt | undefined;
  return {
    said,
    hand(topic, payload, retained = false) {
      guest?.onFrame({ topic, payload, retained });
    },
    cut: () => guest?.onClosed({ reason: "thrown out" }),
    plaza: {
      address: "memory://hostile",
      connect(attempt) {
        guest = attempt;
        void Promise.resolve().then(() => attempt.onOpen());
        return {
          subscribe: async () => true,
          publish(topic, payload) {
            said.push({ topic, payload });
            return true;
          },
          async close() {
            guest = undefined;
            attempt.onClosed({ reason: "left" });
          },
        };
      },
    },
  };
}
