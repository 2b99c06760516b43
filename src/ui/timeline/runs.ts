/** Many tell the same: when somebody new comes, every neighbour says so. Told once, and counted. */
import type { TimelineEntry } from "../../nara/view.ts";

/** The first of each run of entries that read the same, with the length of its run; order is kept. */
export const runsOf = (entries: readonly TimelineEntry[]): ReadonlyMap<TimelineEntry, number> => {
  const runs = new Map<TimelineEntry, number>();
  let first: TimelineEntry | undefined;
  for (const entry of entries) {
    if (
      first?.text !== entry.text ||
      first.detail !== entry.detail ||
      first.signed !== entry.signed
    ) {
      first = entry;
    }
    runs.set(first, (runs.get(first) ?? 0) + 1);
  }
  return runs;
};
