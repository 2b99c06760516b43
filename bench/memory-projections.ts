/** What it costs to believe: per event that comes or goes, and per look at everybody. */
import { newSyncEvent, type SyncEvent } from "../src/nara/events/sync-event.ts";
import type { Added, Forgotten } from "../src/nara/ledger/ledger.ts";
import { createProjections } from "../src/nara/projections/projections.ts";
import type { EventMix } from "./event-mix.ts";
import { line, median } from "./report.ts";

/** For all projections together. */
const perEventBudgetUs = 5;
/** For the opinions of 500 naras at 320 000 events. */
const opinionsBudgetMs = 5;
/** For everybody's clout: a frame. */
const cloutBudgetMs = 16;
const runs = 9;
/** Whole memories that are built up and let go. */
const lives = 3;
/** Who remembers 320 000 events has been awake for long: its code is warm. */
const warmingUp = 20_000;

/** @param mix 320 000 events of 500 naras. @param nowNs not before the newest of them. */
export function reportProjections(mix: EventMix, nowNs: bigint): void {
  measure({ ...mix, events: mix.events.slice(0, warmingUp) }, nowNs);
  const all = Array.from({ length: lives }, () => measure(mix, nowNs));
  const middle = (figure: keyof Figures): number => median(all.map((figures) => figures[figure]));
  const inUs = { unit: "µs", budget: `≤ ${perEventBudgetUs} µs` };
  for (const [name, figure] of [
    ["an event that comes, all projections", middle("comesUs")],
    ["an event that goes, all projections", middle("goesUs")],
  ] as const) {
    line({ name, figure, ...inUs, ok: figure <= perEventBudgetUs });
  }
  const crowd = `of ${mix.naras.length} at ${mix.events.length} events`;
  for (const [what, figure, budgetMs] of [
    ["opinions", middle("firstMs"), opinionsBudgetMs],
    ["opinions after news of each", middle("afterNewsMs"), opinionsBudgetMs],
    ["clout", middle("cloutMs"), cloutBudgetMs],
  ] as const) {
    const budget = `≤ ${budgetMs} ms`;
    line({ name: `${what} ${crowd}`, figure, unit: "ms", budget, ok: figure <= budgetMs });
  }
}

type Figures = ReturnType<typeof measure>;

function measure({ naras, events }: EventMix, nowNs: bigint) {
  const nowS = Number(nowNs / 1_000_000_000n);
  const ledger = createMouthpiece();
  const { opinions, clout } = createProjections(ledger, judge, { nowNs: () => nowNs });
  const perEventUs = (tell: (event: SyncEvent) => void): number =>
    (tookMs(() => events.forEach(tell)) * 1000) / events.length;
  const opinionsOfAll = (): number =>
    tookMs(() => {
      for (const { name } of naras) opinions.opinionOf(name, nowS);
    });
  const news = naras.map(({ name }) => firstSeen(name, nowNs));
  const opinionsAfterNews = (): number => {
    news.forEach(ledger.tellAdded);
    const ms = opinionsOfAll();
    news.forEach(ledger.tellForgotten);
    return ms;
  };

  return {
    comesUs: perEventUs(ledger.tellAdded),
    firstMs: opinionsOfAll(),
    afterNewsMs: median(Array.from({ length: runs }, opinionsAfterNews)),
    cloutMs: median(Array.from({ length: runs }, (_, at) => tookMs(() => clout.scores(nowS + at)))),
    goesUs: perEventUs(ledger.tellForgotten),
  };
}

const judge = {
  soulText: "3Zn5QMKZV7diReCnutkHXYYobgbh6zUwSmUHxDtGec7hipSRdz6M5bV",
  personality: { agreeableness: 50, sociability: 50, chill: 50 },
};

const firstSeen = (subject: string, tsNs: bigint): SyncEvent =>
  newSyncEvent("observation", tsNs, {
    observer: "newcomer",
    subject,
    type: "first-seen",
    importance: 3n,
    start_time: tsNs / 1_000_000_000n,
  });

function tookMs(task: () => unknown): number {
  const startMs = performance.now();
  task();
  return performance.now() - startMs;
}

/** A ledger that keeps nothing and only tells: its own work is measured elsewhere. */
function createMouthpiece() {
  const proven = { tier: "proven", vouchers: [] } as const;
  let added = (_: Added): void => {};
  let forgotten = (_: Forgotten): void => {};
  return {
    events: () => [],
    about: () => [],
    standingOf: () => proven,
    onAdd(listener: (added: Added) => void) {
      added = listener;
      return () => {};
    },
    onForget(listener: (forgotten: Forgotten) => void) {
      forgotten = listener;
      return () => {};
    },
    onVouch: () => () => {},
    tellAdded: (event: SyncEvent): void => added({ event, forgotten: undefined, ...proven }),
    tellForgotten: (event: SyncEvent): void => forgotten({ event, reason: "capacity", ...proven }),
  };
}
