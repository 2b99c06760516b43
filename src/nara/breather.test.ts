import { expect, test } from "vitest";
import { createBreather } from "./breather.ts";

/** A loop whose turns are ours to take, and a clock that work alone moves. */
function createLoop() {
  let nowMs = 0;
  const turns: (() => void)[] = [];
  const longest = { ms: 0, turns: 0 };
  const breathe = createBreather({
    monotonicMs: () => nowMs,
    nextTurn: (task) => void turns.push(task),
  });
  /** Promises that need no turn come to rest. */
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    breathe,
    longest,
    async work(parts: number, partMs: number): Promise<void> {
      for (let part = 0; part < parts; part++) {
        await breathe();
        nowMs += partMs;
      }
    },
    /** Takes turns until nobody wants one, and notes the longest. */
    async run(): Promise<void> {
      let startMs = 0;
      for (;;) {
        await settled();
        longest.ms = Math.max(longest.ms, nowMs - startMs);
        startMs = nowMs;
        const next = turns.shift();
        if (next === undefined) return;
        longest.turns++;
        next();
      }
    },
  };
}

test("one long work leaves a turn to others after every slice", async () => {
  const loop = createLoop();
  const work = loop.work(1000, 1);
  await loop.run();
  await work;
  expect(loop.longest.ms).toBe(8);
  expect(loop.longest.turns).toBe(125);
});

test("however many work at once, all together they have one slice a turn", async () => {
  for (const workers of [2, 10, 100]) {
    const loop = createLoop();
    const all = Promise.all(Array.from({ length: workers }, () => loop.work(20, 3)));
    await loop.run();
    await all;
    // A part that has begun cannot be stopped.
    expect(loop.longest.ms).toBeLessThanOrEqual(8 + 3);
  }
});

test("all have their parts in order of asking, and nobody is left out", async () => {
  const loop = createLoop();
  const done: string[] = [];
  const names = ["alice", "bob", "carol"];
  const all = Promise.all(names.map((name) => loop.work(5, 3).then(() => done.push(name))));
  await loop.run();
  await all;
  expect(done).toEqual(names);
  expect(loop.longest.ms).toBe(9);
});

test("short work waits for no turn", async () => {
  const loop = createLoop();
  await loop.work(7, 1);
  expect(loop.longest.turns).toBe(0);
});

test("after a rest there is a new slice", async () => {
  const loop = createLoop();
  await loop.work(1, 20);
  await loop.run();
  await loop.work(1, 20);
  expect(loop.longest.turns).toBe(1);
});
