/** What the relay costs: on the way, under load, at rest and with large answers. */
import { once } from "node:events";
import { request } from "node:http";
import { WebSocket } from "ws";
import { createSystemClock } from "../src/adapters/clock.ts";
import { createNobleCrypto } from "../src/adapters/crypto/noble-crypto.ts";
import { createTunnelClient, type TunnelClient } from "../src/adapters/mesh/tunnel-client.ts";
import { createSystemRandom } from "../src/adapters/random.ts";
import { createIdentity } from "../src/nara/identity/identity.ts";
import { bindSoul } from "../src/nara/identity/soul.ts";
import type { MeshHandler } from "../src/nara/mesh/http.ts";
import { createNara } from "../src/nara/nara.ts";
import { parseOptions } from "../src/relay/options.ts";
import { startServer } from "../src/relay/server.ts";
import { reportBoot, serveResidents } from "./mesh-boot.ts";
import { callFast, callSteadily, createCaller } from "./mesh-load.ts";
import {
  answerBody,
  type OtherProcess,
  serveDirectly,
  serveParent,
  serveThroughSocket,
  startProcess,
} from "./mesh-processes.ts";
import { line, median } from "./report.ts";

/** Budgets of the relay. */
const addedP50Ms = 0.5;
const addedP99Ms = 3;
const leastThroughput = 0.6;
const tunnelKb = 25;
const heldMb = 1;
/** No nara is asked more often than the relay lets anybody be asked. */
const crowd = 20;

const [, , role, ...words] = process.argv;
if (role === "relay") await serveRelay();
else if (role === "residents") await serveResidents(words);
else if (role === "direct") await serveDirectly();
else if (role === "socket") await serveThroughSocket();
else await measure();

async function measure(): Promise<void> {
  const relay = await startProcess("relay", [
    "--port=0",
    "--plaza-tcp=off",
    "--residents=0",
    "--mesh-ports=20000-24999",
  ]);
  const direct = await startProcess("direct", []);
  const socket = await startProcess("socket", []);
  const naras = await Promise.all(
    Array.from({ length: crowd }, (_, n) => openTunnel(relay, `nara-${n}`, answerShortly)),
  );
  await reportDelay(naras[0]?.address() ?? "", direct);
  await reportThroughput(
    naras.map((nara) => nara.address()),
    socket,
  );
  for (const nara of naras) nara.stop();
  await reportLargeAnswer(relay);
  await reportIdleTunnels(relay);
  await Promise.all([relay.stop(), direct.stop(), socket.stop()]);
  await reportBoot();
}

async function answerShortly() {
  return {
    status: 200,
    headers: new Map([["content-type", "application/json"]]),
    body: answerBody,
  };
}

/** The server itself, in a process of its own. */
async function serveRelay(): Promise<void> {
  const parsed = parseOptions(words, {});
  if (!parsed.ok || parsed.value.type !== "run") throw new Error("these are no options");
  const started = await startServer({
    options: parsed.value.options,
    log: () => {},
    pageFolder: "dist/page",
    createResident: (identity, ports) => createNara({ identity, ports }),
  });
  if (!started.ok) throw new Error(started.refusal);
  serveParent(Number(new URL(started.value.url).port), started.value.stop);
}

/** Requests to a nara behind the relay, at 200 a second, beside the same to a server of its own. */
async function reportDelay(address: string, direct: OtherProcess): Promise<void> {
  const agent = createCaller();
  const body = Buffer.from("{}");
  const steady = { perS: 200, count: 400, agent };
  const ways = { direct: urlOf(direct), relay: `http://${address}/ping` };
  const took: { readonly [way in keyof typeof ways]: number[] } = { direct: [], relay: [] };
  for (let round = 0; round < 6; round++) {
    for (const way of ["direct", "relay"] as const) {
      const calls = await callSteadily(ways[way], body, steady);
      // The first round opens connections and compiles.
      if (round > 0) took[way].push(...calls);
    }
  }
  agent.destroy();
  const quantile = (way: keyof typeof ways, share: number): number =>
    took[way].toSorted((one, other) => one - other)[Math.floor(took[way].length * share)] ?? NaN;
  for (const [name, share, budgetMs] of [
    ["half of all requests", 0.5, addedP50Ms],
    ["99 of 100", 0.99, addedP99Ms],
  ] as const) {
    const baseline = quantile("direct", share);
    const addedMs = quantile("relay", share) - baseline;
    line({
      name: `the relay adds to ${name}, at 200 a second`,
      figure: addedMs,
      unit: "ms",
      baseline,
      ratio: addedMs / baseline,
      budget: `≤ ${budgetMs} ms`,
      ok: addedMs <= budgetMs,
    });
  }
}

/** Small requests as fast as they go, beside a bare server with one WebSocket behind it. */
async function reportThroughput(addresses: readonly string[], socket: OtherProcess): Promise<void> {
  const bare = new WebSocket(`ws://127.0.0.1:${socket.port}/`, { perMessageDeflate: false });
  await once(bare, "open");
  bare.on("message", (data: Buffer) => bare.send(Buffer.concat([data.subarray(0, 4), answerBody])));
  const urls = addresses.map((address) => `http://${address}/ping`);
  const agent = createCaller();
  const fast = { atOnce: 32, count: 3000, agent };
  const body = Buffer.from('{"from":"somebody"}');
  const rates: { readonly relay: number[]; readonly bare: number[] } = { relay: [], bare: [] };
  for (let round = 0; round < 5; round++) {
    rates.bare.push(await callFast([urlOf(socket)], body, fast));
    rates.relay.push(await callFast(urls, body, fast));
  }
  agent.destroy();
  bare.terminate();
  const [figure, baseline] = [median(rates.relay.slice(1)), median(rates.bare.slice(1))];
  line({
    name: "small requests through the relay",
    figure,
    unit: "/s",
    baseline,
    ratio: figure / baseline,
    budget: `≥ ${leastThroughput * 100} % of bare ws`,
    ok: figure >= leastThroughput * baseline,
  });
}

/** An answer of 4 MB to somebody who reads it slowly: how much of it waits in the relay. */
async function reportLargeAnswer(relay: OtherProcess): Promise<void> {
  const answer = new Uint8Array(4 * 1024 * 1024);
  const nara = await openTunnel(relay, "bob", async () => ({
    status: 200,
    headers: new Map(),
    body: answer,
  }));
  const before = (await relay.held()).bytes;
  let most = 0;
  let read = 0;
  await new Promise<void>((resolve, reject) => {
    const outgoing = request(`http://${nara.address()}/events/sync`, (incoming) => {
      incoming.on("data", (chunk: Buffer) => {
        read += chunk.length;
        incoming.pause();
        void relay.held().then(({ bytes }) => {
          most = Math.max(most, bytes - before);
          incoming.resume();
        });
      });
      incoming.once("end", resolve);
    });
    outgoing.once("error", reject);
    outgoing.end();
  });
  nara.stop();
  if (read !== answer.length) throw new Error(`${read} bytes of ${answer.length} came`);
  const figure = most / 1024 / 1024;
  line({
    name: "held in the relay of an answer of 4 MB, read slowly",
    figure,
    unit: "MB",
    baseline: 4,
    ratio: figure / 4,
    budget: `≤ ${heldMb} MB`,
    ok: figure <= heldMb,
  });
}

/** Naras that are there and silent, from ten machines. */
async function reportIdleTunnels(relay: OtherProcess): Promise<void> {
  const count = 2000;
  const before = (await relay.held()).bytes;
  const tunnels: TunnelClient[] = [];
  const atOnce = 50;
  for (let at = 0; at < count; at += atOnce) {
    const opening = Array.from({ length: atOnce }, (_, n) =>
      openTunnel(relay, `idle-${at + n}`, undefined, `127.0.0.${2 + ((at + n) % 10)}`),
    );
    tunnels.push(...(await Promise.all(opening)));
  }
  const figure = ((await relay.held()).bytes - before) / count / 1024;
  for (const tunnel of tunnels) tunnel.stop();
  line({
    name: `held for each of ${count} idle tunnels`,
    figure,
    unit: "KB",
    budget: `≤ ${tunnelKb} KB`,
    ok: figure <= tunnelKb,
  });
}

/** Resolves once the relay has given it an address. */
function openTunnel(
  relay: OtherProcess,
  name: string,
  handler?: MeshHandler,
  localAddress = "127.0.0.1",
): Promise<TunnelClient> {
  const seed = new Uint8Array(32);
  seed.set(Buffer.from(name));
  const { id, soul } = createIdentity(bindSoul(seed, name), name);
  return new Promise((resolve, reject) => {
    const tunnel = createTunnelClient({
      url: `ws://127.0.0.1:${relay.port}/tunnel`,
      who: { name, id, keyPair: createNobleCrypto().keyPair(soul.seed) },
      clock: createSystemClock(),
      random: createSystemRandom(),
      openSocket: (url, protocol) =>
        new WebSocket(url, protocol, {
          localAddress,
          perMessageDeflate: false,
        }) as unknown as globalThis.WebSocket,
    });
    if (handler !== undefined) tunnel.serve(handler);
    tunnel.onChange(() => {
      if (tunnel.trouble() === "") resolve(tunnel);
      else reject(new Error(`${name} has no tunnel: ${tunnel.trouble()}`));
    });
  });
}

function urlOf({ port }: OtherProcess): string {
  return `http://127.0.0.1:${port}/ping`;
}
