/**
 * Waking with nothing and remembering a village: a nara asks five residents of a server for what
 * they know, through the relay, and believes none of it unverified.
 */
import { WebSocket } from "ws";
import { createSystemClock } from "../src/adapters/clock.ts";
import { chooseCrypto } from "../src/adapters/crypto/choose-crypto.ts";
import { createTunnelClient } from "../src/adapters/mesh/tunnel-client.ts";
import { createWebSocketPlaza } from "../src/adapters/plaza/mqtt-web-socket.ts";
import { createSystemRandom } from "../src/adapters/random.ts";
import type { SyncEvent } from "../src/nara/events/sync-event.ts";
import { createIdentity } from "../src/nara/identity/identity.ts";
import { memoryProfile } from "../src/nara/identity/memory-mode.ts";
import { bindSoul } from "../src/nara/identity/soul.ts";
import { maxBatchEvents } from "../src/nara/limits.ts";
import type { MeshSend } from "../src/nara/mesh/http.ts";
import { createNara, type Nara } from "../src/nara/nara.ts";
import { parseOptions } from "../src/relay/options.ts";
import { startServer } from "../src/relay/server.ts";
import { signedMix } from "./event-mix.ts";
import { serveParent, startProcess } from "./mesh-processes.ts";
import { line } from "./report.ts";
import { measureVerifyRates } from "./verify-rates.ts";

/** Events to be remembered and believed. */
const wanted = 50_000;
/** Times what verifying them alone takes. */
const mostTimes = 2;
const residents = 5;
/** What the residents know between them; each event is known to one, each nara to all. */
const known = 100_000;
/** Who says all that. */
const village = 400;
const nsPerS = 1_000_000_000n;
/** Room for all that one of them knows, and little appetite for what the others do. */
const ofAResident = { ...memoryProfile("short"), maxEvents: 30_000 };

/** The server of the residents, in a process of its own. Says where it is once they remember. */
export async function serveResidents(words: readonly string[]): Promise<void> {
  const parsed = parseOptions(words, {});
  if (!parsed.ok || parsed.value.type !== "run") throw new Error("these are no options");
  const here: Nara[] = [];
  const started = await startServer({
    options: parsed.value.options,
    log: () => {},
    pageFolder: "dist/page",
    createResident: (identity, ports) => {
      const nara = createNara({ identity, ports, memory: ofAResident });
      here.push(nara);
      return nara;
    },
  });
  if (!started.ok) throw new Error(started.refusal);
  const untilNs = createSystemClock().nowNs() - 600n * nsPerS;
  const { events } = await signedMix({ seed: "boot", count: known, naras: village, untilNs });
  while (here.length < residents) await aWhile();
  const introductions = new Set<string>();
  const introduces = ({ svc, emitter }: SyncEvent): boolean =>
    svc === "hey-there" && introductions.size < introductions.add(emitter).size;
  const toAll = new Set(events.filter(introduces));
  for (const [at, nara] of here.entries()) {
    const told = events.filter((event, index) => toAll.has(event) || index % residents === at);
    for (let start = 0; start < told.length; start += maxBatchEvents) {
      await nara.remember(told.slice(start, start + maxBatchEvents));
    }
  }
  // They wake, too: what they ask each other is not to be measured.
  while (here.some(({ view }) => view().mesh.remembered === null)) await aWhile();
  serveParent(Number(new URL(started.value.url).port), started.value.stop);
}

function aWhile(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 100));
}

export async function reportBoot(): Promise<void> {
  const { rawPerS } = await measureVerifyRates();
  const server = await startProcess("residents", [
    "--port=0",
    "--plaza-tcp=off",
    `--residents=${residents}`,
    "--mesh-ports=26000-26999",
  ]);
  const tookS = (await bootMs(server.port)) / 1000;
  await server.stop();
  const baseline = wanted / rawPerS;
  line({
    name: `from nothing to ${wanted} verified events of ${residents} residents`,
    figure: tookS,
    unit: "s",
    baseline,
    ratio: tookS / baseline,
    budget: `≤ ${mostTimes}× verifying alone`,
    ok: tookS <= mostTimes * baseline,
  });
}

/** From the first question to the last event. */
async function bootMs(port: number): Promise<number> {
  const shared = {
    clock: createSystemClock(),
    random: createSystemRandom(),
    crypto: await chooseCrypto(globalThis.crypto.subtle),
    log: () => {},
  };
  const identity = createIdentity(bindSoul(new Uint8Array(32).fill(9), "sleeper"), "sleeper");
  const keyPair = shared.crypto.keyPair(identity.soul.seed);
  const openSocket = (url: string, protocol: string | string[]) =>
    new WebSocket(url, protocol, { perMessageDeflate: false }) as unknown as globalThis.WebSocket;
  const mesh = createTunnelClient({
    ...shared,
    url: `ws://127.0.0.1:${port}/tunnel`,
    who: { name: identity.name, id: identity.id, keyPair },
    openSocket,
  });
  const plaza = createWebSocketPlaza({ url: `ws://127.0.0.1:${port}/mqtt`, openSocket });
  let askedAtMs: number | undefined;
  const send: MeshSend = (to, request, bounds) => {
    if (request.target === "/events/sync") askedAtMs ??= performance.now();
    return mesh.send(to, request, bounds);
  };
  const nara = createNara({
    identity,
    memory: memoryProfile("hog"),
    ports: { ...shared, mesh: { ...mesh, send }, plaza },
  });
  const tookMs = await new Promise<number>((resolve, reject) => {
    nara.runtime.ledger.onAdd(() => {
      if (askedAtMs === undefined || nara.runtime.ledger.count() < wanted) return;
      resolve(performance.now() - askedAtMs);
    });
    nara.watch(({ mesh: told }) => {
      if (told === undefined || told.remembered === null) return;
      const count = nara.runtime.ledger.count();
      reject(new Error(`it remembered ${count} events only: ${whyNoMore(nara)}`));
    });
    nara.start();
  });
  await nara.stop();
  mesh.stop();
  return tookMs;
}

function whyNoMore({ runtime, view }: Nara): string {
  const drops = runtime.drops.all().map(({ reason, count }) => `${count} ${reason}`);
  return [...drops, `given up ${view().mesh.remembered?.givenUp.join(", ")}`].join(", ");
}
