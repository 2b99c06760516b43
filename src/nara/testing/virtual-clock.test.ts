import { expect, test } from "vitest";
import { createVirtualClock } from "./virtual-clock.ts";

test("time stands still until it is told to move, then all of it moves together", async () => {
  const clock = createVirtualClock({ startNs: 5n });
  expect([clock.nowNs(), clock.monotonicMs()]).toEqual([5n, 0]);
  await clock.advance(1500);
  expect([clock.nowNs(), clock.monotonicMs()]).toEqual([1_500_000_005n, 1500]);
  await clock.pass({ days: 1, hours: 2, minutes: 3, seconds: 4, ms: 5 });
  expect(clock.monotonicMs()).toBe(1500 + 93_784_005);
});

test("timers fire in order, each at its own instant", async () => {
  const clock = createVirtualClock();
  const fired: string[] = [];
  const note = (name: string) => () => fired.push(`${name} at ${clock.monotonicMs()}`);
  clock.after(20, note("later"));
  clock.after(10, note("first"));
  clock.after(10, note("second"));
  clock.after(31, note("never"));
  await clock.advance(30);
  expect(fired).toEqual(["first at 10", "second at 10", "later at 20"]);
});

test("a timer that a timer sets fires in the same stretch of time", async () => {
  const clock = createVirtualClock();
  const fired: number[] = [];
  const tick = () => {
    fired.push(clock.monotonicMs());
    clock.after(10, tick);
  };
  clock.after(10, tick);
  await clock.advance(45);
  expect(fired).toEqual([10, 20, 30, 40]);
});

test("a cancelled timer does not fire, even when cancelled by one of the same instant", async () => {
  const clock = createVirtualClock();
  const fired: string[] = [];
  clock.after(10, () => cancel());
  const cancel = clock.after(10, () => fired.push("cancelled"));
  await clock.advance(20);
  expect(fired).toEqual([]);
});

test("promises that a timer sets off are fulfilled before time moves on", async () => {
  const clock = createVirtualClock();
  const seen: number[] = [];
  clock.after(10, async () => {
    for (let step = 0; step < 200; step += 1) {
      await undefined;
    }
    seen.push(clock.monotonicMs());
  });
  await clock.advance(50);
  expect(seen).toEqual([10]);
});

test("work that needs the event loop is awaited, and so is the work it sets off elsewhere", async () => {
  const clock = createVirtualClock();
  const alice = worker(clock);
  const bob = worker(clock);
  const seen: string[] = [];
  const hop = (left: number) => {
    seen.push(`${left} at ${clock.monotonicMs()}`);
    if (left > 0) {
      (left % 2 === 0 ? alice : bob).start(() => hop(left - 1));
    }
  };
  clock.after(10, () => hop(5));
  await clock.advance(100);
  expect(seen).toEqual(["5 at 10", "4 at 10", "3 at 10", "2 at 10", "1 at 10", "0 at 10"]);
});

test("what is under way before time moves comes to rest first", async () => {
  const clock = createVirtualClock();
  const alice = worker(clock);
  const seen: number[] = [];
  alice.start(() => seen.push(clock.monotonicMs()));
  await clock.advance(100);
  expect(seen).toEqual([0]);
});

test("who has left is not waited for", async () => {
  const clock = createVirtualClock();
  const leave = clock.beforeNext(() => new Promise(() => {}));
  leave();
  await clock.advance(10);
  expect(clock.monotonicMs()).toBe(10);
});

test("what a task throws reaches whoever moved time", async () => {
  const clock = createVirtualClock();
  clock.after(10, () => {
    throw new Error("ouch");
  });
  await expect(clock.advance(20)).rejects.toThrow("ouch");
});

test("after sleep the overdue timers fire late, in order, at the time of waking", async () => {
  const clock = createVirtualClock();
  const fired: string[] = [];
  clock.after(2000, () => fired.push(`b at ${clock.monotonicMs()}`));
  clock.after(1000, () => fired.push(`a at ${clock.monotonicMs()}`));
  await clock.sleep({ hours: 1 });
  expect(fired).toEqual(["a at 3600000", "b at 3600000"]);
});

/** Does one piece of work after the other; each takes some turns of the event loop. */
function worker(clock: ReturnType<typeof createVirtualClock>) {
  let work: Promise<void> = Promise.resolve();
  clock.beforeNext(() => work);
  return {
    start(done: () => void) {
      work = work
        .then(() => crypto.subtle.digest("SHA-256", new Uint8Array(8)))
        .then(() => new Promise((resolve) => setImmediate(resolve)))
        .then(done);
    },
  };
}
