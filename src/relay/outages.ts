/** Tells the operator, once each, that the plaza went away and that it is back. */
import { leftReason } from "../adapters/plaza/reasons.ts";
import type { Log, Plaza } from "../nara/ports.ts";

/** The same plaza; whoever uses it still has to reconnect by itself. */
export function withOutagesTold(plaza: Plaza, log: Log): Plaza {
  let away = false;
  const tell = (text: string): void => log({ level: "warn", service: "plaza", text });
  return {
    address: plaza.address,
    connect: (attempt) =>
      plaza.connect({
        ...attempt,
        onOpen: () => {
          if (away) tell(`${plaza.address} is back`);
          away = false;
          attempt.onOpen();
        },
        onFrame: (frame) => attempt.onFrame(frame),
        onClosed: (closed) => {
          if (!away && closed.reason !== leftReason) {
            away = true;
            tell(`${plaza.address} is away, trying again: ${closed.reason}`);
          }
          attempt.onClosed(closed);
        },
      }),
  };
}
