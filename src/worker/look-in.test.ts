import { expect, test } from "vitest";
import { chooseCrypto } from "../adapters/crypto/choose-crypto.ts";
import { createIdentity } from "../nara/identity/identity.ts";
import { bindSoul } from "../nara/identity/soul.ts";
import { createNara, type WebApiMaker } from "../nara/nara.ts";
import { createInMemoryMesh } from "../nara/testing/in-memory-mesh.ts";
import { createInMemoryPlaza } from "../nara/testing/in-memory-plaza.ts";
import { textOf } from "../nara/testing/mesh-nara.ts";
import { createSeededRandom } from "../nara/testing/seeded-random.ts";
import { createVirtualClock } from "../nara/testing/virtual-clock.ts";
import { createWebApi } from "../nara/web-api/web-api.ts";
import { createLookIn } from "./look-in.ts";

const crypto = await chooseCrypto(globalThis.crypto.subtle);

/** alice at a mesh address; a tool asks her. */
function alice() {
  const clock = createVirtualClock();
  const mesh = createInMemoryMesh({ clock });
  const plaza = createInMemoryPlaza({ clock });
  const nara = createNara({
    identity: createIdentity(bindSoul(new Uint8Array(32).fill(7), "alice"), "alice"),
    ports: {
      ...{ clock, crypto, plaza: plaza.plaza, mesh: mesh.join("relay.example:7501") },
      random: createSeededRandom("alice"),
      log: () => {},
    },
  });
  nara.start();
  const tool = mesh.join("127.0.0.1:9");
  const ask = async (target: string): Promise<readonly [number, string]> => {
    const request = { method: "GET", target, headers: new Map(), body: new Uint8Array() };
    const bounds = { deadlineMs: 5000, maxBodyBytes: 1_000_000 };
    const answered = await tool.send("http://relay.example:7501", request, bounds);
    if (!answered.ok) throw new Error(answered.refusal.why);
    return [answered.value.status, textOf(answered.value)];
  };
  return { clock, nara, ask };
}

const shown = [
  ...["/narae.json", "/api.json", "/profile/alice.json", "/metrics", "/social/clout"],
  ...["/world/journeys", "/network/map", "/proximity", "/api/inspector/events"],
];

test("others may look in at the mesh address while its person lets them, without a restart", async () => {
  const { nara, ask } = alice();
  const letLookIn = createLookIn(nara, () => {});
  const statuses = () => Promise.all(shown.map(async (path) => (await ask(path))[0]));
  expect(await statuses()).toEqual(shown.map(() => 404));
  expect(nara.view().mesh.letsLookIn).toBe(false);

  expect(await letLookIn(true)).toMatchObject({ ok: true });
  expect(await statuses()).toEqual(shown.map(() => 200));
  expect(JSON.parse((await ask("/narae.json"))[1])).toMatchObject({ server: "alice" });
  expect(nara.view().mesh.letsLookIn).toBe(true);
  expect((await ask("/world/start"))[0]).toBe(405);
  expect((await ask("/api/stash/status"))[0]).toBe(401);

  expect(await letLookIn(false)).toMatchObject({ ok: true });
  expect(await statuses()).toEqual(shown.map(() => 404));
  expect(nara.view().mesh.letsLookIn).toBe(false);
  expect((await ask("/ping"))[0]).toBe(200);
});

test("who looks on is told that others may look in, and no more", async () => {
  const { clock, nara } = alice();
  const told: boolean[] = [];
  nara.watch(({ mesh }) => {
    if (mesh !== undefined) told.push(mesh.letsLookIn);
  });
  const letLookIn = createLookIn(nara, () => {});
  await letLookIn(true);
  await clock.pass({ seconds: 2 });
  await letLookIn(false);
  await clock.pass({ seconds: 2 });
  expect(told).toEqual([true, false]);
});

test("what is unwanted before it was loaded stays off", async () => {
  const { nara, ask } = alice();
  let loaded: (module: { readonly createWebApi: WebApiMaker }) => void = () => {};
  const letLookIn = createLookIn(
    nara,
    () => {},
    () =>
      new Promise((resolve) => {
        loaded = resolve;
      }),
  );
  const on = letLookIn(true);
  await letLookIn(false);
  loaded({ createWebApi });
  await on;
  expect((await ask("/narae.json"))[0]).toBe(404);
});

test("what cannot be loaded is refused in a sentence, and everything else goes on", async () => {
  const { nara, ask } = alice();
  const logged: string[] = [];
  const letLookIn = createLookIn(
    nara,
    ({ text }) => void logged.push(text),
    () => Promise.reject(new Error("gone after a deploy")),
  );
  expect(await letLookIn(true)).toMatchObject({
    ok: false,
    refusal: expect.stringContaining("could not be loaded"),
  });
  expect(logged).toEqual([expect.stringContaining("gone after a deploy")]);
  expect((await ask("/narae.json"))[0]).toBe(404);
  expect((await ask("/ping"))[0]).toBe(200);
});
