import { expect, test } from "vitest";
import { newSyncEvent, type SyncEvent } from "../../events/sync-event.ts";
import type { AskRefusal } from "../../mesh/ask.ts";
import type { SyncQuestion } from "../../mesh/client.ts";
import { accept, type Outcome, refuse } from "../../outcome.ts";
import type { ServiceContext } from "../../runtime/service.ts";
import type { SyncResponse } from "../../sync/sync-response.ts";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import { fetchCheckpoints } from "./checkpoints.ts";

type Answer = Outcome<SyncResponse, AskRefusal>;

const eventAt = (tsNs: bigint): SyncEvent =>
  newSyncEvent("ping", tsNs, { observer: "a", target: "b", rtt: 1 });

const page = (from: string, tsNs: readonly bigint[], nextCursor = ""): Answer => {
  const events = tsNs.map(eventAt);
  const head = { from, nextCursor, atS: 0n, signature: "", drops: new Map() };
  return accept({ ...head, events, ids: events.map(({ id }) => id) });
};

const silence: Answer = refuse({ type: "unreachable", why: "nobody is there" });
const no: Outcome<never, AskRefusal> = refuse({ type: "refused", why: "no", status: 404 });

/** @param answer by name and cursor; the old way is refused. */
async function fetched(
  names: readonly string[],
  answer: (name: string, cursorNs: bigint, asked: number) => Answer,
) {
  const clock = createVirtualClock();
  const asked: string[] = [];
  const told: string[] = [];
  const givenUp: string[] = [];
  const taken: SyncEvent[] = [];
  const client = {
    sync: async (name: string, { cursorNs = 0n }: SyncQuestion) => {
      asked.push(name);
      return answer(name, cursorNs, asked.length);
    },
    checkpoints: async () => no,
  };
  const nara = {
    clock,
    after: clock.after,
    mesh: { client, address: () => "100.64.0.1", onChange: () => () => {} },
    take: async (events: readonly SyncEvent[]) => {
      taken.push(...events);
      return { added: events.length, dropped: new Map() };
    },
  } as unknown as ServiceContext;
  const done = fetchCheckpoints({
    nara,
    names,
    onTaken: (name) => told.push(name),
    onGivenUp: (name) => givenUp.push(name),
  });
  await clock.pass({ minutes: 30 });
  await done;
  return { asked, told, givenUp, taken };
}

test("pages follow each other to the last", async () => {
  const { asked, taken, givenUp } = await fetched(["alice"], (name, cursorNs) =>
    cursorNs < 30n ? page(name, [cursorNs + 10n], "more") : page(name, []),
  );
  expect(asked).toHaveLength(4);
  expect(taken.map(({ tsNs }) => tsNs)).toEqual([10n, 20n, 30n]);
  expect(givenUp).toEqual([]);
});

test("a cursor that never ends is cut, and who sends it given up; the next is asked", async () => {
  const { asked, givenUp, told } = await fetched(["alice", "bob"], (name, cursorNs) =>
    name === "alice" ? page(name, [cursorNs + 1n], "more") : page(name, [5n]),
  );
  expect(asked.filter((name) => name === "alice")).toHaveLength(30);
  expect(givenUp).toEqual(["alice"]);
  expect(told.at(-1)).toBe("bob");
});

test("a cursor that leads nowhere ends the walk", async () => {
  const { asked } = await fetched(["alice"], (name) => page(name, [7n], "1"));
  expect(asked).toHaveLength(2);
});

test("far more than was asked for is not taken", async () => {
  const many = Array.from({ length: 6001 }, (_, at) => BigInt(at + 1));
  const { taken } = await fetched(["alice"], (name) => page(name, many));
  expect(taken).toEqual([]);
});

test("five that tell some are enough; who has none does not count", async () => {
  const names = Array.from({ length: 9 }, (_, at) => `n${at}`);
  const { asked } = await fetched(names, (name) => page(name, name === "n0" ? [] : [3n]));
  expect(new Set(asked)).toEqual(new Set(names.slice(0, 6)));
});

test("a way that breaks between two pages is tried again where it broke", async () => {
  const { taken, asked } = await fetched(["alice"], (name, cursorNs, count) => {
    if (count === 2) return silence;
    return cursorNs < 20n ? page(name, [cursorNs + 10n], "more") : page(name, []);
  });
  expect(taken.map(({ tsNs }) => tsNs)).toEqual([10n, 20n]);
  expect(asked).toHaveLength(4);
});

test("where nobody has any, a few are asked, however many there are", async () => {
  const names = Array.from({ length: 500 }, (_, at) => `nara-${at}`);
  const { asked, givenUp } = await fetched(names, (name) => page(name, []));
  expect(new Set(asked)).toEqual(new Set(names.slice(0, 20)));
  expect(givenUp).toEqual([]);
});
