/**
 * The machine under a browser, as far as a page may know it: how promptly its timers ring, how much
 * memory the engine has taken, whether it is a phone. All else is left out.
 */
import { type Host, type HostFigures, noLooks } from "../nara/host.ts";

/** What is asked of the global scope of a worker. */
export interface BrowserScope {
  readonly navigator: { readonly userAgent?: string };
  readonly performance: TellingPerformance & { now(): number };
  setInterval(task: () => void, ms: number): unknown;
}

/** Chromium's engines tell their heap (performance.memory); others do not. Bytes. */
interface TellingPerformance {
  readonly memory?: { readonly usedJSHeapSize?: number; readonly totalJSHeapSize?: number };
}

const tickMs = 1000;
/** A tick later than this was asleep, not busy. */
const sleptMs = 5000;
/** The reference tells the load of one minute (docs/protocol/identity.md §8). */
const windowMs = 60_000;
const mib = 1024 * 1024;

export function createBrowserMachine(scope: BrowserScope): Host {
  const { performance, navigator } = scope;
  const meter = createLoadMeter();
  let tickedMs = performance.now();
  scope.setInterval(() => {
    const nowMs = performance.now();
    meter.note(nowMs - tickedMs - tickMs);
    tickedMs = nowMs;
  }, tickMs);

  return {
    load: meter.load,
    figures: () => heapOf(performance),
    looks: {
      ...noLooks,
      browser: true,
      phone: /Mobi|Android|iPhone|iPad/.test(navigator.userAgent ?? ""),
    },
    minuteOfDay() {
      const now = new Date();
      return now.getHours() * 60 + now.getMinutes();
    },
  };
}

/** The share of time in which the event loop was not there when it was wanted, over a minute. */
export function createLoadMeter(): {
  /** @param lateMs how late a tick of one second was. */
  note(lateMs: number): void;
  /** 0–1; undefined before the first tick. */
  load(): number | undefined;
} {
  let load: number | undefined;
  const weight = 1 - Math.exp(-tickMs / windowMs);
  return {
    note(lateMs) {
      if (lateMs > sleptMs) return;
      const busy = Math.min(1, Math.max(0, lateMs / tickMs));
      load = load === undefined ? busy : load + weight * (busy - load);
    },
    load: () => load,
  };
}

function heapOf(performance: TellingPerformance): HostFigures {
  const { usedJSHeapSize: used, totalJSHeapSize: total } = performance.memory ?? {};
  return {
    ...(used !== undefined && { memAllocMb: used / mib, memHeapMb: used / mib }),
    ...(total !== undefined && { memSysMb: total / mib }),
  };
}
