/** A sample of 5000 events for a nara that boots, out of a long memory, the list of it included. */
import { createSystemRandom } from "../src/adapters/random.ts";
import { isAlwaysIn, type SyncEvent } from "../src/nara/events/sync-event.ts";
import { alreadyChecked } from "../src/nara/ledger/checked-event.ts";
import { createLedger } from "../src/nara/ledger/ledger.ts";
import { sampleEvents } from "../src/nara/sync/sample.ts";
import { scribbledMix } from "./event-mix.ts";
import { line, median } from "./report.ts";

const sampleSize = 5000;
/** What the reference takes out of 320 000. */
const budgetMs = 60;
const runs = 9;
/** Events of the hog mode (docs/protocol/identity.md §7). */
const longest = 320_000;
/** So many hold that many that are neither always in nor pings, of which few are kept. */
const told = 380_000;

export function reportSampling(nowNs: bigint): void {
  const { events } = scribbledMix({ seed: "sampling", count: told, untilNs: nowNs });
  report("many of them always in", events, nowNs);
  const drawn = events.filter((event) => event.svc !== "ping" && !isAlwaysIn(event));
  report("all of them drawn", drawn, nowNs);
}

function report(which: string, events: readonly SyncEvent[], nowNs: bigint): void {
  const random = createSystemRandom();
  const ledger = createLedger({ capacity: longest });
  ledger.merge(events.map(alreadyChecked));
  const sampler = { me: "nara-0001", nowNs, random };
  const sampleMs = median(
    Array.from({ length: runs }, () => {
      const startMs = performance.now();
      const sample = sampleEvents(ledger.provenToDraw(), sampleSize, sampler);
      if (sample.length !== sampleSize) throw new Error(`${sample.length} events were drawn`);
      return performance.now() - startMs;
    }),
  );
  line({
    name: `sample of ${sampleSize} out of ${ledger.count()}, ${which}`,
    figure: sampleMs,
    unit: "ms",
    budget: `≤ ${budgetMs} ms`,
    ok: sampleMs <= budgetMs,
  });
}
