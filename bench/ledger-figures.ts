/** Measures what remembering costs: taking events in, meeting them again, making room. */
import { alreadyChecked, type CheckedEvent } from "../src/nara/ledger/checked-event.ts";
import { createLedger, type Ledger } from "../src/nara/ledger/ledger.ts";
import { reheard, scribbledMix } from "./event-mix.ts";
import { median } from "./report.ts";

export interface LedgerFigures {
  readonly merges: MergeRates;
  readonly flatness: Flatness;
  readonly full: FullLedger;
}

export interface MergeRates {
  readonly events: number;
  /** Into a list and a map by id, nothing else: what the engine itself can do. */
  readonly barePerS: number;
  readonly mergedPerS: number;
  readonly duplicatesPerS: number;
}

export interface Flatness {
  readonly short: number;
  readonly long: number;
  /** Cost of an addition to a ledger of so many events. */
  readonly shortUs: number;
  readonly longUs: number;
}

export interface FullLedger {
  readonly kept: number;
  readonly additions: number;
  readonly meanUs: number;
  readonly longestMs: number;
}

const merged = 50_000;
const short = 1000;
/** Events of the hog mode (docs/protocol/identity.md §7). */
const long = 320_000;
/** So many fill it: of pings only five are kept for each nara. */
const toFill = 334_500;
const additions = 10_000;
const rounds = 9;

export async function measureLedger(): Promise<LedgerFigures> {
  const mix = scribbledMix({ seed: "ledger", count: toFill + additions });
  const events = mix.events.map(alreadyChecked);
  return {
    merges: mergeRates(events.slice(0, merged)),
    flatness: flatness(events),
    full: fullLedger(events),
  };
}

function mergeRates(events: readonly CheckedEvent[]): MergeRates {
  const again = reheard(events).map(alreadyChecked);
  const rates = Array.from({ length: rounds }, () => {
    const fresh = reheard(events).map(alreadyChecked);
    const ledger = createLedger({ capacity: long });
    return {
      bare: perS(bareMs(fresh)),
      merged: perS(tookMs(() => ledger.merge(fresh))),
      duplicates: perS(tookMs(() => ledger.merge(again))),
    };
  });
  return {
    events: merged,
    barePerS: median(rates.map(({ bare }) => bare)),
    mergedPerS: median(rates.map((rate) => rate.merged)),
    duplicatesPerS: median(rates.map(({ duplicates }) => duplicates)),
  };
}

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

/** Adds to short and to long ledgers take turns, so that both meet the same machine. */
function flatness(events: readonly CheckedEvent[]): Flatness {
  const turns = 40;
  const perTurn = 500;
  const longLedger = createLedger({ capacity: Number.POSITIVE_INFINITY });
  longLedger.merge(events.slice(0, long - turns * perTurn));
  const costs = Array.from({ length: turns }, (_, turn) => {
    const shortLedger = createLedger({ capacity: Number.POSITIVE_INFINITY });
    shortLedger.merge(events.slice(0, short));
    const from = long - (turns - turn) * perTurn;
    const next = events.slice(from, from + perTurn);
    const costUs = (ledger: Ledger): number => (tookMs(() => ledger.merge(next)) * 1000) / perTurn;
    return { shortUs: costUs(shortLedger), longUs: costUs(longLedger) };
  });
  return {
    short,
    long,
    shortUs: median(costs.map(({ shortUs }) => shortUs)),
    longUs: median(costs.map(({ longUs }) => longUs)),
  };
}

function fullLedger(events: readonly CheckedEvent[]): FullLedger {
  const ledger = createLedger({ capacity: long });
  const begun = fill(ledger, events);
  const timed = events.slice(begun, begun + additions);
  const costsMs = timed.map((event) => tookMs(() => ledger.addChecked(event)));
  if (timed.length < short) throw new Error(`only ${timed.length} events were left to add`);
  return {
    kept: ledger.count(),
    additions: timed.length,
    meanUs: (costsMs.reduce((sum, ms) => sum + ms, 0) * 1000) / timed.length,
    longestMs: Math.max(...costsMs),
  };
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
