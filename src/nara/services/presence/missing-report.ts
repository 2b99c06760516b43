/** Whether others already know that somebody is missing (docs/protocol/presence-and-life.md §5). */
import type { SyncEvent } from "../../events/sync-event.ts";

/** Another's report this fresh makes mine needless. */
const reportedRecentlyNs = 15_000_000_000n;

/** @param events of the ledger about `subject` */
export const isReportedMissing = (
  events: readonly SyncEvent[],
  { me, subject }: { readonly me: string; readonly subject: string },
  nowNs: bigint,
): boolean =>
  events.some(
    (event) =>
      event.svc === "observation" &&
      event.payload.type === "status-change" &&
      event.payload.online_state === "MISSING" &&
      event.payload.subject === subject &&
      event.payload.observer !== me &&
      event.tsNs > nowNs - reportedRecentlyNs,
  );
