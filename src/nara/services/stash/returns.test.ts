import { expect, test } from "vitest";
import { createNobleCrypto } from "../../../adapters/crypto/noble-crypto.ts";
import type { ServiceContext } from "../../runtime/service.ts";
import { service } from "../../runtime/service.ts";
import { createMockRuntime } from "../../testing/mock-runtime.ts";
import { createKeeper } from "./keeper.ts";
import { stashResponse } from "./messages.ts";
import { createReturns } from "./returns.ts";

/** Something is kept for bob, who turns strangers away until `opensAtMs`. */
function scene(opensAtMs: number) {
  let nara: ServiceContext | undefined;
  const triesMs: number[] = [];
  const startMs = 1_767_225_600_000;
  const mock = createMockRuntime({
    services: [
      service("returns", [stashResponse], (context) => {
        nara = context;
        return {};
      }),
    ],
    crypto: createNobleCrypto(),
    mesh: {
      async send() {
        const atMs = Number(mock.clock.nowNs() / 1_000_000n) - startMs;
        triesMs.push(atMs);
        return atMs < opensAtMs ? "server returned 401: unknown sender" : undefined;
      },
    },
  });
  const bob = mock.peer("bob");
  const keeper = createKeeper(() => 5);
  const sealed = { nonce: new Uint8Array(24), ciphertext: Uint8Array.of(1, 2, 3) };
  keeper.store(bob, { owner_id: bob.id, owner: "bob", ...sealed, ts: 1 }, 1);
  if (nara === undefined) throw new Error("no runtime");
  return { mock, bob, triesMs, returns: createReturns(nara, keeper) };
}

test("what is kept is brought 100 to 599 ms after its owner came, once", async () => {
  const { mock, bob, triesMs, returns } = scene(0);
  expect(returns.push(bob.id).ok).toBe(true);
  returns.push(bob.id);
  await mock.clock.advance(60_000);
  expect(triesMs).toHaveLength(1);
  expect(triesMs[0]).toBeGreaterThanOrEqual(100);
  expect(triesMs[0]).toBeLessThan(600);
  expect(JSON.parse(mock.sent[0]?.text ?? "").payload).toMatchObject({ found: true, stored_at: 1 });
});

test("who is turned away tries again after 2.5, 8 and 30 s, and then gives up", async () => {
  const { mock, bob, triesMs, returns } = scene(Number.POSITIVE_INFINITY);
  returns.push(bob.id);
  await mock.clock.advance(600_000);
  const [first = 0, ...later] = triesMs;
  expect(later.map((atMs) => atMs - first)).toEqual([2500, 10_500, 40_500]);
});

test("once it is taken nobody is bothered again, until the owner comes anew", async () => {
  const { mock, bob, triesMs, returns } = scene(2000);
  returns.push(bob.id);
  await mock.clock.advance(60_000);
  expect(triesMs).toHaveLength(2);
  returns.push(bob.id);
  await mock.clock.advance(60_000);
  expect(triesMs).toHaveLength(3);
});

test("of what is not kept nothing is brought", () => {
  expect(scene(0).returns.push("carol-id")).toEqual({
    ok: false,
    refusal: "no stash for carol-id",
  });
});
