/** Personality and limits in the pipelines: what is not to my taste is said, but not remembered. */
import type { EventService, Payloads } from "../../events/event-kinds.ts";
import { eventOf } from "../../runtime/envelopes/sync-event.ts";
import type { Message } from "../../runtime/message.ts";
import {
  drop,
  type EmitStage,
  proceed,
  type ReceiveStage,
  type StageContext,
} from "../../runtime/stage.ts";
import { stored } from "../../runtime/stages.ts";
import { isToTaste } from "./filters.ts";

/** Drops what my personality does not care for (docs/protocol/events-and-ledger.md §5, social filter). */
export function toTaste(svc: EventService): ReceiveStage {
  return {
    name: "filter",
    prepare: (context) => (suits(svc, context) ? proceed : drop("filtered")),
    run: () => proceed,
  };
}

/** Keeps my own words only where they are to my taste; they are said all the same. */
export function storedToTaste(svc: EventService): EmitStage {
  const store = stored(svc);
  return {
    name: store.name,
    run: (context) => (suits(svc, context) ? store.run(context) : proceed),
  };
}

const suits = (svc: EventService, { message, tools }: StageContext): boolean =>
  // A behaviour names the service it is declared for, so the payload is that service's.
  isToTaste(tools.personality, eventOf(svc, message as Message<Payloads[typeof svc]>));
