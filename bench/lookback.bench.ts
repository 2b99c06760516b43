/**
 * Scrolling back through all that is remembered: how the frames come, against those of the same page
 * at rest. Chromium draws in software here (`--disable-gpu`), so a machine with a graphics card has
 * it easier. The memory is made up (src/ui/testing); what it takes to answer is measured elsewhere.
 */
import type { Page } from "@playwright/test";
import { type OnPage, withPages } from "./page-browser.ts";
import { line, median } from "./report.ts";

/** Neighbours of the made-up nara; each is good for 1550 memories. */
const neighbours = 13;
const runs = 3;
/** Thirty-six rows a frame: the whole memory in about ten seconds. */
const pxPerFrame = 3000;
const restMs = 4000;

await withPages(async (onPage) => {
  const looks: Look[] = [];
  for (let run = 0; run < runs; run++) looks.push(await lookBack(onPage));
  report(looks);
});

interface Look {
  readonly rows: number;
  /** Times between two frames, ms. */
  readonly resting: readonly number[];
  readonly scrolling: readonly number[];
  /** The longest task while scrolling, ms; 0 when none took 50 ms. */
  readonly longestTaskMs: number;
}

function report(looks: readonly Look[]): void {
  const rows = Math.min(...looks.map((look) => look.rows));
  const slowest = (gaps: readonly number[]): number => quantile(gaps, 0.95);
  const figure = median(looks.map(({ scrolling }) => slowest(scrolling)));
  const baseline = median(looks.map(({ resting }) => slowest(resting)));
  line({
    name: `${rows} memories scrolled through, 95 of 100 frames within`,
    figure,
    unit: "ms",
    baseline,
    ratio: figure / baseline,
    budget: "≤ 1.5 × the page at rest",
    ok: figure <= 1.5 * baseline,
  });
  const longest = median(looks.map(({ longestTaskMs }) => longestTaskMs));
  line({
    name: "longest task meanwhile",
    figure: longest,
    unit: "ms",
    budget: "≤ 50 ms",
    ok: longest <= 50,
  });
}

function quantile(figures: readonly number[], part: number): number {
  const sorted = figures.toSorted((one, other) => one - other);
  return sorted[Math.floor(figures.length * part)] ?? Number.NaN;
}

function lookBack(onPage: OnPage): Promise<Look> {
  return onPage(`gallery.html?scene=home&count=${neighbours}`, async (page) => {
    await page.getByRole("button", { name: "look further back" }).click();
    await page.locator(".lane-row .entry-text").first().waitFor();
    return scrollThrough(page);
  });
}

/** The lane scrolls to its end. */
function scrollThrough(page: Page): Promise<Look> {
  return page.locator(".lane").evaluate(
    async (lane, { step, rest }) => {
      let longestTaskMs = 0;
      const gaps = async (goesOn: () => boolean): Promise<number[]> => {
        const times: number[] = [];
        for (let last = performance.now(); goesOn(); last = performance.now()) {
          await new Promise(requestAnimationFrame);
          times.push(performance.now() - last);
        }
        return times;
      };
      const restUntil = performance.now() + rest;
      const resting = await gaps(() => performance.now() < restUntil);
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) {
          longestTaskMs = Math.max(longestTaskMs, duration);
        }
      }).observe({ type: "longtask" });
      const scrolling = await gaps(() => {
        const before = lane.scrollTop;
        lane.scrollTop += step;
        return lane.scrollTop !== before;
      });
      const rows = Number(lane.querySelector("li:last-child")?.getAttribute("aria-posinset"));
      return { rows, resting, scrolling, longestTaskMs };
    },
    { step: pxPerFrame, rest: restMs },
  );
}
