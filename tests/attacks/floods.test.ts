/** Too much: floods, stuffing, dates and numbers beyond reason (events-and-ledger.md §5, §7, Traps). */
import { expect, test } from "vitest";
import { newSyncEvent } from "../../src/nara/events/sync-event.ts";
import { maxBatchEvents } from "../../src/nara/limits.ts";
import { maxToldByOne } from "../../src/nara/runtime/keyring.ts";
import {
  besieged,
  bob,
  carol,
  everyPath,
  mallory,
  missing,
  nara as naraNamed,
  nowNs,
  nowS,
  restart,
  seconds,
  stranger,
  tease,
  times,
  unsigned,
} from "./besieged.ts";

const zineOf = (from: string) => ({ path: "zine", from }) as const;

test("events from the future are refused on every path, at the edge of int64 too", async () => {
  for (const source of everyPath) {
    const nara = besieged();
    const dated = [nowNs + seconds(60) + 1n, nowNs + seconds(86_400), 2n ** 63n - 1n].map((tsNs) =>
      mallory.says("social", { ...tease, actor: "mallory" }, tsNs),
    );
    expect(await nara.take(dated, source)).toEqual({ added: 0, dropped: { future: 3 } });
    const early = [-1n, -(2n ** 63n), 1n].map((tsNs) =>
      mallory.says("social", { ...tease, actor: "mallory" }, tsNs),
    );
    expect(await nara.take(early, source)).toEqual({ added: 0, dropped: { out_of_range: 3 } });
  }
});

test("a minute ahead is a clock that is fast", async () => {
  const nara = besieged();
  const event = bob.says("social", { ...tease, actor: "bob" }, nowNs + seconds(60));
  expect((await nara.take([event])).added).toBe(1);
});

test("numbers beyond reason are refused, signed or told", async () => {
  const absurd = [
    { ...restart, start_time: nowS + 3600n },
    { ...restart, start_time: 2n ** 63n - 1n },
    { ...restart, start_time: -1n },
    { ...restart, restart_num: -1n },
    { ...restart, restart_num: 2n ** 62n },
    { ...restart, last_restart: nowS + 3600n },
    { ...restart, importance: 9n },
    { ...missing, observer_uptime: 2n ** 64n - 1n },
    { ...missing, online_state: "DANCING" },
  ].map((payload) => mallory.says("observation", { ...payload, observer: "mallory" }));
  const pings = [0, -1, Number.NaN, 1e308].map((rtt) =>
    mallory.says("ping", { observer: "mallory", target: "carol", rtt }),
  );
  const nara = besieged();
  const signed = await nara.take([...absurd, ...pings], zineOf("mallory"));
  expect(signed).toEqual({ added: 0, dropped: { out_of_range: 6, invalid: 7 } });
  const told = await nara.take(absurd.map(unsigned), zineOf("mallory"));
  expect(told).toEqual({ added: 0, dropped: { out_of_range: 5, invalid: 4 } });
  expect(nara.ledger.count()).toBe(0);
});

test("forged pings do not fill the slots of a target", async () => {
  const nara = besieged();
  const honest = times(5, (index) =>
    bob.says("ping", { observer: "bob", target: "carol", rtt: 20 }, nowNs - seconds(index + 1)),
  );
  await nara.take(honest);
  const ahead = (observer: string, index: number) =>
    mallory.says(
      "ping",
      { observer, target: "carol", rtt: 1 },
      nowNs + seconds(3600) + BigInt(index),
    );
  const flood = [
    ...times(100, (index) => ahead("mallory", index)),
    ...times(100, (index) =>
      unsigned(mallory.says("ping", { observer: `ghost-${index}`, target: "carol", rtt: 1 })),
    ),
    ...times(100, (index) =>
      mallory.says("ping", { observer: "bob", target: "carol", rtt: 1 }, nowNs + BigInt(index)),
    ),
  ];
  expect(await nara.take(flood, zineOf("mallory"))).toEqual({
    added: 0,
    dropped: { future: 100, unsigned: 100, not_its_author: 100 },
  });
  expect(nara.ledger.targeting("ping", "carol").map(({ id }) => id)).toEqual(
    honest.map(({ id }) => id),
  );
});

test("a flood of observations about one nara leaves room for others' words", async () => {
  const nara = besieged();
  const flood = times(400, (index) =>
    mallory.says(
      "observation",
      { ...missing, observer: "mallory" },
      nowNs - seconds(60) + BigInt(index),
    ),
  );
  expect(await nara.take(flood, zineOf("mallory"))).toEqual({
    added: 5,
    dropped: { rate_limited: 395 },
  });
  const carolsWord = bob.says("observation", { ...missing, observer: "bob" });
  expect((await nara.take([carolsWord], zineOf("mallory"))).added).toBe(1);
  const again = await nara.take(flood.slice(0, 5), zineOf("mallory"));
  expect(again.dropped).toEqual({ duplicate: 5 });
});

test("a flood that names itself differently each time is limited by its subject", async () => {
  const nara = besieged();
  const flood = times(60, (index) =>
    unsigned(
      newSyncEvent("observation", nowNs - BigInt(index), {
        ...missing,
        observer: `ghost-${index}`,
      }),
    ),
  );
  expect(await nara.take(flood, zineOf("mallory"))).toEqual({
    added: 5,
    dropped: { rate_limited: 55 },
  });
});

test("hearsay fills no ledger: what is proven stays, and comes in", async () => {
  const nara = besieged({ capacity: 100 });
  const proven = times(80, (index) =>
    bob.says("social", { ...tease, actor: "bob" }, nowNs - seconds(index)),
  );
  await nara.take(proven);
  const stuffing = times(1000, (index) =>
    newSyncEvent("observation", nowNs - BigInt(index), {
      ...restart,
      observer: "bob",
      subject: `ghost-${index}`,
    }),
  );
  const stuffed = await nara.take(stuffing, { path: "sync", from: "mallory" });
  expect(stuffed.dropped).toEqual({ ledger_full: 980 });
  expect(nara.ledger.count()).toBeLessThanOrEqual(100);
  expect(proven.every(({ id }) => nara.ledger.has(id))).toBe(true);
  const more = times(20, (index) =>
    carol.says("social", { ...tease, actor: "carol", target: "bob" }, nowNs - seconds(index)),
  );
  expect((await nara.take(more)).added).toBe(20);
  expect([...proven, ...more].every(({ id }) => nara.ledger.has(id))).toBe(true);
  expect(nara.ledger.vouchedCount()).toBe(0);
});

test("telling hearsay a thousand times is one voice", async () => {
  const nara = besieged();
  const hearsay = newSyncEvent("observation", nowNs, { ...missing, observer: "bob" });
  for (const from of ["mallory", "mallory", "carol", "mallory"]) {
    await nara.take(Array(10).fill(hearsay), { path: "zine", from });
  }
  expect(nara.ledger.standingOf(hearsay.id)).toEqual({
    tier: "vouched",
    vouchers: ["mallory", "carol"],
  });
});

test("a hundred thousand events in one zine are bounded and counted, and the next zine is heard", async () => {
  const nara = besieged({ capacity: 20_000 });
  const one = mallory.says("social", { ...tease, actor: "mallory" });
  const many = times(100_000, () => ({ ...one, id: "00".repeat(16) }));
  const outcome = await nara.take(many, zineOf("mallory"));
  expect(outcome).toEqual({
    added: 0,
    dropped: { id_mismatch: maxBatchEvents, too_many_entries: 100_000 - maxBatchEvents },
  });
  const counted = [...nara.drops.values()].reduce((sum, count) => sum + count, 0);
  expect(counted).toBe(100_000);
  const next = await nara.take([bob.says("social", { ...tease, actor: "bob" })], zineOf("bob"));
  expect(next).toEqual({ added: 1, dropped: {} });
});

test("critical events about invented naras push out nothing critical about those we know", async () => {
  const nara = besieged({ capacity: 100 });
  const honest = times(15, (index) =>
    bob.says(
      "observation",
      { ...restart, observer: "bob", restart_num: BigInt(index), last_restart: 0n },
      nowNs - seconds(1000 * index),
    ),
  );
  expect((await nara.take(honest, { path: "sync", from: "bob" })).added).toBe(15);
  const invented = times(300, (index) =>
    mallory.says("observation", { ...restart, observer: "mallory", subject: `ghost-${index}` }),
  );
  await nara.take(invented, { path: "sync", from: "mallory" });
  expect(nara.ledger.count()).toBeLessThanOrEqual(100);
  expect(honest.filter(({ id }) => nara.ledger.has(id))).toHaveLength(15);
});

test("hearsay without an emitter does not go with a nara without a name", async () => {
  const nara = besieged();
  await nara.take([newSyncEvent("observation", nowNs, { ...missing, observer: "bob" })], {
    path: "zine",
    from: "mallory",
  });
  expect(nara.ledger.removeNara("")).toBe(0);
  expect(nara.ledger.count()).toBe(1);
});

test("what is not to my taste is not remembered, whoever says it", async () => {
  const nara = besieged({ personality: { agreeableness: 50, sociability: 50, chill: 90 } });
  const words = [
    bob.says("social", { ...tease, actor: "bob", reason: "random" }),
    bob.says("social", { ...tease, actor: "bob", reason: "comeback" }),
    bob.says("observation", { ...missing, observer: "bob" }),
    bob.says("observation", { ...restart, observer: "bob" }),
  ];
  expect(await nara.take(words)).toEqual({ added: 2, dropped: { filtered: 2 } });
});

test("a zine of invented hey_theres pins a bounded number of names, and others' greetings still do", async () => {
  const nara = besieged({ capacity: 20_000 });
  const invented = times(maxToldByOne + 200, (index) => {
    const ghost = naraNamed(`ghost-${index}`);
    return ghost.says("hey-there", { From: ghost.name, PublicKey: ghost.publicKey });
  });
  const outcome = await nara.take(invented, zineOf("mallory"));
  expect(outcome).toEqual({ added: maxToldByOne, dropped: { too_many_introduced: 200 } });
  const hello = stranger.says("hey-there", { From: "stranger", PublicKey: stranger.publicKey });
  expect(await nara.take([hello], zineOf("mallory"))).toEqual({
    added: 0,
    dropped: { too_many_introduced: 1 },
  });
  expect(await nara.take([hello], zineOf("bob"))).toEqual({ added: 1, dropped: {} });
  expect(nara.keyring.keyOf("stranger")).toBe(stranger.publicKey);
});
