/**
 * The seed's page about its sample service, read as documentation of our stash: one test for each
 * of its statements, in its order and under its headings. (seed sample-service-stash)
 */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createNobleCrypto } from "../src/adapters/crypto/noble-crypto.ts";
import { fromUtf8, utf8 } from "../src/nara/codec/utf8.ts";
import { createIdentity } from "../src/nara/identity/identity.ts";
import { memoryProfile } from "../src/nara/identity/memory-mode.ts";
import { bindSoul } from "../src/nara/identity/soul.ts";
import { service } from "../src/nara/runtime/service.ts";
import {
  createStashRefresh,
  stashBehaviours,
  stashRecovered,
  stashRequest,
  stashResponse,
  stashStore,
} from "../src/nara/services/stash/messages.ts";
import { createStash } from "../src/nara/services/stash/stash.ts";
import {
  createVault,
  notePlaintext,
  readNote,
  type Vault,
} from "../src/nara/services/stash/vault.ts";
import { createMockRuntime, type MockPeer } from "../src/nara/testing/mock-runtime.ts";
import { createSeededRandom } from "../src/nara/testing/seeded-random.ts";
import { createNetwork, seedOf } from "./support/network.ts";

const crypto = createNobleCrypto();
const vaultOf = (seed: string) => createVault(seedOf(seed), createSeededRandom(1));

const stashWith = (vault: Vault) =>
  createStash({
    vault,
    memory: () => memoryProfile("short"),
    neighbours: { neighbours: () => [], neighbour: () => undefined },
    onChange: () => {},
  });

/** The stash on the mock runtime, beside a service that listens to what it says locally. */
function scene() {
  const recovered: number[] = [];
  const vault = vaultOf("alice of the seed");
  const stash = stashWith(vault);
  const listener = service("presence", [], (nara) => {
    nara.on(stashRecovered, ({ payload }) => void recovered.push(payload.count));
    return {};
  });
  const mock = createMockRuntime({ services: [stash.service, listener], crypto });
  return { stash, mock, recovered, vault };
}

const storeOf = (owner: MockPeer, words = "sealed") => ({
  ...{ owner_id: owner.id, owner: owner.name, ts: 1 },
  ...{ nonce: new Uint8Array(24), ciphertext: utf8(words) },
});

function response(
  from: { readonly id: string },
  sealed: { nonce: Uint8Array; ciphertext: Uint8Array },
) {
  return { owner_id: from.id, request_id: "", found: true, ...sealed, stored_at: 5 };
}

const sourceOf = (file: string): string =>
  readFileSync(new URL(`../src/nara/services/stash/${file}`, import.meta.url), "utf8");
const sources = readdirSync(new URL("../src/nara/services/stash/", import.meta.url))
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  .map(sourceOf);

describe("1. Purpose", () => {
  test("it provides distributed, encrypted storage for nara state", async () => {
    const network = createNetwork();
    const [alice, ...friends] = ["alice", "bob", "carol", "dave"].map((name, at) =>
      network.join(name, { meshIp: `100.64.0.${at + 1}` }),
    );
    await network.clock.advance(30_000);
    const writing = alice?.stash.write("mine");
    await network.clock.advance(5000);
    expect((await writing)?.ok).toBe(true);
    for (const friend of friends) {
      const { owners, bytes } = friend.view().stash.keeping;
      expect([owners, bytes > 24 + 16]).toEqual([1, true]);
    }
  });

  test("it is decoupled and message-driven: nothing but messages leads in and out", () => {
    const imported = sources.flatMap((source) =>
      [...source.matchAll(/from "(\.\.\/[^"]+)"/g)].map(([, path]) => path ?? ""),
    );
    const services = imported.filter((path) => /^\.\.\/[a-z-]+\//.test(path));
    expect(new Set(services)).toEqual(
      new Set([
        // What hey_there and social events look like, and what is remembered of a neighbour.
        ...["../presence/messages.ts", "../presence/observation.ts"],
      ]),
    );
  });
});

describe("2. Conceptual model", () => {
  test("the stash is an encrypted blob of data stored on a peer", async () => {
    const { stash, mock } = scene();
    await mock.deliver(mock.peer("bob"), stashStore, storeOf(mock.peer("bob")));
    expect(stash.figures()).toMatchObject({ stored: 1, bytes: 24 + 6 });
  });

  test("the recovery is a boot-time sequence of broadcast and messages from peer to peer", async () => {
    const network = createNetwork();
    const join = (name: string, at: number) => network.join(name, { meshIp: `100.64.0.${at}` });
    const alice = join("alice", 1);
    for (const [at, name] of ["bob", "carol", "dave"].entries()) join(name, at + 2);
    await network.clock.advance(30_000);
    void alice.stash.write("mine");
    await network.clock.advance(5000);
    void alice.stop();
    await network.clock.advance(5000);
    const before = network.mesh.traffic.length;
    const again = join("alice", 1);
    await network.clock.advance(20_000);
    expect(again.stash.note()?.text).toBe("mine");
    expect(network.said("nara/plaza/stash_refresh", "alice")).not.toEqual([]);
    const kinds = network.mesh.traffic
      .slice(before)
      .map(({ request }) => /"kind":"(stash:\w+)"/.exec(fromUtf8(request.body))?.[1]);
    expect(kinds).toContain("stash:response");
  });
});

describe("3. Service logic and implementation", () => {
  test("initialisation: it is given a runtime, a scoped log and an empty map", async () => {
    const { stash, mock } = scene();
    expect(stash.figures()).toEqual({ stored: 0, bytes: 0, confidants: 0 });
    await mock.deliver(mock.peer("bob"), stashStore, storeOf(mock.peer("bob")));
    expect(mock.log).toContainEqual({
      ...{ level: "info", service: "stash" },
      text: "I keep something for bob",
    });
  });

  test("declaring behaviours: an external protocol with payload and handler, and a local kind", () => {
    expect(stashBehaviours.map(({ kind }) => kind)).toEqual([
      ...["stash:store", "stash:ack", "stash:request", "stash:response"],
      "stash:recovered",
    ]);
    expect(createStashRefresh(() => true).plaza?.filter).toBe("nara/plaza/stash_refresh");
    expect(stashStore.emit.map(({ name }) => name)).toEqual(["sign", "transport: peer"]);
    expect(stashRecovered.emit.map(({ name }) => name)).toEqual(["notify"]);
    expect(stashBehaviours.every(({ version }) => version === 1)).toBe(true);
  });

  test("handlers see verified messages only: a stranger, a forger and a thief change nothing", async () => {
    const { stash, mock } = scene();
    const bob = mock.peer("bob");
    const stranger = mock.stranger("mallory");
    expect(await mock.deliver(stranger, stashStore, storeOf(stranger))).toMatchObject({
      reason: "unknown_sender",
    });
    const forged = bob.say(stashStore, storeOf(bob)).replace("bob-id", "bob-ID");
    expect((await mock.runtime.hear(forged)).type).toBe("dropped");
    await mock.deliver(mock.peer("carol"), stashStore, storeOf(bob));
    expect(stash.figures().stored).toBe(0);
  });

  test("what is stored is ciphertext and nonce, by the id of who sent it", async () => {
    const { mock } = scene();
    const bob = mock.peer("bob");
    await mock.deliver(bob, stashStore, storeOf(bob, "sealed words"));
    await mock.deliver(bob, stashRequest, { owner_id: bob.id, request_id: "" });
    await mock.clock.advance(0);
    const given = JSON.parse(mock.sent.at(-1)?.text ?? "").payload;
    expect(given).toMatchObject({
      ...{ owner_id: bob.id, found: true },
      ...{ nonce: btoa("\0".repeat(24)), ciphertext: btoa("sealed words") },
    });
  });
});

describe("4. Local message passing", () => {
  test("stash:recovered tells other services that the state is back, with the count", async () => {
    const { mock, recovered, vault } = scene();
    const sealed = vault.seal(notePlaintext({ text: "mine", savedAtMs: 9 }, mock.me.id));
    await mock.deliver(mock.peer("bob"), stashResponse, response(mock.me, sealed));
    await mock.deliver(mock.peer("carol"), stashResponse, response(mock.me, sealed));
    expect(recovered).toEqual([1, 2]);
  });

  test("it goes no further than this nara", async () => {
    const { mock, recovered, vault } = scene();
    const sealed = vault.seal(notePlaintext({ text: "mine", savedAtMs: 9 }, mock.me.id));
    await mock.deliver(mock.peer("bob"), stashResponse, response(mock.me, sealed));
    await mock.clock.advance(10_000);
    expect(recovered).toEqual([1]);
    expect(mock.sent.map(({ text }) => text)).toEqual([]);
    expect(mock.plaza.traffic).toEqual([]);
  });

  test("other services just listen; the stash knows none of them", async () => {
    const vault = vaultOf("alice of the seed");
    const stash = stashWith(vault);
    const heard: string[] = [];
    const listeners = ["presence", "anything"].map((name) =>
      service(name, [], (nara) => {
        nara.on(stashRecovered, () => void heard.push(name));
        return {};
      }),
    );
    const mock = createMockRuntime({ services: [stash.service, ...listeners], crypto });
    const sealed = vault.seal(notePlaintext({ text: "mine", savedAtMs: 9 }, mock.me.id));
    await mock.deliver(mock.peer("bob"), stashResponse, response(mock.me, sealed));
    expect(heard).toEqual(["presence", "anything"]);
  });
});

describe("5. Using what the runtime offers", () => {
  test("scoped logging: every line carries the service's name", async () => {
    const { mock } = scene();
    await mock.deliver(mock.peer("bob"), stashStore, storeOf(mock.peer("bob")));
    await mock.deliver(mock.peer("bob"), stashStore, { ...storeOf(mock.peer("bob")), ts: 0 });
    expect(mock.log.length).toBeGreaterThan(1);
    expect(new Set(mock.log.map(({ service }) => service))).toEqual(new Set(["stash"]));
  });

  test("the key derives from the soul, outside the service", () => {
    const words = utf8("words");
    const opened = vaultOf("alice of the seed").open(vaultOf("alice of the seed").seal(words));
    expect(opened).toEqual({ ok: true, value: words });
    for (const source of sources.filter((text) => !text.includes("createVault("))) {
      expect(source).not.toMatch(/symmetricKey|hkdf|soul\.seed/);
    }
  });

  test("the service sees plaintext and ciphertext only", () => {
    const { nonce, ciphertext } = vaultOf("alice").seal(utf8("words"));
    expect(nonce).toHaveLength(24);
    expect(ciphertext).toHaveLength(5 + 16);
    for (const file of ["mine.ts", "keeper.ts", "courier.ts", "returns.ts"]) {
      expect(sourceOf(file)).not.toMatch(/noble|identity\/seal/);
    }
  });
});

describe("6. Testing the service", () => {
  test("the mock runtime delivers a store request without a network, and it is kept", async () => {
    const { stash, mock } = scene();
    const bob = mock.peer("bob");
    expect((await mock.deliver(bob, stashStore, storeOf(bob))).type).toBe("accepted");
    expect(stash.figures().stored).toBe(1);
  });
});

describe("7. Failure modes", () => {
  test("what cannot be opened is logged as an error, and recovered with count 0", async () => {
    const { stash, mock, recovered } = scene();
    const sealed = vaultOf("somebody else").seal(utf8("words"));
    await mock.deliver(mock.peer("bob"), stashResponse, response(mock.me, sealed));
    expect(recovered).toEqual([0]);
    expect(stash.note()).toBeUndefined();
    expect(mock.log).toContainEqual({
      ...{ level: "error", service: "stash" },
      text: "what bob gave back cannot be read: decryption failed: invalid ciphertext or wrong key",
    });
  });

  test("a malformed response is dropped before any handler", async () => {
    const { mock, recovered, vault } = scene();
    const sealed = vault.seal(notePlaintext({ text: "mine", savedAtMs: 9 }, mock.me.id));
    const text = mock.peer("bob").say(stashResponse, response(mock.me, sealed));
    for (const broken of [text.slice(0, -1), text.replace('"found":true', '"found":1')]) {
      expect((await mock.runtime.hear(broken)).type).toBe("dropped");
    }
    expect(recovered).toEqual([]);
  });
});

describe("8. Test oracle", () => {
  test("a stash:store message results in a record, and is acknowledged", async () => {
    const { stash, mock } = scene();
    const bob = mock.peer("bob");
    const text = bob.say(stashStore, storeOf(bob));
    await mock.runtime.hear(text);
    await mock.clock.advance(0);
    expect(stash.figures().stored).toBe(1);
    expect(JSON.parse(mock.sent.at(-1)?.text ?? "")).toMatchObject({
      ...{ kind: "stash:ack", to_id: bob.id, in_reply_to: JSON.parse(text).id },
      payload: { owner_id: bob.id, success: true },
    });
  });

  test("a stash:recovered message triggers every service that listens to it", async () => {
    const { mock, recovered, vault } = scene();
    const sealed = vault.seal(notePlaintext({ text: "mine", savedAtMs: 9 }, mock.me.id));
    await mock.deliver(mock.peer("bob"), stashResponse, response(mock.me, sealed));
    expect(recovered).toEqual([1]);
  });

  test("decrypting a stash with a different nara id fails", () => {
    const seed = seedOf("one seed");
    const [one, other] = ["alice", "bob"].map((name) => createIdentity(bindSoul(seed, name), name));
    const note = { text: "mine", savedAtMs: 9 };
    const sealed = vaultOf("one seed").seal(notePlaintext(note, one?.id ?? ""));
    const opened = vaultOf("one seed").open(sealed);
    if (!opened.ok) throw new Error(opened.refusal);
    expect(readNote(opened.value, one?.id ?? "", 5)).toEqual({ ok: true, value: note });
    expect(readNote(opened.value, other?.id ?? "", 5)).toEqual({ ok: false, refusal: "another's" });
    expect(vaultOf("another seed").open(sealed).ok).toBe(false);
  });
});
