import { expect, test } from "vitest";
import { newSyncEvent } from "../../events/sync-event.ts";
import type { SyncQuestion } from "../../mesh/client.ts";
import { accept, refuse } from "../../outcome.ts";
import type { ServiceContext } from "../../runtime/service.ts";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import { fetchSlices } from "./slices.ts";

interface Asked {
  readonly name: string;
  readonly question: SyncQuestion;
}

/** @param counts how many events each tells; undefined for no answer. */
async function fetched(counts: { readonly [name: string]: number | undefined }, wanted = 5000) {
  const clock = createVirtualClock();
  const asked: Asked[] = [];
  let added = 0;
  const nara = {
    after: clock.after,
    mesh: {
      address: () => "100.64.0.1",
      onChange: () => () => {},
      client: {
        async sync(name: string, question: SyncQuestion) {
          asked.push({ name, question });
          const count = counts[name];
          if (count === undefined) return refuse({ type: "refused", why: "no", status: 400 });
          const events = Array.from({ length: count }, (_, at) =>
            newSyncEvent("ping", BigInt(at + 1), { observer: name, target: "t", rtt: 1 }),
          );
          return accept({ events, ids: events.map(({ id }) => id) });
        },
      },
    },
    take: async (events: readonly unknown[]) => ({ added: events.length, dropped: new Map() }),
  } as unknown as ServiceContext;
  const done = fetchSlices({
    nara,
    plan: { wanted, parallel: 3 },
    names: Object.keys(counts),
    subjects: ["alice", "me"],
    onTaken: (_, count) => {
      added += count;
    },
  });
  await clock.pass({ minutes: 5 });
  await done;
  return { asked, added };
}

test("each neighbour tells one slice, of the size that is its share", async () => {
  const { asked, added } = await fetched({ bob: 7, carol: 9 });
  expect(asked).toEqual([
    {
      name: "bob",
      question: { subjects: ["alice", "me"], sliceIndex: 0, sliceTotal: 2, maxEvents: 2500 },
    },
    {
      name: "carol",
      question: { subjects: ["alice", "me"], sliceIndex: 1, sliceTotal: 2, maxEvents: 2500 },
    },
  ]);
  expect(added).toBe(16);
});

test("a slice that failed or was empty is asked for once more, of those who answered", async () => {
  const { asked } = await fetched({ bob: undefined, carol: 5, dave: 0 });
  const again = asked.slice(3).map(({ name, question }) => [name, question.sliceIndex]);
  expect(again).toEqual([
    ["carol", 0],
    ["dave", 2],
  ]);
});

test("nobody is asked for less than a hundred, and more than asked for is not taken", async () => {
  const { asked, added } = await fetched({ bob: 101, carol: 100 }, 10);
  expect(new Set(asked.map(({ question }) => question.maxEvents))).toEqual(new Set([100]));
  expect(added).toBe(200);
});
