import { expect, test } from "vitest";
import { createNobleCrypto } from "../../../adapters/crypto/noble-crypto.ts";
import { fromUtf8, utf8 } from "../../codec/utf8.ts";
import { newSyncEvent, type SyncEvent, signSyncEvent } from "../../events/sync-event.ts";
import { answerLedgerRequest, readLedgerResponse } from "../../sync/legacy-ledger.ts";
import { createMockRuntime, type MockPeer } from "../../testing/mock-runtime.ts";
import { createPlazaExchange } from "./plaza-exchange.ts";

async function stage() {
  const exchange = createPlazaExchange("alice");
  const mock = createMockRuntime({ services: [exchange.service], crypto: createNobleCrypto() });
  const bob = mock.peer("bob");
  const { clock, runtime, plaza } = mock;
  await runtime.start();
  await clock.advance(1);
  const said = (by: MockPeer, target: string, ageNs = 0n): SyncEvent =>
    signSyncEvent(
      newSyncEvent("social", clock.nowNs() - ageNs, {
        ...{ type: "tease", actor: by.name, target, reason: "comeback" },
      }),
      by.name,
      by.keyPair,
    );
  const inject = async (topic: string, text: string): Promise<void> => {
    plaza.inject(topic, utf8(text));
    await clock.advance(5);
    await runtime.settled();
    await clock.advance(5);
  };
  const published = (topic: string): readonly string[] =>
    plaza.traffic.filter((one) => one.topic === topic).map(({ payload }) => fromUtf8(payload));
  const answer = (from: string, events: readonly SyncEvent[]): Promise<void> =>
    inject(
      "nara/ledger/alice/response",
      answerLedgerRequest({ from: "alice", subjects: ["carol", "bob"] }, events, from),
    );
  return { exchange, mock, runtime, bob, clock, said, inject, published, answer };
}

test("who asks is told the social events about those it names, with their signatures", async () => {
  const { runtime, bob, said, inject, published } = await stage();
  const about = said(bob, "carol");
  runtime.ledger.add(about);
  runtime.ledger.add(said(bob, "dave"));
  await inject("nara/ledger/alice/request", '{"From":"zoe","Subjects":["carol"]}');
  const [text = ""] = published("nara/ledger/zoe/response");
  const read = readLedgerResponse(text);
  expect(read.ok && read.value.events).toEqual([about]);
});

test("requests of one name, and of many invented ones, are answered so often and no more", async () => {
  const { runtime, inject, published } = await stage();
  for (let each = 0; each < 6; each++) {
    await inject("nara/ledger/alice/request", '{"From":"zoe","Subjects":[]}');
  }
  expect(published("nara/ledger/zoe/response")).toHaveLength(4);
  for (let each = 0; each < 20; each++) {
    await inject("nara/ledger/alice/request", `{"From":"ghost-${each}","Subjects":[]}`);
  }
  expect(published("nara/ledger/ghost-0/response")).toHaveLength(1);
  expect(published("nara/ledger/ghost-19/response")).toHaveLength(0);
  expect(runtime.drops.of("rate_limited")).toBe(2 + 12);
  await inject("nara/ledger/alice/request", '{"From":"a/b","Subjects":[]}');
  expect(runtime.drops.of("bad_name")).toBe(1);
});

test("neighbours are asked about a share each, and what they prove is remembered", async () => {
  const { exchange, runtime, bob, said, published, answer } = await stage();
  const subjects = ["carol", "dave", "erin", "frank"];
  expect(exchange.ask(["bob", "alice", "a/b", "luz"], subjects)).toBe(2);
  const asked = ["bob", "luz"].flatMap((name) => published(`nara/ledger/${name}/request`));
  const shared = asked.flatMap((text) => JSON.parse(text).Subjects as string[]);
  expect(shared.toSorted()).toEqual(subjects);
  await answer("bob", [said(bob, "carol")]);
  expect(runtime.ledger.count()).toBe(1);
});

test("an unsigned copy is refused and does not stand in the way of the signed original", async () => {
  const { exchange, runtime, bob, said, answer } = await stage();
  const original = said(bob, "carol");
  exchange.ask(["bob"], ["carol"]);
  await answer("bob", [{ ...original, emitter: "", sig: "" }]);
  expect(runtime.ledger.count()).toBe(0);
  expect(runtime.drops.of("unsigned")).toBe(1);
  exchange.ask(["bob"], ["carol"]);
  await answer("bob", [original]);
  expect(runtime.ledger.get(original.id)).toEqual(original);
});

test("answers that nobody asked for, that come twice, or too late, are not looked at", async () => {
  const { exchange, runtime, bob, said, answer, clock } = await stage();
  await answer("bob", [said(bob, "carol")]);
  expect(runtime.drops.of("stale")).toBe(1);
  exchange.ask(["bob"], ["carol"]);
  await answer("bob", []);
  await answer("bob", [said(bob, "carol")]);
  expect(runtime.drops.of("stale")).toBe(2);
  exchange.ask(["bob"], ["carol"]);
  await clock.pass({ seconds: 61 });
  await answer("bob", [said(bob, "carol")]);
  expect(runtime.drops.of("stale")).toBe(3);
  expect(runtime.ledger.count()).toBe(0);
});

test("while the plaza is away nobody is asked", () => {
  const exchange = createPlazaExchange("alice");
  expect(exchange.ask(["bob"], ["carol"])).toBe(0);
});
