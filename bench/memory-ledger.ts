/** What remembering costs in time, in Node and in Chromium, and in memory. */
import { setTimeout } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { alreadyChecked } from "../src/nara/ledger/checked-event.ts";
import { createLedger, type Ledger } from "../src/nara/ledger/ledger.ts";
import { scribbledMix } from "./event-mix.ts";
import { type LedgerFigures, measureLedger } from "./ledger-figures.ts";
import { line } from "./report.ts";
import { measureInSharedWorker } from "./shared-worker.ts";

const mergePerS = 250_000;
const duplicatesPerS = 500_000;
/** Cost of an addition to a long memory, to that of one to a short memory. */
const flatRatio = 1.5;
const meanUs = 50;
const longestMs = 10;
const bytesPerEvent = 600;
/** Capacities of the memory modes (docs/protocol/identity.md §7). */
const capacities = [20_000, 80_000, 320_000];
/** What the code itself takes is there before anything is weighed. */
const warmingUp = 1000;
/** Of events told, so many are kept at least: of pings only five for each nara. */
const surplus = 1.05;

export async function reportLedger(): Promise<void> {
  filled(warmingUp);
  for (const capacity of capacities) await reportHeap(capacity);
  report("Node", await measureLedger());
  report("SharedWorker", await measureInSharedWorker("bench/ledger-worker.ts"));
}

function report(where: string, { merges, flatness, full }: LedgerFigures): void {
  for (const [name, figure, budget] of [
    [`merge of ${merges.events} events, not verified`, merges.mergedPerS, mergePerS],
    ["the same again, all duplicates", merges.duplicatesPerS, duplicatesPerS],
  ] as const) {
    line({
      name: `${name}, ${where}`,
      figure,
      unit: "/s",
      baseline: merges.barePerS,
      ratio: figure / merges.barePerS,
      budget: `≥ ${budget.toLocaleString("en-US")} /s`,
      ok: figure >= budget,
    });
  }
  const ratio = flatness.longUs / flatness.shortUs;
  line({
    name: `addition to ${flatness.long}, to one to ${flatness.short}, ${where}`,
    figure: flatness.longUs,
    unit: "µs",
    baseline: flatness.shortUs,
    ratio,
    budget: `ratio ≤ ${flatRatio}`,
    ok: ratio <= flatRatio,
  });
  line({
    name: `addition to a full ledger of ${full.kept}, ${where}`,
    figure: full.meanUs,
    unit: "µs",
    budget: `≤ ${meanUs} µs`,
    ok: full.meanUs <= meanUs,
  });
  line({
    name: `longest of ${full.additions} such, ${where}`,
    figure: full.longestMs,
    unit: "ms",
    budget: `≤ ${longestMs} ms`,
    ok: full.longestMs <= longestMs,
  });
}

/** Chromium's engine is the same, with pointers of half the size. */
async function reportHeap(capacity: number): Promise<void> {
  const before = await usedBytes();
  const ledger = filled(capacity);
  const figure = ((await usedBytes()) - before) / ledger.count();
  line({
    name: `heap per signed event at ${ledger.count()}, Node`,
    figure,
    unit: "bytes",
    budget: `≤ ${bytesPerEvent} bytes`,
    ok: figure <= bytesPerEvent,
  });
}

function filled(capacity: number): Ledger {
  const ledger = createLedger({ capacity });
  const { events } = scribbledMix({ seed: "heap", count: Math.ceil(capacity * surplus) });
  ledger.merge(events.map(alreadyChecked));
  return ledger;
}

/** Collected in several turns: what one works with is still held while it lasts. */
async function usedBytes(): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect !== "function") throw new Error("the engine does not collect on demand");
  for (let turn = 0; turn < 3; turn++) {
    await setTimeout(10);
    collect();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
