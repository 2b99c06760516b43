import { expect, test } from "vitest";
import { createSeededRandom } from "./seeded-random.ts";
import { createTimerQueue } from "./timer-queue.ts";

test("timers come in order of their instant, and at one instant as they were set", () => {
  const random = createSeededRandom("timers");
  const queue = createTimerQueue();
  const fired: number[] = [];
  const expected: { readonly dueMs: number; readonly n: number }[] = [];
  for (let n = 0; n < 5000; n++) {
    const dueMs = Math.floor(random.fraction() * 100);
    const cancel = queue.add(dueMs, () => void fired.push(n));
    if (random.fraction() < 0.6) {
      cancel();
      cancel();
    } else expected.push({ dueMs, n });
  }
  for (let timer = queue.take(60); timer !== undefined; timer = queue.take(60)) timer.task();
  const due = expected.filter(({ dueMs }) => dueMs <= 60);
  expect(fired).toEqual(due.toSorted((a, b) => a.dueMs - b.dueMs).map(({ n }) => n));
});

test("a timer that was cancelled, or fired, does not fire", () => {
  const queue = createTimerQueue();
  const cancel = queue.add(5, () => {});
  cancel();
  expect(queue.take(10)).toBeUndefined();
  const late = queue.add(5, () => {});
  expect(queue.take(4)).toBeUndefined();
  expect(queue.take(5)?.dueMs).toBe(5);
  late();
  expect(queue.take(10)).toBeUndefined();
});
