/** Two relays on one bus: two processes, as two machines would be. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket as Socket } from "ws";
import { startProgram } from "../e2e/support/program.ts";
import { bundleForNode, root } from "../scripts/bundle.mjs";
import { createSystemClock } from "../src/adapters/clock.ts";
import { createNobleCrypto } from "../src/adapters/crypto/noble-crypto.ts";
import { meshAcceptance } from "../src/adapters/mesh/mesh-acceptance.ts";
import { createTunnelClient, type TunnelClient } from "../src/adapters/mesh/tunnel-client.ts";
import { desertedPort } from "../src/adapters/plaza/test-broker.ts";
import { createSystemRandom } from "../src/adapters/random.ts";
import type { MeshRequest } from "../src/nara/mesh/http.ts";
import { type NatsServer, startNatsServer } from "../src/relay/bus/test-nats-server.ts";

const crypto = createNobleCrypto();

/** Below node_modules, so that the server finds what it needs. */
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(root, "node_modules", ".nara-two-relays-"));
  mkdirSync(join(folder, "page"));
  writeFileSync(join(folder, "page", "index.html"), "a page");
  await bundleForNode("src/relay/main.ts", join(folder, "relay"), "main.js");
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

async function startRelay(bus: string) {
  const first = Math.min(await desertedPort(), 65_500);
  const line = `--port 0 --plaza-tcp off --residents 0 --mesh-ports ${first}-${first + 20} --bus ${bus}`;
  const server = await startProgram(
    process.execPath,
    [join(folder, "relay", "main.js"), ...line.split(" ")],
    /http:(\/\/[^\s/]+\/)/,
  );
  const host = server.sign[1] ?? "";
  const clients: TunnelClient[] = [];
  return {
    /** Resolves with the address, or why there is none. */
    join: (name: string, key: number) =>
      new Promise<{ client: TunnelClient; address: string | undefined; why: string }>((resolve) => {
        const client = createTunnelClient({
          url: `ws:${host}tunnel`,
          who: { name, id: "A1ice", keyPair: crypto.keyPair(new Uint8Array(32).fill(key)) },
          clock: createSystemClock(),
          random: createSystemRandom(),
          openSocket: (url, protocol) => new Socket(url, protocol) as unknown as WebSocket,
        });
        client.onChange(() => {
          const why = client.trouble();
          resolve({ client, address: why === "" ? client.address() : undefined, why });
        });
        clients.push(client);
      }),
    metrics: async () => (await fetch(`http:${host}metrics`)).text(),
    stop: async () => {
      for (const client of clients) client.stop();
      await server.stop();
    },
  };
}
type Relay = Awaited<ReturnType<typeof startRelay>>;

const startTwo = ({ url }: NatsServer) => Promise.all([startRelay(url), startRelay(url)]);

meshAcceptance("tunnels of two relays over NATS", async () => {
  const nats = await startNatsServer();
  const [here, there] = await startTwo(nats);
  const [alice, bob] = [await here.join("alice", 1), await there.join("bob", 2)];
  return {
    alice: alice.client,
    bob: bob.client,
    desertedUrl: `http://127.0.0.1:${await desertedPort()}`,
    stop: async () => {
      await here.stop();
      await there.stop();
      await nats.stop();
    },
  };
});

let nats: NatsServer;
let here: Relay;
let there: Relay;
beforeAll(async () => {
  nats = await startNatsServer();
  [here, there] = await startTwo(nats);
}, 60_000);
afterAll(async () => {
  await here.stop();
  await there.stop();
  await nats.stop();
});

const ping: MeshRequest = {
  method: "GET",
  target: "/ping",
  headers: new Map(),
  body: new Uint8Array(),
};
const patient = { deadlineMs: 20_000, maxBodyBytes: 1_000_000 };

test("a name that one relay has given is refused to another key at the other", async () => {
  expect((await here.join("carol", 3)).address).toBeDefined();
  expect(await there.join("carol", 4)).toMatchObject({
    address: undefined,
    why: "the name carol belongs to another key here",
  });
});

test("a nara that moves to the other relay is found there, and its older tunnel ends", async () => {
  const dora = await here.join("dora", 5);
  const emil = await here.join("emil", 6);
  const ended = new Promise<string>((resolve) => {
    dora.client.onChange(() => resolve(dora.client.trouble()));
  });
  const moved = await there.join("dora", 5);
  moved.client.serve(async () => ({ status: 200, headers: new Map(), body: new Uint8Array([7]) }));
  const answer = await emil.client.send(`http://${moved.address}`, ping, patient);
  expect(answer).toMatchObject({ ok: true, value: { status: 200 } });
  expect(await ended).toBe("opened again elsewhere");
  dora.client.stop();
  expect((await fetch(`http://${dora.address}/ping`)).status).toBe(503);
});

test("what another relay holds is not asked for through the network", async () => {
  const fay = await here.join("fay", 7);
  const gus = await there.join("gus", 8);
  gus.client.serve(async ({ target }) => ({
    status: 200,
    headers: new Map(),
    body: Buffer.from(target),
  }));
  const answer = await fay.client.send(`http://${gus.address}`, ping, patient);
  expect(answer.ok && Buffer.from(answer.value.body).toString()).toBe("/ping");
  expect(await there.metrics()).not.toMatch(/nara_relay_requests_total [1-9]/);
});

test("who was at a relay that has ended is unreachable, and nobody else is", async () => {
  const ending = await startRelay(nats.url);
  const hal = await here.join("hal", 9);
  const [ida, joe] = [await ending.join("ida", 10), await there.join("joe", 11)];
  joe.client.serve(async () => ({ status: 200, headers: new Map(), body: new Uint8Array() }));
  let unanswered: Promise<unknown> = Promise.resolve();
  await new Promise<void>((resolve) => {
    ida.client.serve(() => {
      resolve();
      return new Promise(() => {});
    });
    unanswered = hal.client.send(`http://${ida.address}`, ping, patient);
  });
  await ending.stop();
  expect(await unanswered).toMatchObject({ ok: false, refusal: { type: "unreachable" } });
  const after = await hal.client.send(`http://${ida.address}`, ping, patient);
  expect(after).toMatchObject({ ok: false, refusal: { type: "unreachable" } });
  expect(await hal.client.send(`http://${joe.address}`, ping, patient)).toMatchObject({ ok: true });
});
