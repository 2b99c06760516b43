/** Lies that got as far as the ledger's hearsay, and floods of true signatures: what they do to beliefs. */
import { expect, test } from "vitest";
import { newSyncEvent, type SyncEvent } from "../../src/nara/events/sync-event.ts";
import { createProjections } from "../../src/nara/projections/projections.ts";
import {
  type Besieged,
  besieged,
  bob,
  carol,
  checkpointOf,
  dave,
  mallory,
  missing,
  nara as naraNamed,
  nowNs,
  nowS,
  restart,
  seconds,
  times,
} from "./besieged.ts";

const startS = nowS - 100_000n;
const history = (from: string) => ({ path: "sync", from }) as const;

function believing(home: Besieged) {
  const judge = { soulText: "", personality: { agreeableness: 50, sociability: 50, chill: 50 } };
  return createProjections(home.ledger, judge, { nowNs: () => nowNs });
}

/** Bob, carol and dave agree about erin: 3 restarts since her start. */
async function agreedAboutErin() {
  const home = besieged({ capacity: 20_000 });
  const beliefs = believing(home);
  const erin = naraNamed("erin");
  home.keyring.pin(erin.name, erin.id, erin.publicKey);
  const told = [bob, carol, dave].map((by, index) =>
    by.says(
      "observation",
      { ...restart, observer: by.name, subject: "erin", start_time: startS },
      nowNs - seconds(index + 1),
    ),
  );
  expect((await home.take(told, history("bob"))).added).toBe(3);
  return { home, beliefs, erin, opinion: () => beliefs.opinions.opinionOf("erin", wallS) };
}

const wallS = Number(nowS);

const liesAboutErin = (count: number): SyncEvent[] =>
  times(count, (index) =>
    newSyncEvent("observation", nowNs - BigInt(index), {
      ...restart,
      observer: `ghost-${index}`,
      subject: "erin",
      start_time: nowS - 500_000n,
      restart_num: 900_000n,
    }),
  );

test("hearsay stuffed into a history by one peer is one voice among four", async () => {
  const once = await agreedAboutErin();
  await once.home.take(liesAboutErin(1), history("mallory"));
  const often = await agreedAboutErin();
  expect((await often.home.take(liesAboutErin(2000), history("mallory"))).added).toBe(2000);
  expect(often.opinion()).toEqual(once.opinion());
  expect(often.opinion().restarts).toBe(3);
});

test("a thousand signed observations of one peer are one voice among four", async () => {
  const lies = (count: number): SyncEvent[] =>
    times(count, (index) =>
      mallory.says(
        "observation",
        {
          ...restart,
          observer: "mallory",
          subject: "erin",
          start_time: nowS - 500_000n,
          restart_num: 900_000n - BigInt(index),
        },
        nowNs - BigInt(index),
      ),
    );
  const once = await agreedAboutErin();
  await once.home.take(lies(1), history("mallory"));
  const often = await agreedAboutErin();
  await often.home.take(lies(1000), history("mallory"));
  expect(often.opinion()).toEqual(once.opinion());
  expect(often.opinion().restarts).toBe(3);
});

test("a forged checkpoint anchors nothing, a true one does", async () => {
  const { home, erin, opinion } = await agreedAboutErin();
  const before = opinion();
  const minted = checkpointOf(erin, Array(5).fill(mallory));
  await home.take([newSyncEvent("checkpoint", nowNs, minted)], history("mallory"));
  expect(opinion()).toEqual(before);
  const attested = checkpointOf(erin, [bob, carol]);
  await home.take([newSyncEvent("checkpoint", nowNs, attested)], history("mallory"));
  expect(opinion()).toMatchObject({ totalUptimeS: 86_400 });
});

test("hearsay makes nobody missing and nobody present", async () => {
  const home = besieged();
  const beliefs = believing(home);
  await home.take([bob.says("social", { type: "tease", actor: "bob", target: "carol" })]);
  expect(beliefs.online.statusOf("bob", nowNs)).toBe("ONLINE");
  const rumour = newSyncEvent("observation", nowNs + seconds(1), {
    ...missing,
    observer: "carol",
    subject: "bob",
  });
  expect((await home.take([rumour], { path: "zine", from: "mallory" })).added).toBe(1);
  expect(beliefs.online.statusOf("bob", nowNs)).toBe("ONLINE");
});
