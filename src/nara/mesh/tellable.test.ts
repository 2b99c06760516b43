import { expect, test } from "vitest";
import { newSyncEvent, type SyncEvent, signSyncEvent } from "../events/sync-event.ts";
import { createLedger } from "../ledger/ledger.ts";
import { evidencePayload } from "../services/presence/evidence.ts";
import { printed } from "../sync/zine.ts";
import { personNamed } from "../testing/mesh-nara.ts";
import { createNews, mostNews } from "./tellable.ts";

const nowNs = 1_700_000_000_000_000_000n;
const [alice, bob] = [personNamed("alice"), personNamed("bob")];

const pinged = (by: typeof alice, agoMs: number): SyncEvent => {
  const payload = { observer: by.name, target: `t${by.name}${agoMs}`, rtt: 9 };
  const event = newSyncEvent("ping", nowNs - BigInt(agoMs) * 1_000_000n, payload);
  return signSyncEvent(event, by.name, by.keyPair);
};

function ledgerWith(events: readonly SyncEvent[]) {
  const ledger = createLedger({ capacity: 5000 });
  for (const event of events) ledger.add(event);
  return ledger;
}

test("a zine tells the last five minutes, oldest first, without what others told of others", () => {
  const [old, first, second, hearsay] = [310_000, 290_000, 10_000, 5_000].map((agoMs) =>
    pinged(bob, agoMs),
  ) as [SyncEvent, SyncEvent, SyncEvent, SyncEvent];
  const ledger = ledgerWith([second, old, hearsay, first]);
  const isSecondHand = (id: string): boolean => id === hearsay.id;
  expect(createNews(ledger, { me: "alice", isSecondHand })(nowNs)).toEqual(
    [first, second].map(printed),
  );
});

test("the next zine tells what has come and what is still fresh, as if it were the first", () => {
  const [first, second, third] = [290_000, 200_000, 10_000].map((agoMs) => pinged(bob, agoMs)) as [
    SyncEvent,
    SyncEvent,
    SyncEvent,
  ];
  const ledger = ledgerWith([first, second]);
  const newsAt = createNews(ledger, { me: "alice" });
  expect(newsAt(nowNs)).toEqual([first, second].map(printed));
  ledger.add(third);
  expect(newsAt(nowNs + 20_000_000_000n)).toEqual([second, third].map(printed));
});

test("of those who only said that they are here, the last word is told", () => {
  const here = (by: typeof alice, agoMs: number): SyncEvent => {
    const payload = { ...evidencePayload(by.name), actor_id: "", target_id: "" };
    const event = newSyncEvent("social", nowNs - BigInt(agoMs) * 1_000_000n, payload);
    return signSyncEvent(event, by.name, by.keyPair);
  };
  const [bobBefore, ping, bobNow] = [here(bob, 200_000), pinged(bob, 150_000), here(bob, 80_000)];
  const [aliceBefore, aliceLater] = [here(alice, 190_000), pinged(alice, 50_000)];
  const ledger = ledgerWith([bobBefore, aliceBefore, ping, bobNow, aliceLater]);
  const told = createNews(ledger, { me: "alice" })(nowNs);
  expect(told.map(({ event }) => event)).toEqual([ping, bobNow, aliceLater]);
});

test("of more than fits mine comes first, then the newest", () => {
  const theirs = Array.from({ length: mostNews }, (_, at) => pinged(bob, at + 1));
  const mine = pinged(alice, 200_000);
  const told = createNews(ledgerWith([...theirs, mine]), { me: "alice" })(nowNs);
  const news = told.map(({ event }) => event);
  expect(news.length).toBe(mostNews);
  expect(news[0]).toEqual(mine);
  expect(news.at(-1)).toEqual(theirs[0]);
  expect(news).not.toContainEqual(theirs.at(-1));
});
