import { expect, test } from "vitest";
import { createVirtualClock } from "../nara/testing/virtual-clock.ts";
import { createPageLine, type HostTrouble, type WorkerLine } from "./page-line.ts";
import { protocolVersion, type ToHost, type ToPage } from "./protocol.ts";
import { createMemoryLocks } from "./testing/memory-locks.ts";

const welcome: ToPage = { type: "welcome", protocol: protocolVersion, epoch: "e1" };

test("a page takes the lock of its life before it says hello, and holds it", async () => {
  const page = setUp();
  page.line.hello();
  expect(page.workers[0]?.said).toEqual([]);
  await page.clock.settle();
  expect(page.workers[0]?.said).toEqual([
    {
      type: "hello",
      protocol: protocolVersion,
      lifeLock: "page 1",
      lingers: true,
      origin: "https://nara.example",
    },
  ]);
  expect(await page.locks.tryTake("page 1")).toBeUndefined();
});

test("where there are no locks, the hello says so", async () => {
  const page = setUp({ hasLocks: false });
  page.line.hello();
  await page.clock.settle();
  expect(page.workers[0]?.said).toMatchObject([{ type: "hello", lifeLock: "" }]);
});

test("hello is not said twice while one is under way, and again after the welcome", async () => {
  const page = setUp();
  page.line.hello();
  page.line.hello();
  await page.clock.settle();
  page.line.hello();
  expect(page.workers[0]?.said).toHaveLength(1);
  page.workers[0]?.tell(welcome);
  page.line.hello();
  expect(page.workers[0]?.said.map(({ type }) => type)).toEqual(["hello", "hello"]);
  expect(page.workers).toHaveLength(1);
});

test("what the host says reaches the page, what the page says the host", async () => {
  const page = setUp();
  page.line.hello();
  await page.clock.settle();
  const result: ToPage = { type: "result", id: 1, result: { ok: true, type: "done" } };
  page.workers[0]?.tell(welcome);
  page.workers[0]?.tell(result);
  expect(page.heard).toEqual([welcome, result]);
  page.line.post({ type: "command", id: 1, command: { type: "export-soul" } });
  expect(page.workers[0]?.said.at(-1)).toMatchObject({ type: "command", id: 1 });
});

test("leaving is said, and gives up the lock; coming back says hello again", async () => {
  const page = setUp();
  page.line.hello();
  await page.clock.settle();
  page.workers[0]?.tell(welcome);
  page.line.leave();
  expect(page.workers[0]?.said.at(-1)).toEqual({ type: "leaving" });
  const release = await page.locks.tryTake("page 1");
  release?.();
  expect(release).toBeDefined();
  page.line.hello();
  await page.clock.settle();
  expect(page.workers[0]?.said.at(-1)).toMatchObject({ type: "hello", lifeLock: "page 1" });
});

test("a page that left before it had its lock never says hello", async () => {
  const page = setUp();
  page.line.hello();
  page.line.leave();
  await page.clock.pass({ minutes: 5 });
  expect(page.workers[0]?.said).toEqual([{ type: "leaving" }]);
  expect(await page.locks.tryTake("page 1")).toBeDefined();
});

test("a silent worker is opened anew, ever more patiently, until one answers", async () => {
  const page = setUp();
  page.line.hello();
  await page.clock.advance(4999);
  expect(page.workers).toHaveLength(1);
  await page.clock.advance(1);
  expect(page.workers).toHaveLength(2);
  expect(page.workers[0]).toMatchObject({ closed: true });
  expect(page.workers[0]?.said.at(-1)).toEqual({ type: "leaving" });
  expect(page.troubles.map((trouble) => trouble?.type)).toEqual(["silent"]);
  await page.clock.advance(9999);
  expect(page.workers).toHaveLength(2);
  await page.clock.advance(1);
  expect(page.workers).toHaveLength(3);
  page.workers[0]?.tell(welcome);
  expect(page.heard).toEqual([]);
  page.workers[2]?.tell(welcome);
  expect(page.heard).toEqual([welcome]);
  expect(page.troubles.at(-1)).toBeUndefined();
  await page.clock.pass({ hours: 1 });
  expect(page.workers).toHaveLength(3);
});

test("a worker that cannot be loaded is said, and tried again", async () => {
  const page = setUp();
  page.line.hello();
  page.workers[0]?.fail();
  expect(page.troubles).toEqual([
    { type: "unreachable", why: "The nara's program could not be loaded." },
  ]);
  await page.clock.advance(5000);
  page.workers[1]?.tell(welcome);
  expect(page.troubles.at(-1)).toBeUndefined();
});

test("a host of an older protocol is left to end, and the next one is greeted", async () => {
  const page = setUp();
  page.line.hello();
  await page.clock.settle();
  page.workers[0]?.tell({ ...welcome, protocol: protocolVersion - 1 });
  expect(page.heard).toEqual([]);
  expect(page.troubles.map((trouble) => trouble?.type)).toEqual(["outdated"]);
  await page.clock.advance(500);
  expect(page.workers[1]?.said).toMatchObject([{ type: "hello" }]);
  page.workers[1]?.tell(welcome);
  expect(page.heard).toEqual([welcome]);
});

test("the welcome of a newer host is the page's to hear: it must reload", async () => {
  const page = setUp();
  page.line.hello();
  await page.clock.settle();
  page.workers[0]?.tell({ ...welcome, protocol: protocolVersion + 1 });
  expect(page.heard).toEqual([{ ...welcome, protocol: protocolVersion + 1 }]);
});

interface FakeWorker {
  readonly said: readonly ToHost[];
  closed: boolean;
  tell(message: ToPage): void;
  fail(): void;
}

function setUp({ hasLocks = true } = {}) {
  const clock = createVirtualClock();
  const workers: FakeWorker[] = [];
  const heard: ToPage[] = [];
  const troubles: (HostTrouble | undefined)[] = [];
  const locks = createMemoryLocks();
  const openWorker = (): WorkerLine => {
    const said: ToHost[] = [];
    let hear: ((message: ToPage) => void) | undefined;
    let hearFault: (() => void) | undefined;
    const fake: FakeWorker = {
      said,
      closed: false,
      tell: (message) => hear?.(message),
      fail: () => hearFault?.(),
    };
    workers.push(fake);
    return {
      lingers: true,
      post: (message) => said.push(message),
      onMessage: (listener) => {
        hear = listener;
      },
      onError: (listener) => {
        hearFault = listener;
      },
      close: () => {
        fake.closed = true;
      },
    };
  };
  const line = createPageLine({
    clock,
    locks: hasLocks ? locks : undefined,
    origin: "https://nara.example",
    lifeLock: "page 1",
    openWorker,
  });
  line.onMessage((message) => heard.push(message));
  line.onTrouble((trouble) => troubles.push(trouble));
  return { clock, locks, workers, heard, troubles, line };
}
