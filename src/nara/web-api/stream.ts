/** What `/events` tells as it happens, as server-sent events. (docs/protocol/ui-and-api.md §b, SSE) */
import { goString } from "../codec/go-json.ts";
import { type SyncEvent, tellEvent } from "../events/sync-event.ts";
import type { Cancel } from "../ports.ts";
import type { WebApiParts } from "./parts.ts";
import { mapOf } from "./printed.ts";

/** Who listens gets a piece of text at a time, whole server-sent events. */
export type StreamListener = (text: string) => void;

/** Listeners at a time; a page needs one. */
export const maxListeners = 32;
/** What is older is no news, however it came. */
const newsAgeNs = 60_000_000_000n;

export interface Stream {
  /** Calls `listener` from now on, first with a greeting. Undefined when too many listen. */
  subscribe(listener: StreamListener): Cancel | undefined;
}

export function createStream({ me, clock, ledger }: WebApiParts): Stream {
  const listeners = new Set<StreamListener>();
  let stopListening: Cancel = () => {};

  const isNews = (event: SyncEvent): boolean => {
    if (clock.nowNs() - event.tsNs > newsAgeNs) return false;
    switch (event.svc) {
      case "hey-there":
      case "chau":
        return true;
      case "social":
        return event.payload.actor === me.name || event.payload.target === me.name;
      case "observation":
        return event.payload.observer === me.name;
      default:
        return false;
    }
  };

  return {
    subscribe(listener) {
      if (listeners.size >= maxListeners) return undefined;
      if (listeners.size === 0) {
        stopListening = ledger.onAdd(({ event, tier }) => {
          if (tier !== "proven" || !isNews(event)) return;
          const text = shown(event);
          for (const each of listeners) each(text);
        });
      }
      const own: StreamListener = (text) => listener(text);
      listeners.add(own);
      own(`event: connected\ndata: {"server":${goString(me.name)}}\n\n`);
      return () => {
        if (listeners.delete(own) && listeners.size === 0) stopListening();
      };
    },
  };
}

function shown(event: SyncEvent): string {
  const { icon, text, detail } = tellEvent(event);
  const data = mapOf({
    id: goString(event.id),
    service: goString(event.svc),
    timestamp: String(event.tsNs),
    emitter: goString(event.emitter),
    icon: goString(icon),
    text: goString(text),
    detail: goString(detail),
  });
  return `event: ${event.svc}\ndata: ${data}\n\n`;
}
