import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createSystemClock } from "./clock.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Hands that a test turns. */
function hands() {
  const at = { wallMs: 1_700_000_000_000, monotonicMs: 5000.25 };
  const pass = (ms: number) => {
    at.monotonicMs += ms;
    at.wallMs = Math.floor(at.wallMs + ms);
  };
  return { at, pass, source: { wallMs: () => at.wallMs, monotonicMs: () => at.monotonicMs } };
}

test("two readings at the same instant differ, and later ones are later", () => {
  const { source } = hands();
  const clock = createSystemClock(source);
  expect([clock.nowNs(), clock.nowNs(), clock.nowNs()]).toEqual([
    1_700_000_000_000_000_000n,
    1_700_000_000_000_000_001n,
    1_700_000_000_000_000_002n,
  ]);
});

test("time between milliseconds comes from the monotonic clock", () => {
  const { at, source } = hands();
  const clock = createSystemClock(source);
  at.monotonicMs += 0.123456;
  expect(clock.nowNs()).toBe(1_700_000_000_000_123_456n);
});

test("the wall clock is followed over sleep, while the monotonic clock stood", () => {
  const { at, pass, source } = hands();
  const clock = createSystemClock(source);
  at.wallMs += 8 * 3_600_000;
  expect(clock.nowNs()).toBe(BigInt(at.wallMs) * 1_000_000n);
  pass(1.5);
  expect(clock.nowNs()).toBe(BigInt(1_700_000_000_000 + 8 * 3_600_000) * 1_000_000n + 1_500_000n);
});

test("a small correction backward does not turn time back", () => {
  const { at, source } = hands();
  const clock = createSystemClock(source);
  const before = clock.nowNs();
  at.wallMs -= 300;
  expect(clock.nowNs()).toBe(before + 1n);
});

test("a wall clock set back is believed", () => {
  const { at, source } = hands();
  const clock = createSystemClock(source);
  clock.nowNs();
  at.wallMs -= 3_600_000;
  expect(clock.nowNs()).toBe(BigInt(at.wallMs) * 1_000_000n);
});

test("the system's own clock is within a second of Date and moves on", () => {
  vi.useRealTimers();
  const clock = createSystemClock();
  const offBy = clock.nowNs() - BigInt(Date.now()) * 1_000_000n;
  expect(Math.abs(Number(offBy))).toBeLessThan(1e9);
  expect(clock.nowNs()).toBeLessThan(clock.nowNs());
  expect(clock.monotonicMs()).toBeLessThanOrEqual(clock.monotonicMs());
});

test("a task runs once, when its delay is over", () => {
  const task = vi.fn();
  createSystemClock().after(1000, task);
  vi.advanceTimersByTime(999);
  expect(task).not.toHaveBeenCalled();
  vi.advanceTimersByTime(5000);
  expect(task).toHaveBeenCalledTimes(1);
});

test("a cancelled task does not run, and cancelling late is harmless", () => {
  const task = vi.fn();
  const cancel = createSystemClock().after(1000, task);
  cancel();
  vi.advanceTimersByTime(2000);
  expect(task).not.toHaveBeenCalled();
  cancel();
});

test("a delay of months is waited for, and can be cancelled on the way", () => {
  const day = 86_400_000;
  const clock = createSystemClock();
  const task = vi.fn();
  const cancelled = vi.fn();
  clock.after(60 * day, task);
  const cancel = clock.after(60 * day, cancelled);
  vi.advanceTimersByTime(59 * day);
  expect(task).not.toHaveBeenCalled();
  cancel();
  vi.advanceTimersByTime(day);
  expect(task).toHaveBeenCalledTimes(1);
  expect(cancelled).not.toHaveBeenCalled();
});

test("a delay that is over already runs the task soon, but not at once", () => {
  const task = vi.fn();
  createSystemClock().after(-5, task);
  expect(task).not.toHaveBeenCalled();
  vi.advanceTimersByTime(0);
  expect(task).toHaveBeenCalledTimes(1);
});
