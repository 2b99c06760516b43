/** What keeps a page from answering, and how its frames come. Chromium only. */
import type { Locator, Page } from "@playwright/test";

/** What is read of an event of Chromium's trace; times in µs. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly args?: { readonly name?: string };
  /** Time the thread itself worked, not how long it waited for a busy machine. */
  readonly tdur?: number;
}

/** Ends the watch and gives the tasks of pages that worked for 50 ms and more, ms, longest first. */
export async function watchTasks(page: Page): Promise<() => Promise<readonly number[]>> {
  const browser = page.context().browser();
  if (browser === null) {
    throw new Error("this page has no browser to trace");
  }
  await browser.startTracing(page, { categories: ["toplevel"] });
  return async () => {
    const trace = (await browser.stopTracing()).toString();
    const { traceEvents } = JSON.parse(trace) as { readonly traceEvents: readonly TraceEvent[] };
    const threadOf = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`;
    const mainThreads = new Set(
      traceEvents
        .filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain")
        .map(threadOf),
    );
    return traceEvents
      .filter((event) => event.name.endsWith("RunTask") && mainThreads.has(threadOf(event)))
      .map(({ tdur = 0 }) => tdur / 1000)
      .filter((ms) => ms >= 50)
      .sort((one, other) => other - one);
  };
}

/** Scrolls from where it is to the very end, so many pixels a frame; the times between frames, ms. */
export async function scrollToEnd(scroller: Locator, pxPerFrame: number): Promise<number[]> {
  const gaps = await scroller.evaluate(async (element, step) => {
    const times: number[] = [];
    let last = performance.now();
    for (;;) {
      const before = element.scrollTop;
      element.scrollTop += step;
      await new Promise(requestAnimationFrame);
      times.push(performance.now() - last);
      last = performance.now();
      if (element.scrollTop === before) return times;
    }
  }, pxPerFrame);
  return gaps.sort((one, other) => one - other);
}
