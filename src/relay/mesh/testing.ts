/** A relay for tests: tunnels with and without manners, callers that say bytes. */
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { WebSocket as Socket, WebSocketServer } from "ws";
import { createSystemClock } from "../../adapters/clock.ts";
import { createNobleCrypto } from "../../adapters/crypto/noble-crypto.ts";
import { createTunnelClient, type TunnelClient } from "../../adapters/mesh/tunnel-client.ts";
import { desertedPort } from "../../adapters/plaza/test-broker.ts";
import { createSystemRandom } from "../../adapters/random.ts";
import type { MeshHandler } from "../../nara/mesh/http.ts";
import type { Clock } from "../../nara/ports.ts";
import { answerTo } from "../../tunnel/handshake.ts";
import { createRelayMesh, type RelayMeshParts } from "./relay-mesh.ts";

const crypto = createNobleCrypto();
export const keyOf = (fill: number) => crypto.keyPair(new Uint8Array(32).fill(fill));
const openSocket = (url: string, protocol: string): WebSocket =>
  new Socket(url, protocol) as unknown as WebSocket;

/** Ports next to one that was free; a relay passes over those that are not. */
export async function freeRange(): Promise<{ readonly first: number; readonly last: number }> {
  const first = Math.min(await desertedPort(), 65_400);
  return { first, last: first + 40 };
}

export interface Joined {
  readonly client: TunnelClient;
  /** Undefined when there is no way in, and why. */
  readonly address: string | undefined;
  readonly why: string;
}

/** A relay on a free port, by itself, without page and plaza. */
export async function openTestRelay(parts: Partial<RelayMeshParts> = {}) {
  const clock: Clock = parts.clock ?? createSystemClock();
  const mesh = createRelayMesh({
    clock,
    random: createSystemRandom(),
    crypto,
    log: () => {},
    host: "127.0.0.1",
    meshHost: undefined,
    addressing: { mode: "ports", range: await freeRange() },
    ...parts,
  });
  const door = createServer();
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  door.on("upgrade", (request, connection, head) => {
    sockets.handleUpgrade(request, connection, head, (socket) => mesh.admit(socket, request));
  });
  door.listen(0, "127.0.0.1");
  await once(door, "listening");
  const tunnelUrl = `ws://127.0.0.1:${(door.address() as AddressInfo).port}/tunnel`;
  const clients: TunnelClient[] = [];

  const join = (name: string, key: number, handler?: MeshHandler): Promise<Joined> =>
    new Promise((resolve) => {
      const client = createTunnelClient({
        url: tunnelUrl,
        who: { name, id: "A1ice", keyPair: keyOf(key) },
        clock,
        random: createSystemRandom(),
        openSocket,
      });
      if (handler !== undefined) client.serve(handler);
      clients.push(client);
      client.onChange(() => {
        const why = client.trouble();
        resolve({ client, why, address: why === "" ? client.address() : undefined });
      });
    });
  /** A tunnel without manners: the challenge, and what the relay says when it hangs up. */
  const challenged = async (host?: string) => {
    const headers = host === undefined ? {} : { headers: { host } };
    const socket = new Socket(tunnelUrl, "nara-tunnel", headers);
    socket.on("error", () => {});
    const gone = once(socket, "close").then(([code, reason]) => `${code} ${String(reason)}`);
    const text = once(socket, "message").then(([data]) => String(data));
    return { socket, gone, text };
  };
  /** One that was let in, for frames by hand. */
  const rudeTunnel = async (name: string, key: number) => {
    const { socket, gone, text } = await challenged();
    socket.send(answerOf(await text, name, key, Number(clock.nowNs() / 1_000_000n)));
    const [welcome] = await once(socket, "message");
    const { address } = JSON.parse(String(welcome)) as { address: string };
    return { socket, gone, address };
  };
  const refusals = (reason: string): number => {
    const line = mesh
      .metrics()
      .split("\n")
      .find((one) => one.startsWith(`nara_relay_refusals_total{reason=${JSON.stringify(reason)}}`));
    return Number(line?.split(" ").at(-1) ?? 0);
  };
  const gauge = (name: string): number => {
    const line = mesh
      .metrics()
      .split("\n")
      .find((one) => one.startsWith(`nara_relay_${name} `));
    return Number(line?.split(" ").at(-1) ?? Number.NaN);
  };
  return {
    mesh,
    clock,
    tunnelUrl,
    join,
    challenged,
    rudeTunnel,
    refusals,
    gauge,
    stop: async () => {
      for (const client of clients) client.stop();
      await mesh.stop();
      door.close();
      door.closeAllConnections();
      for (const socket of sockets.clients) socket.terminate();
    },
  };
}
export type TestRelay = Awaited<ReturnType<typeof openTestRelay>>;

/** The right answer to a challenge. */
export function answerOf(challenge: string, name: string, key: number, nowMs: number): string {
  const who = { name, id: "A1ice", keyPair: keyOf(key) };
  const { host } = JSON.parse(challenge) as { host: string };
  const answer = answerTo(challenge, who, host, nowMs);
  if (!answer.ok) throw new Error(answer.refusal);
  return answer.value;
}

export const echo: MeshHandler = async (request) => ({
  status: 200,
  headers: new Map([
    ["x-nara-name", "zoë"],
    ["x-heard", "not carried"],
    ["content-type", "text/plain"],
  ]),
  body: Buffer.from(
    `${request.method} ${request.target} ${request.headers.get("x-nara-name")} ${request.body.length}`,
  ),
});

/** Says bytes to an address and hears all that comes until the connection ends. */
export async function say(address: string | undefined, text: string): Promise<string> {
  const [host = "", port] = (address ?? "").split(":");
  const socket = connect(Number(port), host);
  const heard: Buffer[] = [];
  socket.on("data", (bytes) => heard.push(bytes));
  socket.on("error", () => {});
  socket.write(text, "latin1");
  await new Promise((resolve) => socket.once("close", resolve));
  return Buffer.concat(heard).toString("latin1");
}
export const statusOf = (heard: string): string => heard.slice(9, 12);

/** Lets sockets do what they have to do until something holds; the test's own time limit ends it. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate);
}
