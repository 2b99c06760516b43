import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket as Socket } from "ws";
import { createSystemClock } from "../../adapters/clock.ts";
import { createNobleCrypto } from "../../adapters/crypto/noble-crypto.ts";
import { meshAcceptance } from "../../adapters/mesh/mesh-acceptance.ts";
import { createTunnelClient, type TunnelClient } from "../../adapters/mesh/tunnel-client.ts";
import { desertedPort } from "../../adapters/plaza/test-broker.ts";
import { createSystemRandom } from "../../adapters/random.ts";
import { answerTo } from "../../tunnel/handshake.ts";
import { parseOptions } from "../options.ts";
import { type RunningServer, startServer } from "../server.ts";
import { createTestPage } from "../testing.ts";
import { echo, freeRange as freePorts, say, statusOf } from "./testing.ts";

const crypto = createNobleCrypto();
const keyOf = (fill: number) => crypto.keyPair(new Uint8Array(32).fill(fill));
const openSocket = (url: string, protocol: string): WebSocket =>
  new Socket(url, protocol) as unknown as WebSocket;

async function startRelay(ports: string) {
  const page = createTestPage();
  const line = `--port 0 --plaza-tcp off --residents 0 --mesh-ports ${ports}`;
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
  const server: RunningServer = started.value;
  const tunnelUrl = `${server.url.replace("http", "ws")}tunnel`;
  const clients: TunnelClient[] = [];
  /** Resolves with the address, or why there is none. */
  const join = (name: string, key: number) =>
    new Promise<{ client: TunnelClient; address: string | undefined; why: string }>((resolve) => {
      const client = createTunnelClient({
        url: tunnelUrl,
        who: { name, id: "A1ice", keyPair: keyOf(key) },
        clock: createSystemClock(),
        random: createSystemRandom(),
        openSocket,
      });
      client.onChange(() => {
        const why = client.trouble();
        resolve({ client, address: why === "" ? client.address() : undefined, why });
      });
      clients.push(client);
    });
  return {
    server,
    tunnelUrl,
    join,
    metrics: async () => (await fetch(`${server.url}metrics`)).text(),
    stop: async () => {
      for (const client of clients) client.stop();
      await server.stop();
      page.remove();
    },
  };
}

const freeRange = async (): Promise<string> => {
  const { first, last } = await freePorts();
  return `${first}-${last}`;
};

meshAcceptance("two tunnels of one relay", async () => {
  const relay = await startRelay(await freeRange());
  const [alice, bob] = await Promise.all([relay.join("alice", 1), relay.join("bob", 2)]);
  return {
    alice: alice.client,
    bob: bob.client,
    desertedUrl: `http://127.0.0.1:${await desertedPort()}`,
    stop: relay.stop,
  };
});

let relay: Awaited<ReturnType<typeof startRelay>>;
beforeEach(async () => {
  relay = await startRelay(await freeRange());
});
afterEach(() => relay.stop());

test("a plain HTTP client reaches a nara at its address, and all arrives as it was sent", async () => {
  const { client, address } = await relay.join("alice", 1);
  client.serve(echo);
  const target = "/a%2Fb/../c//d?target=x%20y&z";
  const heard = await say(
    address,
    `POST ${target} HTTP/1.1\r\nHost: ${address}\r\nX-Nara-Name: zo\xc3\xab\r\n` +
      "Connection: close\r\nContent-Length: 5\r\n\r\n\0\xff\r\n!",
  );
  expect(statusOf(heard)).toBe("200");
  expect(heard).toContain("x-nara-name: zo\xc3\xab\r\n");
  expect(heard).not.toContain("x-heard");
  expect(heard.split("\r\n\r\n")[1]).toBe(`POST ${target} zo\xc3\xab 5`);
});

test("large bodies pass both ways", async () => {
  const { client, address } = await relay.join("alice", 1);
  client.serve(async ({ body }) => ({ status: 200, headers: new Map(), body }));
  const body = new Uint8Array(3_000_000).map((_, at) => at % 251);
  const answer = await fetch(`http://${address}/events/sync`, { method: "POST", body });
  expect(Buffer.from(await answer.arrayBuffer()).equals(body)).toBe(true);
  const large = new Uint8Array(4 * 1024 * 1024 + 1);
  const refused = await say(
    address,
    `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${large.length}\r\n\r\n`,
  );
  expect(statusOf(refused)).toBe("413");
});

test("what two readers could take differently is refused and counted", async () => {
  const { client, address } = await relay.join("alice", 1);
  let asked = 0;
  client.serve(async (request) => {
    asked += 1;
    return echo(request);
  });
  const post = "POST /dm HTTP/1.1\r\nHost: a\r\n";
  const smuggled: readonly string[] = [
    `${post}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`,
    `${post}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    `${post}Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n`,
    `${post}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    `${post}Content-Length: +1\r\n\r\na`,
    `${post}Content-Length : 1\r\n\r\na`,
    `${post}X-Nara-Name: alice\r\nX-Nara-Name: bob\r\nContent-Length: 0\r\n\r\n`,
    `${post}Host: b\r\nContent-Length: 0\r\n\r\n`,
    `${post}X-Nara-Name: al\0ice\r\n\r\n`,
    `${post}X-Nara-Name: a\r\n bob\r\nContent-Length: 0\r\n\r\n`,
    "GET http://elsewhere/ping HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /ping HTTP/1.1\r\n\r\n",
    `GET /ping HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(17_000)}\r\n\r\n`,
  ];
  for (const text of smuggled) {
    expect(statusOf(await say(address, text)), text.slice(0, 120)).toMatch(/^4(00|31)$/);
  }
  expect(asked).toBe(0);
  // A chunk that lies is found out after the head has passed: the nara never hears the end.
  await say(address, `${post}Transfer-Encoding: chunked\r\n\r\n5\r\nab\r\n0\r\n\r\n`);
  expect(asked).toBe(0);
  expect(await relay.metrics()).toMatch(/refusals_total\{reason="the same header twice"\} 2/);
});

test("a name belongs to the key that proved it first", async () => {
  const { address } = await relay.join("alice", 1);
  expect(await relay.join("alice", 2)).toMatchObject({
    address: undefined,
    why: "the name alice belongs to another key here",
  });
  expect((await fetch(`http://${address}/`)).status).toBe(502);
});

test("a tunnel that drops keeps its address; callers are told meanwhile", async () => {
  const first = await relay.join("alice", 1);
  first.client.stop();
  let away: Response;
  do away = await fetch(`http://${first.address}/`);
  while (away.status !== 503);
  expect(await away.text()).toBe("this nara is away\n");
  const again = await relay.join("alice", 1);
  expect(again.address).toBe(first.address);
  again.client.serve(echo);
  expect((await fetch(`http://${again.address}/`)).status).toBe(200);
});

/** A tunnel without manners: the challenge, and what the relay says when it hangs up. */
async function challenged(host?: string) {
  const socket = new Socket(
    relay.tunnelUrl,
    "nara-tunnel",
    host === undefined ? {} : { headers: { host } },
  );
  const gone = once(socket, "close").then(([code, reason]) => `${code} ${String(reason)}`);
  const text = once(socket, "message").then(([data]) => String(data));
  return { socket, gone, text };
}
const aliceAnswer = (challenge: string): string => {
  const who = { name: "alice", id: "A1ice", keyPair: keyOf(1) };
  const answer = answerTo(challenge, who, JSON.parse(challenge).host, Date.now());
  if (!answer.ok) throw new Error(answer.refusal);
  return answer.value;
};

test("a challenge's answer is worth nothing in another connection", async () => {
  const first = await challenged();
  const answer = aliceAnswer(await first.text);
  first.socket.send(answer);
  await once(first.socket, "message");
  const thief = await challenged();
  await thief.text;
  thief.socket.send(answer);
  expect(await thief.gone).toBe("1008 a signature that does not hold");
  first.socket.close();
});

test("whoever answers wrongly or in another's host is sent away", async () => {
  const mute = await challenged();
  await mute.text;
  mute.socket.send(Buffer.from([1, 2, 3]));
  expect(await mute.gone).toBe("1008 not an answer");
  const babbler = await challenged();
  await babbler.text;
  babbler.socket.send("{}");
  expect(await babbler.gone).toBe("1008 this relay speaks version 1");
  const hasty = await challenged();
  hasty.socket.send(aliceAnswer(await hasty.text));
  hasty.socket.send(Buffer.from([4, 0, 0, 0, 1]));
  expect(await hasty.gone).toBe("1008 frames before the welcome");
  const between = await challenged("evil.example");
  expect(await between.gone).toMatch(/^1008 this relay does not know itself by that host/);
});

test("a flood of frames ends its own tunnel only, and is counted", async () => {
  const bob = await relay.join("bob", 2);
  bob.client.serve(echo);
  const flood = await challenged();
  flood.socket.send(aliceAnswer(await flood.text));
  await once(flood.socket, "message");
  const window = Buffer.from([8, 0, 0, 0, 0, 0, 0, 0, 0]);
  for (let count = 0; count < 60_000; count++) flood.socket.send(window);
  expect(await flood.gone).toBe("1008 too many frames");
  expect((await fetch(`http://${bob.address}/`)).status).toBe(200);
  expect(await relay.metrics()).toContain('refusals_total{reason="too many frames"} 1');
});

test("a caller who does not read stops the nara's answer, not other callers", async () => {
  const { client, address } = await relay.join("alice", 1);
  const big = new Uint8Array(16 * 1024 * 1024);
  client.serve(async (request) =>
    request.target === "/big" ? { status: 200, headers: new Map(), body: big } : echo(request),
  );
  const [host = "", port] = (address ?? "").split(":");
  const slow = connect(Number(port), host);
  slow.pause();
  slow.write("GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
  await once(slow, "connect");
  for (let count = 0; count < 5; count++) {
    expect((await fetch(`http://${address}/small`)).status).toBe(200);
  }
  slow.destroy();
});

test("a server that stops says so, and looks after its tools before", async () => {
  expect(await (await fetch(`${relay.server.url}healthz`)).text()).toBe("ok\n");
  const visitor = await challenged();
  visitor.socket.send(aliceAnswer(await visitor.text));
  await once(visitor.socket, "message");
  expect(await relay.metrics()).toContain("nara_relay_tunnels 1");
  await relay.server.stop();
  expect(await visitor.gone).toContain("the relay is going away");
});

test("a message beyond any frame ends its tunnel before it has arrived, and is counted", async () => {
  const bob = await relay.join("bob", 2);
  bob.client.serve(echo);
  const visitor = await challenged();
  visitor.socket.send(aliceAnswer(await visitor.text));
  await once(visitor.socket, "message");
  visitor.socket.send(Buffer.alloc(40_000));
  expect(await visitor.gone).toMatch(/^1009 /);
  expect((await fetch(`http://${bob.address}/`)).status).toBe(200);
  expect(await relay.metrics()).toContain('refusals_total{reason="not a WebSocket message"} 1');
});

test("what was asked, how long it took and what was refused stands in the metrics", async () => {
  const { client, address } = await relay.join("alice", 1);
  client.serve(echo);
  const body = "12345";
  await (await fetch(`http://${address}/dm`, { method: "POST", body })).text();
  await say(address, "nonsense\r\n\r\n");
  const answer = await fetch(`${relay.server.url}metrics`);
  expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  const text = await answer.text();
  for (const line of [
    "nara_relay_tunnels 1",
    "nara_relay_streams 0",
    "nara_relay_addresses 1",
    "nara_relay_requests_total 1",
    "nara_relay_request_bytes_total 5",
    'nara_relay_request_seconds_bucket{le="+Inf"} 1',
    "nara_relay_request_seconds_count 1",
    'nara_relay_refusals_total{reason="not HTTP"} 1',
  ]) {
    expect(text).toContain(`${line}\n`);
  }
  for (const line of text.trimEnd().split("\n")) {
    expect(line).toMatch(
      /^(# (TYPE|HELP) nara_relay_\w+ .+|nara_relay_\w+(\{\w+="[^"\\]*"\})? [\d.e+-]+)$/,
    );
  }
});
