import { expect, test } from "vitest";
import { chooseCrypto } from "../../adapters/crypto/choose-crypto.ts";
import { utf8 } from "../codec/utf8.ts";
import { createIdentity } from "../identity/identity.ts";
import { bindSoul } from "../identity/soul.ts";
import { openManners } from "../manners.ts";
import { signRequest } from "../mesh/auth.ts";
import type { MeshResponse } from "../mesh/http.ts";
import { createNara, type Nara } from "../nara.ts";
import { createAwaitedCrypto } from "../testing/awaited-crypto.ts";
import { createInMemoryMesh } from "../testing/in-memory-mesh.ts";
import { createInMemoryPlaza } from "../testing/in-memory-plaza.ts";
import { textOf } from "../testing/mesh-nara.ts";
import { createSeededRandom } from "../testing/seeded-random.ts";
import { createVirtualClock } from "../testing/virtual-clock.ts";
import { createWebApi } from "./web-api.ts";

const realCrypto = await chooseCrypto(globalThis.crypto.subtle);

/** Alice shows herself, bob does not; a tool asks both over the mesh. */
async function aliceAndBob() {
  const clock = createVirtualClock();
  const plaza = createInMemoryPlaza({ clock });
  const mesh = createInMemoryMesh({ clock });
  const crypto = createAwaitedCrypto(realCrypto, clock);
  const tool = mesh.join("127.0.0.1:9");
  const join = (name: string, port: number, shows: boolean): Nara => {
    const seed = utf8(`${name} of the seed`.padEnd(32, ".").slice(0, 32));
    const nara = createNara({
      identity: createIdentity(bindSoul(seed, name), name),
      ports: {
        clock,
        crypto,
        plaza: plaza.plaza,
        mesh: mesh.join(`127.0.0.1:${port}`),
        random: createSeededRandom(name),
        log: () => {},
      },
      ...(shows && { webApi: createWebApi }),
    });
    clock.beforeNext(() => nara.runtime.settled());
    nara.start();
    return nara;
  };
  const alice = join("alice", 7001, true);
  const bob = join("bob", 7002, false);
  await clock.pass({ minutes: 5 });
  const ask = async (
    port: number,
    target: string,
    rest: { method?: string; headers?: readonly (readonly [string, string])[]; body?: string } = {},
  ): Promise<MeshResponse> => {
    const request = {
      method: rest.method ?? "GET",
      target,
      headers: new Map(rest.headers ?? []),
      body: utf8(rest.body ?? ""),
    };
    const bounds = { deadlineMs: 5000, maxBodyBytes: 1_000_000 };
    const answered = await tool.send(`http://127.0.0.1:${port}`, request, bounds);
    if (!answered.ok) throw new Error(answered.refusal.why);
    return answered.value;
  };
  return { clock, alice, bob, ask };
}

test("a nara that shows itself answers at its mesh address too, one that does not stays silent", async () => {
  const { bob, ask } = await aliceAndBob();
  const { naras, server } = JSON.parse(textOf(await ask(7001, "/narae.json")));
  expect(server).toBe("alice");
  expect(naras.map(({ Name, Online }: { Name: string; Online: string }) => [Name, Online])).toEqual(
    [
      ["bob", "ONLINE"],
      ["alice", "ONLINE"],
    ],
  );
  expect((await ask(7001, "/ping")).status).toBe(200);
  for (const path of [
    ...["/api.json", "/status/bob.json", "/profile/alice.json", "/profile/bob.json", "/metrics"],
    ...["/social/clout", "/social/teases", "/social/recent", "/world/journeys", "/network/map"],
    ...["/proximity", "/api/inspector/events", "/api/inspector/checkpoints"],
    ...["/api/inspector/projections", "/api/inspector/uptime/bob"],
    ...["online_status", "clout", "opinion"].map((type) => `/api/inspector/projection/${type}/bob`),
  ]) {
    expect((await ask(7001, path)).status, path).toBe(200);
    expect((await ask(7002, path)).status, path).toBe(404);
  }
  expect((await ask(7001, "/events")).status).toBe(500);
  expect(bob.webApi).toBeUndefined();
});

test("an owner's postcard starts over the web API, a neighbour's does not, and it is shown at home", async () => {
  const { clock, alice, bob, ask } = await aliceAndBob();
  const post = (signer: Nara) => {
    const seed = utf8(`${signer.name} of the seed`.padEnd(32, ".").slice(0, 32));
    const author = { name: signer.name, keyPair: realCrypto.keyPair(seed) };
    const headers = signRequest(author, clock.nowNs(), { method: "POST", path: "/world/start" });
    return ask(7001, "/world/start", { method: "POST", headers, body: '{"message":"hello"}' });
  };
  expect((await post(bob)).status).toBe(401);
  expect((await post(alice)).status).toBe(200);
  await clock.pass({ seconds: 10 });
  const { journeys } = JSON.parse(textOf(await ask(7001, "/world/journeys")));
  expect(journeys).toMatchObject([
    { message: "hello", originator: "alice", complete: true, rewards: { alice: 10, bob: 2 } },
  ]);
  expect(Object.keys(journeys[0].hops[0])).toEqual(["nara", "signature", "stamp", "timestamp"]);
});

test("a nara that only listens lists everybody but itself, and starts no postcards", async () => {
  const { clock, alice, ask } = await aliceAndBob();
  alice.setManners({ ...openManners, readOnly: true });
  for (const path of ["/narae.json", "/api.json"]) {
    const { naras } = JSON.parse(textOf(await ask(7001, path)));
    expect(naras.map(({ Name }: { Name: string }) => Name)).toEqual(["bob"]);
  }
  expect(textOf(await ask(7001, "/metrics"))).not.toContain('nara_online{name="alice"}');
  const seed = utf8("alice of the seed".padEnd(32, ".").slice(0, 32));
  const author = { name: "alice", keyPair: realCrypto.keyPair(seed) };
  const path = "/world/start";
  const headers = signRequest(author, clock.nowNs(), { method: "POST", path });
  const started = await ask(7001, path, { method: "POST", headers, body: '{"message":"hello"}' });
  expect([started.status, textOf(started)]).toEqual([503, "World journey not initialized\n"]);
});
