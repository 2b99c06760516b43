/** How much was forgotten, of each kind and for each reason. */
import { type EventService, eventKinds } from "../events/event-kinds.ts";
import type { ForgetReason, ForgottenCounts } from "./ledger-types.ts";

export interface ForgottenCounters {
  count(svc: EventService, reason: ForgetReason): void;
  all(): ForgottenCounts;
}

type Counts = { readonly [Svc in EventService]: Record<ForgetReason, number> };

export function createForgottenCounters(): ForgottenCounters {
  const counts = perService(() => ({
    capacity: 0,
    ping_retention: 0,
    compaction: 0,
    removed: 0,
    replaced: 0,
  }));
  return {
    count(svc, reason) {
      counts[svc][reason]++;
    },
    all: () => perService((svc) => ({ ...counts[svc] })),
  };
}

const perService = (make: (svc: EventService) => Record<ForgetReason, number>): Counts =>
  Object.fromEntries(
    (Object.keys(eventKinds) as EventService[]).map((svc) => [svc, make(svc)]),
  ) as Counts;
