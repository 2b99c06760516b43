/** What remembering costs: taking events in, meeting them again, making room. */
import { alreadyChecked, type CheckedEvent } from "../src/nara/ledger/checked-event.ts";
import { createLedger, type Ledger } from "../src/nara/ledger/ledger.ts";
import { type EventMix, reheard } from "./event-mix.ts";
import { line, median } from "./report.ts";

const mergePerS = 250_000;
const duplicatesPerS = 500_000;
const merged = 50_000;
/** Cost of an addition to a long memory, to that of one to a short memory. */
const flatRatio = 1.5;
const short = 1000;
const long = 320_000;
const amortisedUs = 50;
const worstMs = 10;
const rounds = 7;

/** @param mix some more events than fill a ledger of 320 000. */
export function reportLedger({ events }: EventMix): void {
  const checked = events.map(alreadyChecked);
  reportMerges(checked.slice(0, merged));
  reportFlatness(checked);
  reportFullLedger(checked);
}

function reportMerges(events: readonly CheckedEvent[]): void {
  const again = reheard(events).map(alreadyChecked);
  const figures = Array.from({ length: rounds }, () => {
    const ledger = createLedger({ capacity: long });
    const mergeMs = tookMs(() => ledger.merge(events));
    return { bareMs: bareMs(events), mergeMs, againMs: tookMs(() => ledger.merge(again)) };
  });
  const baseline = perS(median(figures.map(({ bareMs }) => bareMs)));
  const merging = perS(median(figures.map(({ mergeMs }) => mergeMs)));
  const meeting = perS(median(figures.map(({ againMs }) => againMs)));
  for (const [name, figure, budget] of [
    [`merge of ${merged} events, not verified`, merging, mergePerS],
    ["the same again, all duplicates", meeting, duplicatesPerS],
  ] as const) {
    const ratio = figure / baseline;
    const compared = { figure, unit: "/s", baseline, ratio };
    line({ name, ...compared, budget: `≥ ${budget} /s`, ok: figure >= budget });
  }
}

/** The baseline: a list and a map by id, nothing else. */
function bareMs(events: readonly CheckedEvent[]): number {
  const list: CheckedEvent[] = [];
  const byId = new Map<string, CheckedEvent>();
  return tookMs(() => {
    for (const event of events) {
      if (byId.has(event.id)) continue;
      byId.set(event.id, event);
      list.push(event);
    }
  });
}

/** Adds of short and of long ledgers take turns, so that both meet the same machine. */
function reportFlatness(events: readonly CheckedEvent[]): void {
  const longLedger = createLedger({ capacity: Number.POSITIVE_INFINITY });
  const turns = 40;
  const perTurn = 500;
  longLedger.merge(events.slice(0, long - turns * perTurn));
  const shortUs: number[] = [];
  const longUs: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const shortLedger = createLedger({ capacity: Number.POSITIVE_INFINITY });
    shortLedger.merge(events.slice(0, short));
    const from = long - (turns - turn) * perTurn;
    const next = events.slice(from, from + perTurn);
    shortUs.push((tookMs(() => shortLedger.merge(next)) * 1000) / perTurn);
    longUs.push((tookMs(() => longLedger.merge(next)) * 1000) / perTurn);
  }
  const baseline = median(shortUs);
  const figure = median(longUs);
  const ratio = figure / baseline;
  line({
    name: `an addition to ${long} events, to one to ${short}`,
    ...{ figure, unit: "µs", baseline, ratio },
    budget: `ratio ≤ ${flatRatio}`,
    ok: ratio <= flatRatio,
  });
}

function reportFullLedger(events: readonly CheckedEvent[]): void {
  const ledger = createLedger({ capacity: long });
  const timed = events.slice(fill(ledger, events));
  if (timed.length < short) throw new Error(`only ${timed.length} events are left to add`);
  const addingMs = timed.map((event) => tookMs(() => ledger.addChecked(event)));
  const figure = (addingMs.reduce((sum, ms) => sum + ms, 0) * 1000) / timed.length;
  line({
    name: `an event added to a full ledger of ${ledger.count()}, on average`,
    ...{ figure, unit: "µs" },
    budget: `≤ ${amortisedUs} µs`,
    ok: figure <= amortisedUs,
  });
  const longest = Math.max(...addingMs);
  line({
    name: `the longest of ${timed.length} such additions`,
    ...{ figure: longest, unit: "ms" },
    budget: `≤ ${worstMs} ms`,
    ok: longest <= worstMs,
  });
}

/** How many events it took. */
function fill(ledger: Ledger, events: readonly CheckedEvent[]): number {
  const full = events.findIndex((event) => {
    ledger.addChecked(event);
    return ledger.count() >= ledger.capacity;
  });
  return full + 1;
}

const perS = (ms: number): number => (merged / ms) * 1000;

function tookMs(task: () => unknown): number {
  const startMs = performance.now();
  task();
  return performance.now() - startMs;
}
