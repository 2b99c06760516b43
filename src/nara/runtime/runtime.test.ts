import { expect, test } from "vitest";
import {
  sampleStash,
  stashAck,
  stashRecovered,
  stashStore,
} from "../../../tests/support/sample-stash.ts";
import { createNobleCrypto } from "../../adapters/crypto/noble-crypto.ts";
import { decodeBase64 } from "../codec/base64.ts";
import { accept, refuse } from "../outcome.ts";
import { createMockRuntime } from "../testing/mock-runtime.ts";
import { type Service, service } from "./service.ts";

const crypto = createNobleCrypto();
const store = {
  owner_id: "bob-id-0000",
  owner: "bob",
  nonce: new Uint8Array(24),
  ciphertext: Uint8Array.of(1, 2, 3),
  ts: 1_767_225_600,
};

test("a store message results in a record, and is acknowledged to its sender", async () => {
  const stash = sampleStash();
  const mock = createMockRuntime({ services: [stash.service], crypto });
  const bob = mock.peer("bob");
  const verdict = await mock.deliver(bob, stashStore, store);
  expect(verdict.type).toBe("accepted");
  expect(stash.kept.get(bob.id)?.ciphertext).toEqual(Uint8Array.of(1, 2, 3));
  expect(mock.sent).toHaveLength(1);
  expect(mock.sent[0]?.toId).toBe(bob.id);
  expect(mock.sent[0]?.text).toContain('"success":true');
});

test("a local message reaches every service that listens for it", async () => {
  const stash = sampleStash();
  const heard: number[] = [];
  const other = service("other", [], (nara) => {
    nara.on(stashRecovered, ({ payload }) => void heard.push(payload.count));
    return {};
  });
  createMockRuntime({ services: [stash.service, other], crypto });
  stash.recovered(0);
  stash.recovered(7);
  expect(heard).toEqual([0, 7]);
});

test("the same content at the same time has the same id; any change gives another", () => {
  const mock = createMockRuntime({ services: [sampleStash().service], crypto });
  const bob = mock.peer("bob");
  const idOf = (text: string): unknown => JSON.parse(text).id;
  const first = idOf(bob.say(stashStore, store));
  expect(idOf(bob.say(stashStore, store))).toBe(first);
  expect(idOf(bob.say(stashStore, { ...store, ts: 1 }))).not.toBe(first);
  expect(idOf(bob.say(stashStore, store, { tsNs: 1n }))).not.toBe(first);
});

test("what a nara signs verifies under its key, and nothing else does", async () => {
  const mock = createMockRuntime({ services: [sampleStash().service], crypto });
  const bob = mock.peer("bob");
  const text = bob.say(stashStore, store);
  expect((await mock.runtime.hear(text)).type).toBe("accepted");
  const forged = text.replace('"ts":1767225600', '"ts":1767225601');
  expect(await mock.runtime.hear(forged)).toMatchObject({ type: "dropped", reason: "id_mismatch" });
  const mallory = mock.stranger("bob");
  const signature = JSON.parse(mallory.say(stashStore, store, { tsNs: 5n })).signature;
  const resigned = bob
    .say(stashStore, { ...store, ts: 3 })
    .replace(/"signature":"[^"]*"/, `"signature":"${signature}"`);
  expect(await mock.runtime.hear(resigned)).toMatchObject({ reason: "invalid_signature" });
});

test("a stranger, a repetition, an unknown kind and a newer version are refused and counted", async () => {
  const mock = createMockRuntime({ services: [sampleStash().service], crypto });
  const bob = mock.peer("bob");
  const reasons = [];
  for (const text of [
    mock.stranger("carol").say(stashStore, store),
    bob.say(stashStore, store),
    bob.say(stashStore, store),
    bob.say(stashStore, store).replace("stash:store", "stash:burn"),
    bob.say(stashStore, store).replace('"version":1', '"version":2'),
    "{",
  ]) {
    const verdict = await mock.runtime.hear(text);
    reasons.push(verdict.type === "dropped" ? verdict.reason : verdict.type);
  }
  expect(reasons).toEqual([
    "unknown_sender",
    "accepted",
    "duplicate",
    "unknown_kind",
    "unsupported_version",
    "malformed",
  ]);
  expect(mock.runtime.drops.of("duplicate")).toBe(1);
  expect(mock.runtime.drops.total).toBe(5);
});

test("a call is answered only by the peer that was asked", async () => {
  const asked: Promise<unknown>[] = [];
  let ask = (_to: { name: string; id: string }): void => {};
  const caller = service("caller", [stashStore, stashAck], (nara) => {
    ask = (to) => void asked.push(nara.call(stashStore, store, { to, timeoutMs: 30_000 }));
    return {};
  });
  const mock = createMockRuntime({ services: [caller], crypto });
  const [bob, carol] = [mock.peer("bob"), mock.peer("carol")];
  ask(bob);
  const id: string = JSON.parse(mock.sent[0]?.text ?? "{}").id;
  const ack = { owner_id: bob.id, stored_at: 1, success: true, reason: "" };
  await mock.deliver(carol, stashAck, ack, { inReplyTo: id });
  await mock.deliver(bob, stashAck, ack, { inReplyTo: id });
  expect(await asked[0]).toMatchObject({ ok: true, value: { from: "bob", inReplyTo: id } });
});

test("a call that nobody answers times out, and one that cannot be sent says why", async () => {
  const asked: Promise<unknown>[] = [];
  const calling = (mesh?: { send(): Promise<string | undefined> }) => {
    let ask = (): void => {};
    const caller = service("caller", [stashStore], (nara) => {
      ask = () =>
        void asked.push(
          nara.call(stashStore, store, {
            to: { name: "bob", id: "bob-id-0000" },
            timeoutMs: 30_000,
          }),
        );
      return {};
    });
    const mock = createMockRuntime({ services: [caller], crypto, ...(mesh ? { mesh } : {}) });
    mock.peer("bob");
    ask();
    return mock;
  };
  await calling().clock.advance(30_000);
  calling({ send: async () => "no address" });
  expect(await asked[0]).toEqual({ ok: false, refusal: { type: "timed-out", afterMs: 30_000 } });
  expect(await asked[1]).toEqual({ ok: false, refusal: { type: "not-sent", why: "no address" } });
});

test("when one service cannot start, those before it are stopped, in reverse", async () => {
  const diary: string[] = [];
  const named = (name: string, starts: boolean): Service =>
    service(name, [], () => ({
      start() {
        diary.push(`${name} starts`);
        return starts ? accept(undefined) : refuse("no coffee");
      },
      stop: () => void diary.push(`${name} stops`),
    }));
  const { runtime } = createMockRuntime({
    services: [named("one", true), named("two", true), named("three", false), named("four", true)],
    crypto,
  });
  expect(await runtime.start()).toEqual({ ok: false, refusal: "three could not start: no coffee" });
  expect(diary).toEqual(["one starts", "two starts", "three starts", "two stops", "one stops"]);
});

test("a handler that throws is logged under its service's name, and hurts nobody else", async () => {
  const clumsy = service("clumsy", [stashStore], (nara) => {
    nara.on(stashStore, () => {
      throw new Error("butterfingers");
    });
    return {};
  });
  const mock = createMockRuntime({ services: [clumsy], crypto });
  expect((await mock.deliver(mock.peer("bob"), stashStore, store)).type).toBe("accepted");
  expect(mock.log).toEqual([
    { level: "error", service: "clumsy", text: "while hearing stash:store: butterfingers" },
  ]);
});

test("a service that was silenced says nothing more", async () => {
  const chatty = service("chatty", [stashStore], (nara) => {
    nara.on(stashStore, () => nara.log.info("oh, a store!"));
    return {};
  });
  const mock = createMockRuntime({ services: [chatty], crypto });
  mock.runtime.loggers.silence("chatty");
  await mock.deliver(mock.peer("bob"), stashStore, store);
  mock.runtime.loggers.restore("chatty");
  await mock.deliver(mock.peer("bob"), stashStore, { ...store, ts: 2 });
  expect(mock.log.map(({ text }) => text)).toEqual(["oh, a store!"]);
});

test("a message without a target is not sent, and says so", () => {
  let outcome: unknown;
  const lost = service("lost", [stashStore], (nara) => {
    outcome = nara.emit(stashStore, store);
    return {};
  });
  createMockRuntime({ services: [lost], crypto });
  expect(outcome).toMatchObject({ ok: false, refusal: expect.stringContaining("toId is empty") });
});

test("signatures on the wire are base64 of 64 bytes", () => {
  const mock = createMockRuntime({ services: [sampleStash().service], crypto });
  const { signature } = JSON.parse(mock.peer("bob").say(stashStore, store));
  expect(decodeBase64(signature)).toHaveLength(64);
});
