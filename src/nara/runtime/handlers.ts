/** Who listens to what: handlers by kind and version. */
import type { Loggers } from "./log.ts";
import type { Message } from "./message.ts";
import { reasonOf } from "./pipelines.ts";
import type { Handler } from "./service.ts";

export interface Handlers {
  add(kind: string, version: number, service: string, handler: Handler<unknown>): void;
  /** Whether anybody listens to this kind in this version. */
  hear(message: Message): boolean;
  /** Hands it to all who do. What a handler throws is logged under its service's name. */
  deliver(message: Message): void;
}

export function createHandlers(loggers: Loggers): Handlers {
  const entries = new Map<string, { service: string; run: Handler<unknown> }[]>();
  const keyOf = (kind: string, version: number): string => `${kind} v${version}`;

  return {
    add(kind, version, service, run) {
      const key = keyOf(kind, version);
      entries.set(key, [...(entries.get(key) ?? []), { service, run }]);
    },
    hear: ({ kind, version }) => entries.has(keyOf(kind, version)),
    deliver(message) {
      for (const { service, run } of entries.get(keyOf(message.kind, message.version)) ?? []) {
        const complain = (error: unknown): void =>
          loggers.of(service).error(`while hearing ${message.kind}: ${reasonOf(error)}`);
        try {
          Promise.resolve(run(message)).catch(complain);
        } catch (error) {
          complain(error);
        }
      }
    },
  };
}
