/** What may be thrown at the stash: refused with a counted reason, in bounded memory. */
import { expect, test } from "vitest";
import { createNobleCrypto } from "../src/adapters/crypto/noble-crypto.ts";
import { utf8 } from "../src/nara/codec/utf8.ts";
import { memoryProfile } from "../src/nara/identity/memory-mode.ts";
import { createKeeper } from "../src/nara/services/stash/keeper.ts";
import {
  createStashRefresh,
  maxStashBytes,
  stashAck,
  stashRequest,
  stashResponse,
  stashStore,
} from "../src/nara/services/stash/messages.ts";
import { createStash } from "../src/nara/services/stash/stash.ts";
import { createVault, notePlaintext } from "../src/nara/services/stash/vault.ts";
import { createMockRuntime, type MockPeer } from "../src/nara/testing/mock-runtime.ts";
import { createSeededRandom } from "../src/nara/testing/seeded-random.ts";

const crypto = createNobleCrypto();
const stashRefresh = createStashRefresh(() => true);

function scene() {
  const vault = createVault(new Uint8Array(32).fill(7), createSeededRandom(3));
  const stash = createStash({
    vault,
    memory: () => memoryProfile("short"),
    neighbours: { neighbours: () => [], neighbour: () => undefined },
    onChange: () => {},
  });
  const mock = createMockRuntime({ services: [stash.service], crypto });
  /** The latest answer, once it was sent. */
  const answer = async () => {
    await mock.clock.advance(0);
    return JSON.parse(mock.sent.at(-1)?.text ?? "{}").payload as Record<string, unknown>;
  };
  return { stash, mock, vault, answer, drops: mock.runtime.drops };
}

const storeOf = (owner: MockPeer, changes = {}) => ({
  ...{ owner_id: owner.id, owner: owner.name, ts: 1_767_225_600 },
  ...{ nonce: new Uint8Array(24), ciphertext: utf8("sealed") },
  ...changes,
});

test("a stash of 50 MB is turned away before it is read", async () => {
  const { stash, mock, drops } = scene();
  const bob = mock.peer("bob");
  const text = bob
    .say(stashStore, storeOf(bob))
    .replace('"ciphertext":"', `"ciphertext":"${"A".repeat(50 * 1024 * 1024)}`);
  expect(await mock.runtime.hear(text)).toMatchObject({ type: "dropped", reason: "too_large" });
  expect([drops.of("too_large"), stash.figures().stored]).toEqual([1, 0]);
});

test("the largest stash is kept, one byte more is refused in words", async () => {
  const { stash, mock, answer, drops } = scene();
  const bob = mock.peer("bob");
  await mock.deliver(bob, stashStore, storeOf(bob, { ciphertext: new Uint8Array(maxStashBytes) }));
  expect(await answer()).toMatchObject({ success: true });
  const larger = { ciphertext: new Uint8Array(maxStashBytes + 1), ts: 1_767_225_601 };
  await mock.deliver(bob, stashStore, storeOf(bob, larger));
  expect(await answer()).toMatchObject({
    success: false,
    reason: `a stash may have at most ${maxStashBytes} bytes`,
  });
  expect(drops.of("too_large")).toBe(1);
  expect(stash.figures().bytes).toBe(24 + maxStashBytes);
});

test("what is around a large stash may not be large", async () => {
  const { mock } = scene();
  const bob = mock.peer("bob");
  const text = bob.say(stashStore, storeOf(bob)).replace('"from":"', `"from":"${"b".repeat(5000)}`);
  expect(await mock.runtime.hear(text)).toMatchObject({ reason: "too_long" });
});

test("a million owners find room for five, in the memory of five", () => {
  const keeper = createKeeper(() => 5);
  const payload = { owner: "", nonce: new Uint8Array(24), ciphertext: utf8("sealed"), ts: 1 };
  let refused = 0;
  for (let at = 0; at < 1_000_000; at++) {
    const id = `owner-${at}`;
    const outcome = keeper.store({ name: id, id }, { ...payload, owner_id: id }, 1);
    if (!outcome.ok && outcome.refusal.reason === "stash_full") refused += 1;
  }
  expect([keeper.count, refused]).toEqual([5, 999_995]);
  expect(keeper.bytes).toBe(5 * (24 + 6));
});

test("who comes when there is no room is told so, and those within may still store anew", async () => {
  const { stash, mock, answer, drops } = scene();
  const peers = Array.from({ length: 6 }, (_, at) => mock.peer(`owner-${at}`));
  for (const peer of peers) await mock.deliver(peer, stashStore, storeOf(peer));
  expect(await answer()).toMatchObject({ success: false, reason: "storage limit reached" });
  expect([stash.figures().stored, drops.of("stash_full")]).toEqual([5, 1]);
  const [first] = peers as [MockPeer];
  await mock.deliver(first, stashStore, storeOf(first, { ts: 1_767_225_601 }));
  expect(await answer()).toMatchObject({ success: true });
});

test("nobody stores in another's name, nor is given what is another's", async () => {
  const { stash, mock, answer, drops } = scene();
  const [bob, mallory] = [mock.peer("bob"), mock.peer("mallory")];
  await mock.deliver(mallory, stashStore, storeOf(bob));
  expect(await answer()).toMatchObject({ success: false, reason: "owner_id is not who asks" });
  expect(stash.figures().stored).toBe(0);
  await mock.deliver(bob, stashStore, storeOf(bob));
  await mock.deliver(mallory, stashRequest, { owner_id: bob.id, request_id: "" });
  expect(await answer()).toEqual({ owner_id: bob.id, found: false });
  await mock.deliver(
    mallory,
    stashRefresh,
    { owner_id: bob.id, owner: "bob" },
    { to: "", toId: "" },
  );
  expect(drops.of("not_its_author")).toBe(3);
});

test("a stash never goes back in time, and none comes from the future", async () => {
  const { mock, answer, drops } = scene();
  const bob = mock.peer("bob");
  const store = async (ts: number) => {
    await mock.deliver(bob, stashStore, storeOf(bob, { ts, ciphertext: utf8(`of ${ts}`) }));
    return answer();
  };
  const now = 1_767_225_600;
  expect(await store(now)).toMatchObject({ success: true });
  // A probe and what it was for may share a second.
  expect(await store(now)).toMatchObject({ success: true });
  expect(await store(now - 1)).toMatchObject({ success: false, reason: "older than what is kept" });
  expect(await store(now + 61)).toMatchObject({ success: false, reason: "ts lies in the future" });
  expect([drops.of("stale"), drops.of("future")]).toEqual([1, 1]);
  await mock.deliver(bob, stashRequest, { owner_id: bob.id, request_id: "r" });
  expect(await answer()).toMatchObject({ ciphertext: btoa(`of ${now}`), request_id: "r" });
});

test("the same message sent again is a duplicate, and one for somebody else is left alone", async () => {
  const { mock } = scene();
  const bob = mock.peer("bob");
  const text = bob.say(stashStore, storeOf(bob));
  expect((await mock.runtime.hear(text)).type).toBe("accepted");
  expect(await mock.runtime.hear(text)).toMatchObject({ reason: "duplicate" });
  const others = bob.say(stashStore, storeOf(bob, { ts: 1_767_225_601 }), { toId: "carol-id" });
  expect(await mock.runtime.hear(others)).toMatchObject({ reason: "not_for_me" });
});

test("a storm of refreshes brings one push, and is counted", async () => {
  const { mock, drops } = scene();
  const bob = mock.peer("bob");
  await mock.deliver(bob, stashStore, storeOf(bob));
  await mock.clock.advance(0);
  const before = mock.sent.length;
  for (let at = 0; at < 500; at++) {
    await mock.deliver(
      bob,
      stashRefresh,
      { owner_id: bob.id, owner: "bob" },
      { to: "", toId: "", tsNs: mock.clock.nowNs() + BigInt(at) },
    );
  }
  await mock.clock.advance(60_000);
  expect(mock.sent.length - before).toBe(1);
  expect(drops.of("rate_limited")).toBe(500 - 6);
});

test("a call from somebody for whom nothing is kept is not even verified", async () => {
  const { mock } = scene();
  const bob = mock.stranger("bob");
  const said = bob.say(stashRefresh, { owner_id: bob.id, owner: "bob" }, { to: "", toId: "" });
  expect(await mock.runtime.hear(said)).toMatchObject({ reason: "not_for_me" });
});

test("a call to come forward from long ago is not answered", async () => {
  const { mock, drops } = scene();
  const bob = mock.peer("bob");
  await mock.deliver(bob, stashStore, storeOf(bob));
  await mock.clock.advance(0);
  const before = mock.sent.length;
  await mock.deliver(
    bob,
    stashRefresh,
    { owner_id: bob.id, owner: "bob" },
    { to: "", toId: "", tsNs: mock.clock.nowNs() - 61_000_000_000n },
  );
  await mock.clock.advance(60_000);
  expect([mock.sent.length - before, drops.of("stale")]).toEqual([0, 1]);
});

test("stores, requests and answers at machine speed are limited by author", async () => {
  const { stash, mock, drops } = scene();
  const bob = mock.peer("bob");
  for (let at = 0; at < 100; at++) {
    await mock.deliver(bob, stashStore, storeOf(bob, { ts: 1_767_225_500 + at }));
  }
  expect([stash.figures().stored, drops.of("rate_limited")]).toEqual([1, 70]);
});

test("a probe that comes back is no note, and no older copy takes a newer one's place", async () => {
  const { stash, mock, vault } = scene();
  const give = (from: string, plaintext: Uint8Array) =>
    mock.deliver(mock.peer(from), stashResponse, {
      ...{ owner_id: mock.me.id, request_id: "", found: true, stored_at: 1_767_225_600 },
      ...vault.seal(plaintext),
    });
  await give("bob", utf8('{"test":"probe","timestamp":1767225600}'));
  expect(stash.note()).toBeUndefined();
  const note = (text: string, savedAtMs: number) => notePlaintext({ text, savedAtMs }, mock.me.id);
  await give("bob", note("second", 2000));
  await give("carol", note("first", 1000));
  await give("dave", utf8('{"test":"probe","timestamp":1767225600}'));
  expect(stash.note()).toEqual({ text: "second", savedAtMs: 2000 });
});

test("what the reference kept for the same soul reads as the JSON it is", async () => {
  const { stash, mock, vault } = scene();
  await mock.deliver(mock.peer("bob"), stashResponse, {
    ...{ owner_id: mock.me.id, request_id: "", found: true, stored_at: 1_767_225_600 },
    ...vault.seal(utf8('{"trips":["a","b"]}')),
  });
  expect(stash.note()).toEqual({ text: '{"trips":["a","b"]}', savedAtMs: 1_767_225_600_000 });
});

test("answers that nobody asked for change nothing", async () => {
  const { stash, mock, drops } = scene();
  const bob = mock.peer("bob");
  const ack = { owner_id: mock.me.id, stored_at: 1, success: true, reason: "" };
  await mock.deliver(bob, stashAck, ack, { inReplyTo: "nobody-asked" });
  const none = { nonce: null, ciphertext: null, stored_at: 0, request_id: "" };
  await mock.deliver(bob, stashResponse, { owner_id: mock.me.id, found: false, ...none });
  await mock.deliver(bob, stashResponse, { owner_id: "carol-id", found: true, ...none });
  expect(stash.note()).toBeUndefined();
  expect(stash.view().confidants).toEqual([]);
  expect(drops.of("not_for_me")).toBe(1);
});

test("a note too long is refused, and nothing is put in its place", async () => {
  const { stash } = scene();
  expect(await stash.write("x".repeat(8 * 1024 + 1))).toEqual({
    ok: false,
    refusal: "a note may have at most 8192 bytes",
  });
  expect(stash.note()).toBeUndefined();
});

test("the longest note fits a stash, whatever is in it", () => {
  for (const letter of ["\u0001", "<", '"', "\u2028"]) {
    const text = letter.repeat(Math.floor((8 * 1024) / utf8(letter).length));
    const plaintext = notePlaintext({ text, savedAtMs: 1_767_225_600_000 }, "x".repeat(44));
    expect(plaintext.length + 16).toBeLessThanOrEqual(maxStashBytes);
  }
});

test("who holds the key of a name may say its id once, and not take another's", async () => {
  const { mock, drops } = scene();
  const bob = mock.peer("bob");
  const carol = mock.stranger("carol");
  mock.runtime.keyring.pin("carol", "", carol.publicKey);
  expect((await mock.deliver(carol, stashStore, storeOf(carol))).type).toBe("accepted");
  expect(mock.runtime.keyring.idOf("carol")).toBe(carol.id);
  const stolen = await mock.deliver(carol, stashStore, storeOf(bob), { fromId: bob.id });
  expect(stolen).toMatchObject({ reason: "invalid_signature" });
  // The name is not signed: a copy under another is refused, and does not block the true one.
  const again = carol.say(stashStore, storeOf(carol, { ts: 1_767_225_601 }));
  const renamed = await mock.runtime.hear(again.replace('"from":"carol"', '"from":"dave"'));
  expect(renamed).toMatchObject({ reason: "not_its_author" });
  expect((await mock.runtime.hear(again)).type).toBe("accepted");
  expect(drops.of("invalid_signature")).toBe(1);
});
