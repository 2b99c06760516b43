/** Two relays on one bus, as two machines would be. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket as Socket } from "ws";
import { createSystemClock } from "../src/adapters/clock.ts";
import { createNobleCrypto } from "../src/adapters/crypto/noble-crypto.ts";
import { meshAcceptance } from "../src/adapters/mesh/mesh-acceptance.ts";
import { createTunnelClient, type TunnelClient } from "../src/adapters/mesh/tunnel-client.ts";
import { desertedPort } from "../src/adapters/plaza/test-broker.ts";
import { createSystemRandom } from "../src/adapters/random.ts";
import type { MeshRequest } from "../src/nara/mesh/http.ts";
import { type NatsServer, startNatsServer } from "../src/relay/bus/test-nats-server.ts";
import { parseOptions } from "../src/relay/options.ts";
import { startServer } from "../src/relay/server.ts";
import { createTestPage } from "../src/relay/testing.ts";

const crypto = createNobleCrypto();

async function startRelay(bus: string) {
  const page = createTestPage();
  const first = Math.min(await desertedPort(), 65_500);
  const line = `--port 0 --plaza-tcp off --residents 0 --mesh-ports ${first}-${first + 20} --bus ${bus}`;
  const parsed = parseOptions(line.split(" "), {});
  if (!parsed.ok || parsed.value.type !== "run") throw new Error("options");
  const started = await startServer({
    options: parsed.value.options,
    log: () => {},
    pageFolder: page.folder,
    createResident: () => {
      throw new Error("nobody lives here");
    },
  });
  if (!started.ok) throw new Error(started.refusal);
  const server = started.value;
  const clients: TunnelClient[] = [];
  return {
    /** Resolves with the address, or why there is none. */
    join: (name: string, key: number) =>
      new Promise<{ client: TunnelClient; address: string | undefined; why: string }>((resolve) => {
        const client = createTunnelClient({
          url: `${server.url.replace("http", "ws")}tunnel`,
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
    metrics: async () => (await fetch(`${server.url}metrics`)).text(),
    stop: async () => {
      for (const client of clients) client.stop();
      await server.stop();
      page.remove();
    },
  };
}
type Relay = Awaited<ReturnType<typeof startRelay>>;

meshAcceptance("tunnels of two relays over NATS", async () => {
  const nats = await startNatsServer();
  const [here, there] = [await startRelay(nats.url), await startRelay(nats.url)];
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
  [here, there] = [await startRelay(nats.url), await startRelay(nats.url)];
});
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
