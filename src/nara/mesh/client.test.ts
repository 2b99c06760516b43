import { beforeEach, describe, expect, test } from "vitest";
import { createNobleCrypto } from "../../adapters/crypto/noble-crypto.ts";
import { encodeBase64 } from "../codec/base64.ts";
import { utf8 } from "../codec/utf8.ts";
import { newSyncEvent, type SyncEvent, signSyncEvent } from "../events/sync-event.ts";
import { accept, refuse } from "../outcome.ts";
import { cursorAfter } from "../sync/sync-response.ts";
import { printed, writeZine } from "../sync/zine.ts";
import { createInMemoryMesh, type InMemoryMesh } from "../testing/in-memory-mesh.ts";
import {
  createMeshNara,
  type MeshNara,
  type MeshNaraSettings,
  personNamed,
} from "../testing/mesh-nara.ts";
import { createVirtualClock, type VirtualClock } from "../testing/virtual-clock.ts";
import { signResponse } from "./auth.ts";
import { createMeshClient, type MeshClient } from "./client.ts";
import type { MeshTransport } from "./http.ts";
import { createPeerRegistry, type PeerRegistry } from "./peers.ts";
import { createResolution } from "./resolution.ts";

const alice = personNamed("alice");
const bob = personNamed("bob");
const carol = personNamed("carol");
const everybody = [alice, bob, carol];
const bobsIp = "100.64.0.2";
const carolsIp = "100.64.0.3:9000";
const noble = createNobleCrypto();
type Person = typeof alice;

let clock: VirtualClock;
let mesh: InMemoryMesh;
let peers: PeerRegistry;
let client: MeshClient;
let skews: [string, number][];
let naraBob: MeshNara;
let bobsDoor: MeshTransport;

const naraOf = (me: Person, more: Partial<MeshNaraSettings> = {}): MeshNara =>
  createMeshNara({ me, keyPair: me.keyPair, clock, known: everybody, ...more });

beforeEach(() => {
  clock = createVirtualClock();
  mesh = createInMemoryMesh({ clock, latencyMs: 10 });
  peers = createPeerRegistry();
  skews = [];
  bobsDoor = mesh.join(bobsIp);
  naraBob = naraOf(bob, { meshIp: bobsIp, coordinates: { x: 1, y: 2, height: 0.5, error: 1 } });
  bobsDoor.serve(naraBob.ask);
  peers.hint("bob", bobsIp);
  client = createMeshClient({
    send: mesh.join("100.64.0.1").send,
    me: alice,
    keyring: naraOf(alice).keyring,
    clock,
    crypto: noble,
    peers,
    noteSkew: (name, aheadMs) => void skews.push([name, aheadMs]),
  });
});

/** What comes of it within a minute. */
async function soon<Value>(promise: Promise<Value>): Promise<Value> {
  await clock.advance(60_000);
  return promise;
}

const tease = (person: Person, tsNs = clock.nowNs(), target = "carol"): SyncEvent =>
  signSyncEvent(
    newSyncEvent("social", tsNs, {
      type: "tease",
      actor: person.name,
      target,
      reason: "high-restarts",
    }),
    person.name,
    person.keyPair,
  );

/** Bob's door answers with this, signed by whom it says. */
const bobSays = (text: string, by: Person = bob, signedAtNs = clock.nowNs()): void => {
  const body = utf8(text);
  bobsDoor.serve(async () => ({
    status: 200,
    headers: new Map(signResponse(by, signedAtNs, body)),
    body,
  }));
};

describe("what alice asks bob", () => {
  test("how far he is, who he is and where he stands", async () => {
    expect(await soon(client.ping("bob"))).toEqual({
      ok: true,
      value: { rttMs: 20, publicKey: bob.publicKey, meshIp: bobsIp },
    });
    expect(mesh.traffic[0]?.request.headers.get("x-nara-from")).toBe("alice");
    expect(await soon(client.coordinates("bob"))).toEqual({
      ok: true,
      value: { x: 1, y: 2, height: 0.5, error: 1 },
    });
    expect(peers.isProven("bob")).toBe(false);
  });

  test("news for news: he has hers, she gets his, both signed", async () => {
    const [hers, his] = [tease(alice), tease(bob)];
    naraBob.ledger.add(his);
    const zine = await soon(client.zine("bob", [printed(hers)]));
    expect(zine.ok && zine.value.events.map(({ id }) => id).sort()).toEqual(
      [his.id, hers.id].sort(),
    );
    expect(naraBob.ledger.has(hers.id)).toBe(true);
    expect(peers.isProven("bob")).toBe(true);
  });

  test("all he remembers, page by page", async () => {
    const said = Array.from({ length: 10 }, (_, index) =>
      tease(bob, clock.nowNs() - BigInt(1000 - index)),
    );
    for (const event of said) naraBob.ledger.add(event);
    const walked: string[] = [];
    let cursorNs: bigint | undefined = 0n;
    for (let pages = 0; cursorNs !== undefined && pages < 9; pages++) {
      const page = await soon(client.sync("bob", { mode: "page", pageSize: 4, cursorNs }));
      if (!page.ok) throw new Error(page.refusal.why);
      walked.push(...page.value.events.map(({ id }) => id));
      cursorNs = cursorAfter(page.value, cursorNs);
    }
    expect(walked).toEqual(said.map(({ id }) => id));
  });

  test("to keep one event, and whether he did", async () => {
    const event = tease(alice);
    expect(await soon(client.dm("bob", event))).toEqual({ ok: true, value: true });
    expect(await soon(client.dm("bob", event))).toEqual({ ok: true, value: false });
    expect(await soon(client.dm("bob", tease(carol)))).toEqual({
      ok: false,
      refusal: { type: "refused", status: 403, why: "server returned 403: from is not the sender" },
    });
  });

  test("to hear a runtime message, by his id", async () => {
    const heard: string[] = [];
    const hear = async (text: string) => void heard.push(text);
    bobsDoor.serve(naraOf(bob, { more: { hear } }).ask);
    expect(await soon(client.message(bob.id, "{}"))).toBeUndefined();
    expect(heard).toEqual(["{}"]);
    expect(await soon(client.message("nobody", "{}"))).toBe("peer not registered: nobody");
  });

  test("to carry a postcard; his own reason is told when he does not", async () => {
    const card = { id: "AAAAAAAAAAAAAAAAAAAAAA==", message: "hi", originator: "alice", hops: null };
    const cards: unknown[] = [];
    const serve = (carry: Parameters<typeof naraOf>[1]) => bobsDoor.serve(naraOf(bob, carry).ask);
    serve({
      more: {
        carry: async (carried, sender) => {
          cards.push([carried, sender]);
          return accept(undefined);
        },
      },
    });
    expect(await soon(client.relay("bob", card))).toEqual({ ok: true, value: undefined });
    expect(cards).toEqual([[{ ...card, hops: [] }, "alice"]]);
    serve({ more: { carry: async () => refuse("journey stuck - no next nara available") } });
    expect(await soon(client.relay("bob", card))).toMatchObject({
      ok: false,
      refusal: { why: "server returned 400: journey stuck - no next nara available" },
    });
  });

  test("for checkpoints by offset", async () => {
    expect(await soon(client.checkpoints("bob", 1000, 0))).toMatchObject({
      ok: true,
      value: { events: [], total: 0, hasMore: false },
    });
  });
});

describe("what alice does not believe", () => {
  const refusalOf = async (asked: Promise<unknown>): Promise<unknown> => {
    const outcome = (await soon(asked)) as { readonly refusal?: { type: string; why: string } };
    return outcome.refusal;
  };
  const askSync = () => refusalOf(client.sync("bob", { mode: "sample" }));

  test("an answer that was changed on its way", async () => {
    mesh.tamper((answer) => ({ ...answer, body: utf8("{}") }));
    expect(await askSync()).toEqual({
      type: "unbelieved",
      why: "response signature verification failed",
    });
    expect(peers.isProven("bob")).toBe(false);
  });

  test("an answer that nobody signed", async () => {
    mesh.tamper(({ status, body }) => ({ status, headers: new Map(), body }));
    expect(await askSync()).toMatchObject({ why: "missing auth headers in response" });
  });

  test("an answer by somebody else, however well signed", async () => {
    bobSays('{"from":"carol","success":true}', carol);
    expect(await refusalOf(client.dm("bob", tease(alice)))).toMatchObject({
      type: "unbelieved",
      why: "carol answers in place of bob",
    });
    expect(peers.addressesOf("bob")).toEqual([]);
  });

  test("an answer of another hour; it shows how far the clocks are apart", async () => {
    bobSays('{"from":"bob","success":true}', bob, clock.nowNs() - 45_000_000_000n);
    expect(await refusalOf(client.dm("bob", tease(alice)))).toMatchObject({
      type: "unbelieved",
      why: "the clocks of bob and me are too far apart",
    });
    expect(skews).toEqual([["bob", 45_020]]);
  });

  test("events that are told in another's name, or whose list nobody signed", async () => {
    bobSays('{"from":"carol","events":null,"ts":1700000000,"sig":""}');
    expect(await askSync()).toMatchObject({ why: "the events are told by carol" });
    peers.hint("bob", bobsIp);
    bobSays(
      `{"from":"bob","events":null,"ts":1700000000,"sig":"${encodeBase64(new Uint8Array(64))}"}`,
    );
    expect(await askSync()).toMatchObject({
      why: "the list of events is not signed by who tells it",
    });
  });

  test("a zine of yesterday, though its maker signed it", async () => {
    bobSays(writeZine([], bob, clock.nowNs() - 86_400_000_000_000n));
    expect(await refusalOf(client.zine("bob", []))).toMatchObject({ why: "the zine is stale" });
  });

  test("a ping answered with another name or key", async () => {
    bobSays('{"from":"carol","public_key":"","mesh_ip":"","t":1}');
    expect(await refusalOf(client.ping("bob"))).toMatchObject({
      why: "carol answers in place of bob",
    });
    bobSays(`{"from":"bob","public_key":"${carol.publicKey}","mesh_ip":"","t":1}`);
    expect(await refusalOf(client.ping("bob"))).toMatchObject({
      why: "bob answers with another key",
    });
  });

  test("what is no JSON", async () => {
    bobSays("no JSON");
    expect(await askSync()).toMatchObject({ why: "unreadable answer: malformed" });
  });
});

describe("where alice looks", () => {
  test("nowhere, for who has no address", async () => {
    expect(await soon(client.ping("carol"))).toMatchObject({
      ok: false,
      refusal: { type: "unregistered", why: "I know no way to carol" },
    });
  });

  test("first where bob proved to be, then where others say he is; where he answers is proven", async () => {
    peers.prove("bob", "100.64.0.20");
    peers.hint("bob", bobsIp);
    expect((await soon(client.dm("bob", tease(alice)))).ok).toBe(true);
    expect(peers.addressesOf("bob")).toEqual([bobsIp]);
  });

  test("a hint that leads to somebody else is forgotten, and displaces nothing proven", async () => {
    mesh.join(carolsIp).serve(naraOf(carol).ask);
    await soon(client.dm("bob", tease(alice)));
    mesh.cut(bobsIp);
    peers.hint("bob", carolsIp);
    expect(await soon(client.dm("bob", tease(alice)))).toMatchObject({
      refusal: { type: "unbelieved", why: "carol answers in place of bob" },
    });
    expect(peers.addressesOf("bob")).toEqual([bobsIp]);
  });

  test("who never answers costs the deadline, whatever carries the question", async () => {
    const deaf = createMeshClient({
      send: () => new Promise(() => {}),
      me: alice,
      keyring: naraOf(alice).keyring,
      clock,
      crypto: noble,
      peers,
    });
    expect(await soon(deaf.ping("bob"))).toMatchObject({ refusal: { type: "timeout" } });
    const asked = Array.from({ length: 65 }, () => deaf.ping("bob"));
    expect(await asked[64]).toMatchObject({ refusal: { type: "busy" } });
    expect(await soon(asked[63]!)).toMatchObject({ refusal: { type: "timeout" } });
    const next = deaf.ping("bob");
    expect(await soon(next)).toMatchObject({ refusal: { type: "timeout" } });
  });
});

describe("whom alice does not know", () => {
  const dave = personNamed("dave");
  const find = (names: readonly string[]) => createResolutionOf().find("dave", names);
  const createResolutionOf = () => createResolution({ me: "alice", client, clock });

  test("is asked for from one neighbour to the next", async () => {
    const carolIsThere = { name: "carol", meshIp: carolsIp, isOnline: true };
    bobsDoor.serve(naraOf(bob, { neighbours: [carolIsThere] }).ask);
    peers.hint("carol", carolsIp);
    const daveIsThere = { name: "dave", meshIp: "100.64.0.4", isOnline: false };
    mesh.join(carolsIp).serve(naraOf(carol, { known: [dave], neighbours: [daveIsThere] }).ask);
    expect(await soon(find(["bob"]))).toEqual({
      by: "carol",
      publicKey: dave.publicKey,
      meshIp: "100.64.0.4",
    });
    expect(mesh.traffic.map(({ request }) => request.target)).toEqual([
      "/peer/query?target=dave&asked=alice,bob",
      "/peer/query?target=dave&asked=alice,bob,carol",
    ]);
  });

  test("is given up after nine neighbours, and asked for again after ten minutes", async () => {
    let asked = 0;
    const resolution = createResolution({
      me: "alice",
      clock,
      client: {
        query: async () => {
          asked++;
          return accept({ type: "ask", name: `n${asked}` });
        },
      },
    });
    expect(await resolution.find("dave", ["bob"])).toBeUndefined();
    expect(asked).toBe(9);
    await clock.advance(599_999);
    expect(await resolution.find("dave", ["bob"])).toBeUndefined();
    expect(asked).toBe(9);
    await clock.advance(1);
    await resolution.find("dave", ["bob"]);
    expect(asked).toBe(18);
  });

  test("stays unknown when what is told is no key", async () => {
    bobsDoor.serve(async () => ({
      status: 200,
      headers: new Map(),
      body: utf8('{"target":"dave","public_key":"AAAA"}'),
    }));
    expect(await soon(find(["bob"]))).toBeUndefined();
  });
});

test("as many peers are kept as there is room for; hints go before what is proven", () => {
  const few = createPeerRegistry(3);
  few.hint("hinted", "100.64.0.9");
  for (const name of ["one", "two", "three"]) few.prove(name, "100.64.0.1");
  expect(few.size).toBe(3);
  expect(few.addressesOf("hinted")).toEqual([]);
  few.prove("one", "");
  expect(few.addressesOf("one")).toEqual([]);
  few.hint("two", "x".repeat(257));
  expect(few.addressesOf("two")).toEqual(["100.64.0.1"]);
  few.forget("two");
  expect(few.size).toBe(1);
});
