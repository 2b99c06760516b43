/** What an asker wants to hear of: services and names, as in every request for events. (events-and-ledger §6) */
import { actorOf, type SyncEvent, targetOf } from "../events/sync-event.ts";

export interface Wanted {
  /** Null or empty: all. */
  readonly services: readonly string[] | null;
  /** Names of actor or target; null or empty: all. */
  readonly subjects: readonly string[] | null;
}

export const everything: Wanted = { services: null, subjects: null };

/** The test that an event must pass. */
export function isWanted({ services, subjects }: Wanted): (event: SyncEvent) => boolean {
  const kinds = new Set<string>(services);
  const names = new Set(subjects);
  if (kinds.size === 0 && names.size === 0) return () => true;
  return (event) =>
    (kinds.size === 0 || kinds.has(event.svc)) &&
    (names.size === 0 || names.has(actorOf(event)) || names.has(targetOf(event)));
}
