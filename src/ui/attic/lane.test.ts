import { expect, test } from "vitest";
import type { MemoryQuery, TimelineEntry } from "../../nara/view.ts";
import type { Command, CommandResult } from "../../worker/protocol.ts";
import { createLane } from "./lane.ts";

const memory = (at: number): TimelineEntry => ({
  id: `m${at}`,
  kind: "ping",
  atMs: -at,
  icon: "🏓",
  text: "",
  detail: "",
  about: "",
  signed: true,
});

/** A nara that remembers so much, and answers when it is told to. */
function remembering(count: number) {
  const asked: MemoryQuery[] = [];
  const waiting: (() => void)[] = [];
  const answerTo = ({ cursor, limit }: MemoryQuery): CommandResult => {
    const from = Number(cursor || 0);
    const entries = Array.from({ length: Math.min(limit, count - from) }, (_, at) =>
      memory(from + at),
    );
    const next = from + limit < count ? String(from + limit) : "";
    return { ok: true, type: "recalled", page: { entries, cursor: next, total: count } };
  };
  return {
    asked,
    ask: (command: Command): Promise<CommandResult> =>
      new Promise((answer) => {
        if (command.type !== "recall") throw new Error(command.type);
        asked.push(command.query);
        waiting.push(() => answer(answerTo(command.query)));
      }),
    async answerAll() {
      while (waiting.length > 0) {
        waiting.shift()?.();
        for (let turn = 0; turn < 10; turn++) await Promise.resolve();
      }
    },
  };
}

const anything = { kinds: [], name: "" };

test("one page is brought for a look at the newest, and the whole length is known", async () => {
  const nara = remembering(20_000);
  const lane = createLane(nara.ask, anything);
  expect(lane.total()).toBeUndefined();
  lane.want(20);
  await nara.answerAll();
  expect([lane.total(), lane.loaded(), nara.asked.length]).toEqual([20_000, 500, 1]);
  expect(lane.at(499)?.id).toBe("m499");
  expect(lane.at(500)).toBeUndefined();
});

test("a jump to the very end brings everything between, one page at a time", async () => {
  const nara = remembering(20_000);
  const lane = createLane(nara.ask, anything);
  lane.want(0);
  lane.want(19_999);
  expect(nara.asked).toHaveLength(1);
  await nara.answerAll();
  expect(lane.at(19_999)?.id).toBe("m19999");
  expect(nara.asked.map(({ cursor }) => Number(cursor))).toEqual(
    Array.from({ length: 40 }, (_, page) => page * 500),
  );
});

test("the question is asked with every page", async () => {
  const nara = remembering(600);
  const lane = createLane(nara.ask, { kinds: ["ping"], name: "ann" });
  lane.want(599);
  await nara.answerAll();
  expect(nara.asked.every(({ kinds, name }) => kinds[0] === "ping" && name === "ann")).toBe(true);
  expect(nara.asked).toHaveLength(2);
});

test("what is brought already is not asked for again", async () => {
  const nara = remembering(30);
  const lane = createLane(nara.ask, anything);
  lane.want(10);
  await nara.answerAll();
  lane.want(29);
  lane.want(1000);
  await nara.answerAll();
  expect(nara.asked).toHaveLength(1);
  expect(lane.total()).toBe(30);
});

test("a refusal is told, and the next wish tries again", async () => {
  const nara = remembering(3);
  let refuses = true;
  const lane = createLane(async (command) => {
    if (refuses) return { ok: false, type: "refused", why: "asleep" };
    return nara.ask(command);
  }, anything);
  lane.want(0);
  await nara.answerAll();
  await Promise.resolve();
  expect(lane.trouble()).toBe("asleep");
  refuses = false;
  lane.want(0);
  await Promise.resolve();
  await nara.answerAll();
  expect([lane.trouble(), lane.total()]).toEqual([undefined, 3]);
});
