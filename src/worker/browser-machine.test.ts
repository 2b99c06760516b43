import { expect, test } from "vitest";
import { createBrowserMachine, createLoadMeter } from "./browser-machine.ts";

test("a loop that is always half a second late is half busy, one that slept tells nothing", () => {
  const meter = createLoadMeter();
  expect(meter.load()).toBeUndefined();
  meter.note(0);
  expect(meter.load()).toBe(0);
  for (let second = 0; second < 300; second++) meter.note(500);
  expect(meter.load()).toBeGreaterThan(0.49);
  expect(meter.load()).toBeLessThanOrEqual(0.5);
  const before = meter.load();
  meter.note(8 * 3_600_000);
  expect(meter.load()).toBe(before);
});

test("a browser tells its heap where the engine does, and nothing where it does not", () => {
  const ticks: (() => void)[] = [];
  const scope = {
    navigator: { userAgent: "Mozilla/5.0 (Linux; Android 14) Mobile" },
    setInterval: (task: () => void) => ticks.push(task),
  };
  let nowMs = 0;
  const silent = createBrowserMachine({ ...scope, performance: { now: () => nowMs } });
  expect(silent.figures()).toEqual({});
  expect(silent.looks).toMatchObject({ browser: true, phone: true, hostname: "" });
  nowMs = 1250;
  ticks[0]?.();
  expect(silent.load()).toBe(0.25);

  const memory = { usedJSHeapSize: 3 << 20, totalJSHeapSize: 5 << 20 };
  const telling = createBrowserMachine({
    ...scope,
    performance: { now: () => 0, memory } as never,
  });
  expect(telling.figures()).toEqual({ memAllocMb: 3, memHeapMb: 3, memSysMb: 5 });
});
