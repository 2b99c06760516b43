/**
 * What a nara does not care to remember: its personality decides
 * (docs/protocol/events-and-ledger.md §5, social filter and importance rule).
 */
import type { SyncEvent } from "../../events/sync-event.ts";
import type { Personality } from "../../view.ts";

/** The bounds of events-and-ledger §5; each is the highest or lowest value that still keeps. */
const calm = { random: 70, all: 85 };
const mostAgreeable = 80;
const leastSociable = { random: 20, journeys: 30 };

/** Whether an event of this kind is to its taste. Only social events and observations are judged. */
export function isToTaste(personality: Personality, event: SyncEvent): boolean {
  switch (event.svc) {
    case "social":
      return keepsSocial(personality, event.payload.type, event.payload.reason);
    default:
      return isImportantEnough(personality, event);
  }
}

/** @param type social type: tease, observed, gossip, observation, service. */
export function keepsSocial(personality: Personality, type: string, reason: string): boolean {
  const { agreeableness, sociability, chill } = personality;
  if (reason === "random" && chill > calm.random) return false;
  if (type === "observation") return keepsNews(personality, reason);
  if (chill > calm.all) return reason === "comeback" || reason === "high-restarts";
  if (reason === "trend-abandon") return agreeableness <= mostAgreeable;
  return reason !== "random" || sociability >= leastSociable.random;
}

/** The very chill do without observations of normal importance; other events pass. */
export const isImportantEnough = ({ chill }: Personality, event: SyncEvent): boolean =>
  event.svc !== "observation" || event.payload.importance !== 2n || chill <= calm.all;

function keepsNews({ sociability, chill }: Personality, reason: string): boolean {
  switch (reason) {
    case "online":
    case "offline":
      return chill <= calm.all;
    case "journey-pass":
    case "journey-complete":
      return sociability >= leastSociable.journeys;
    default:
      return true;
  }
}
