/** How far apart naras usually are: the side of a barrio (docs/protocol/identity.md §6). */
import type { SyncEvent } from "../events/sync-event.ts";
import { gridSize } from "../identity/barrio.ts";
import { byValue, createSortedList } from "./sorted-list.ts";

export interface RoundTrips {
  feed(event: SyncEvent): void;
  /** The event is no longer remembered. */
  forget(event: SyncEvent): void;
  /** By the median of the round trips, ms. */
  gridMs(): number;
}

export function createRoundTrips(): RoundTrips {
  const rttsMs = createSortedList(byValue);
  let gridMs: number | undefined;
  return {
    feed(event) {
      if (event.svc !== "ping") return;
      rttsMs.add(event.payload.rtt);
      gridMs = undefined;
    },
    forget(event) {
      if (event.svc !== "ping") return;
      rttsMs.remove(event.payload.rtt);
      gridMs = undefined;
    },
    gridMs() {
      gridMs ??= gridSize(rttsMs.items());
      return gridMs;
    },
  };
}
