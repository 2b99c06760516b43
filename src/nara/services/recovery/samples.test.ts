import { expect, test } from "vitest";
import { newSyncEvent, type SyncEvent } from "../../events/sync-event.ts";
import type { SyncQuestion } from "../../mesh/client.ts";
import { accept } from "../../outcome.ts";
import type { ServiceContext } from "../../runtime/service.ts";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import type { Plan } from "./plan.ts";
import { createSampling } from "./samples.ts";
import { createWitnesses } from "./witnesses.ts";

const ping = (observer: string, at: number): SyncEvent =>
  newSyncEvent("ping", BigInt(at + 1), { observer, target: "t", rtt: 1 });

/** In every sample. */
const restart = (observer: string, at: number): SyncEvent => {
  const told = { type: "restart", importance: 3n, restart_num: 1n, start_time: 5n };
  const payload = { observer, observer_id: "", subject: `t${at}`, subject_id: "", ...told };
  return newSyncEvent("observation", BigInt(at + 1), payload);
};

const plan: Plan = { wanted: 40, page: 4, calls: 10, mostPeers: 9, parallel: 9 };

/** The same, a minute later. */
async function sampled(...asked: Parameters<typeof began>) {
  const { clock, hasEnded, ...found } = began(...asked);
  await clock.pass({ minutes: 1 });
  expect(hasEnded()).toBe(true);
  return found;
}

/** Whoever is asked tells what `tell` says of it; to take a list in takes 100 ms. */
function began(
  names: readonly string[],
  tell: (name: string, question: SyncQuestion) => readonly SyncEvent[],
) {
  const clock = createVirtualClock();
  const log: string[] = [];
  const known = new Set<string>();
  const nara = {
    after: clock.after,
    mesh: {
      address: () => "100.64.0.1",
      client: {
        async sync(name: string, question: SyncQuestion) {
          log.push(`${question.mode} of ${name}`);
          const events = tell(name, question);
          const ids = events.map(({ id }) => id);
          return accept({ events, ids, drops: new Map(), nextCursor: "" });
        },
      },
    },
    async take(events: readonly SyncEvent[], { from }: { readonly from: string }) {
      log.push(`${from} begins`);
      const before = known.size;
      await new Promise<void>((resolve) => clock.after(100, resolve));
      for (const { id } of events) known.add(id);
      log.push(`${from} ends`);
      const added = known.size - before;
      return { added, dropped: new Map([["duplicate", events.length - added]]) };
    },
  } as unknown as ServiceContext;
  const witnesses = createWitnesses({
    candidates: () => names,
    most: plan.mostPeers,
    monotonicMs: clock.monotonicMs,
  });
  let hasEnded = false;
  const onEnd = (): void => {
    hasEnded = true;
  };
  const parts = { nara, plan, witnesses, onTaken: () => {}, onChange: () => {}, onEnd };
  const sampling = createSampling(parts);
  sampling.goOn();
  return { log, known, clock, sampling, hasEnded: () => hasEnded };
}

test("all are asked at once, and what they tell is taken in one after the other", async () => {
  const { log, known } = await sampled(["alice", "bob"], (name) => [ping(name, 1), ping("c", 2)]);
  expect(log).toEqual([
    ...["sample of alice", "sample of bob"],
    ...["alice begins", "alice ends", "bob begins", "bob ends"],
  ]);
  expect(known.size).toBe(3);
});

test("a sample that left room for little but what is always in is followed by pages", async () => {
  const full = [0, 1, 2].map((at) => restart("alice", at));
  const { log } = await sampled(["alice"], (name, { mode }) =>
    mode === "sample" ? [...full, ping(name, 3)] : [ping(name, 4)],
  );
  expect(log.filter((entry) => entry.includes(" of "))).toEqual([
    "sample of alice",
    "page of alice",
  ]);
});

test("a hazy sample is followed by another one", async () => {
  let asked = 0;
  const { log } = await sampled(["alice"], (name) => {
    asked++;
    return asked === 1 ? [0, 1, 2, 3].map((at) => ping(name, at)) : [];
  });
  expect(log.filter((entry) => entry.includes(" of "))).toEqual([
    "sample of alice",
    "sample of alice",
  ]);
});

test("who is stopped asks nobody any more", async () => {
  const { log, clock, sampling, hasEnded } = began(["alice"], (name) =>
    [0, 1, 2, 3].map((at) => ping(name, at)),
  );
  sampling.stop();
  await clock.pass({ minutes: 5 });
  expect(log).toEqual(["sample of alice", "alice begins", "alice ends"]);
  expect(hasEnded()).toBe(false);
});
