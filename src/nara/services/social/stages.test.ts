import { expect, test } from "vitest";
import { createNobleCrypto } from "../../../adapters/crypto/noble-crypto.ts";
import { utf8 } from "../../codec/utf8.ts";
import { eventKinds } from "../../events/event-kinds.ts";
import { type ServiceContext, service } from "../../runtime/service.ts";
import { createMockRuntime } from "../../testing/mock-runtime.ts";
import { social } from "../presence/messages.ts";

const chilled = { agreeableness: 50, sociability: 50, chill: 90 };
const tease = (actor: string, reason: string) => ({
  ...eventKinds.social.payload.zero(),
  ...{ type: "tease", actor, target: "carol", reason },
});

async function listening() {
  const heard: string[] = [];
  const contexts: ServiceContext[] = [];
  const listener = service("listener", [social], (nara) => {
    contexts.push(nara);
    nara.on(social, ({ payload }) => void heard.push(payload.reason));
    return {};
  });
  const crypto = createNobleCrypto();
  const mock = createMockRuntime({ services: [listener], crypto, personality: chilled });
  await mock.runtime.start();
  await mock.clock.advance(1);
  return { mock, heard, nara: contexts[0]! };
}

test("what others say is heard where it is to my taste, and counted where it is not", async () => {
  const { mock, heard } = await listening();
  const bob = mock.peer("bob");
  for (const reason of ["random", "comeback"]) {
    mock.plaza.inject("nara/plaza/social", utf8(bob.say(social, tease("bob", reason))));
  }
  await mock.clock.advance(10);
  await mock.runtime.settled();
  expect(heard).toEqual(["comeback"]);
  expect(mock.runtime.drops.of("filtered")).toBe(1);
  expect(mock.runtime.ledger.count()).toBe(1);
});

test("what I say myself is said in any case, and kept where it is to my taste", async () => {
  const { mock, nara } = await listening();
  expect(nara.emit(social, tease("alice", "random")).ok).toBe(true);
  expect(mock.runtime.ledger.count()).toBe(0);
  expect(nara.emit(social, tease("alice", "comeback")).ok).toBe(true);
  expect(mock.runtime.ledger.count()).toBe(1);
  expect(mock.runtime.drops.total).toBe(0);
});

test("teases at machine speed are heard sixty times a minute, then counted and forgotten", async () => {
  const { mock, heard } = await listening();
  const bob = mock.peer("bob");
  for (let nth = 0; nth < 200; nth++) {
    const words = { ...tease("bob", "comeback"), target: `friend-${nth}` };
    mock.plaza.inject("nara/plaza/social", utf8(bob.say(social, words)));
  }
  await mock.clock.advance(10);
  await mock.runtime.settled();
  expect(heard).toHaveLength(60);
  expect(mock.runtime.drops.of("rate_limited")).toBe(140);
  expect(mock.runtime.ledger.count()).toBe(60);
});
