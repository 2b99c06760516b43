/** A sample of 5000 events for a nara that boots, out of a long memory. */
import { createSystemRandom } from "../src/adapters/random.ts";
import type { SyncEvent } from "../src/nara/events/sync-event.ts";
import { sampleEvents } from "../src/nara/sync/sample.ts";
import { line, median } from "./report.ts";

const sampleSize = 5000;
/** What the reference takes out of 320 000. */
const budgetMs = 60;
const runs = 9;

/** @param events of the largest ledger, 320 000. */
export function reportSampling(events: Iterable<SyncEvent>, nowNs: bigint): void {
  const random = createSystemRandom();
  const sampleMs = median(
    Array.from({ length: runs }, () => {
      const startMs = performance.now();
      const drawn = sampleEvents(events, sampleSize, { me: "nara-0001", nowNs, random });
      if (drawn.length !== sampleSize) throw new Error(`${drawn.length} events were drawn`);
      return performance.now() - startMs;
    }),
  );
  let count = 0;
  for (const _ of events) count++;
  line({
    name: `sample of ${sampleSize} out of ${count} events`,
    figure: sampleMs,
    unit: "ms",
    budget: `≤ ${budgetMs} ms`,
    ok: sampleMs <= budgetMs,
  });
}
