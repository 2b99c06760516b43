/** Each way of giving addresses, seen by a plain HTTP client that knows the reference's rules only. */
import { once } from "node:events";
import { createServer, request as requestOf } from "node:http";
import { createConnection } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createSystemClock } from "../../adapters/clock.ts";
import { createNobleCrypto } from "../../adapters/crypto/noble-crypto.ts";
import { desertedPort } from "../../adapters/plaza/test-broker.ts";
import { utf8 } from "../../nara/codec/utf8.ts";
import { signRequest, verifyResponse } from "../../nara/mesh/auth.ts";
import type { MeshRequest } from "../../nara/mesh/http.ts";
import { createMeshNara, personNamed } from "../../nara/testing/mesh-nara.ts";
import type { Addressing } from "./addressing.ts";
import { freeRange, openTestRelay, say, statusOf, type TestRelay } from "./testing.ts";

let stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops) await stop();
  stops = [];
});
async function openRelay(addressing: Addressing): Promise<TestRelay> {
  const relay = await openTestRelay({ addressing, meshHost: "127.0.0.1" });
  stops.push(relay.stop);
  return relay;
}

interface Heard {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}
/** What a Go nara does with a MeshIP; every host is at this machine. */
function call(meshIp: string, request: MeshRequest): Promise<Heard> {
  const url = new URL(meshIp.includes(":") ? `http://${meshIp}` : `http://${meshIp}:7433`);
  const host = /^[\d.]+$/.test(url.hostname) ? url.hostname : "127.0.0.1";
  return new Promise((resolve, reject) => {
    const sent = requestOf(
      {
        createConnection: () => createConnection(Number(url.port), host),
        method: request.method,
        path: request.target,
        headers: {
          host: url.host,
          "content-length": request.body.length,
          ...Object.fromEntries(request.headers),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const headers = Object.entries(response.headers) as [string, string][];
          resolve({
            status: response.statusCode ?? 0,
            headers: new Map(headers),
            body: Buffer.concat(chunks),
          });
        });
      },
    );
    sent.on("error", reject);
    sent.end(request.body);
  });
}

const modes: readonly {
  readonly mode: string;
  readonly announced: RegExp;
  addressing(): Promise<Addressing>;
}[] = [
  {
    mode: "port mode",
    announced: /^127\.0\.0\.1:\d+$/,
    addressing: async () => ({ mode: "ports", range: await freeRange() }),
  },
  {
    mode: "host mode",
    announced: /^alice\.relay\.example:\d+$/,
    addressing: async () => ({
      mode: "hosts",
      domain: "relay.example",
      port: await desertedPort(),
    }),
  },
  {
    mode: "address mode",
    announced: /^127\.1\.\d+\.\d+$/,
    addressing: async () => ({
      mode: "prefix",
      prefix: { first: 0x7f010000, count: 65_536 },
      port: 7433,
    }),
  },
];

for (const { mode, announced, addressing } of modes) {
  test(`${mode}: a question arrives as it was sent, and its answer as it was signed`, async () => {
    const relay = await openRelay(await addressing());
    const heard: MeshRequest[] = [];
    const answered = utf8('{"from":"alice"}\r\n\0ÿ');
    const { address = "" } = await relay.join("alice", 1, async (request) => {
      heard.push(request);
      const headers = new Map([
        ["x-nara-name", "alice"],
        ["x-nara-timestamp", "1700000000123"],
        ["x-nara-signature", "c2ln+/=="],
        ["x-nara-redirect-to", "bob"],
      ]);
      return { status: 307, headers, body: answered };
    });
    expect(address).toMatch(announced);
    const headers = new Map([
      ["x-nara-name", "bob"],
      ["x-nara-timestamp", "1700000000000"],
      ["x-nara-signature", "YWJj+/=="],
      ["x-nara-from", "bob"],
    ]);
    const target = "/peer/query/%2e%2E/../a%2Fb//?target=a%20b&asked=c,d&&=";
    const body = utf8("{\r\n\0 ÿ");
    const answer = await call(address, { method: "POST", target, headers, body });
    expect(heard).toHaveLength(1);
    expect(heard[0]).toMatchObject({ method: "POST", target });
    expect(Buffer.from(heard[0]?.body ?? []).equals(body)).toBe(true);
    for (const [name, value] of headers) expect(heard[0]?.headers.get(name), name).toBe(value);
    expect(answer.status).toBe(307);
    expect(answer.body.equals(answered)).toBe(true);
    expect(answer.headers.get("x-nara-signature")).toBe("c2ln+/==");
    expect(answer.headers.get("x-nara-timestamp")).toBe("1700000000123");
    expect(answer.headers.get("x-nara-name")).toBe("alice");
    expect(answer.headers.get("x-nara-redirect-to")).toBe("bob");
  });

  test(`${mode}: signatures hold both ways`, async () => {
    const [alice, bob] = [personNamed("alice"), personNamed("bob")];
    const clock = createSystemClock();
    const nara = createMeshNara({ me: alice, keyPair: alice.keyPair, clock, known: [bob] });
    const relay = await openRelay(await addressing());
    const { address = "" } = await relay.join("alice", 1, nara.ask);
    const question = { method: "POST", path: "/events/sync" };
    const answer = await call(address, {
      method: "POST",
      target: question.path,
      headers: new Map(signRequest(bob, clock.nowNs(), question)),
      body: utf8('{"from":"bob","mode":"sample","sample_size":5}'),
    });
    expect(answer.status).toBe(200);
    const tools = { keyOf: () => alice.publicKey, crypto: createNobleCrypto() };
    expect(await verifyResponse(answer, tools)).toMatchObject({ ok: true });
    const spoilt = { ...answer, body: Buffer.concat([answer.body, Buffer.from(" ")]) };
    expect(await verifyResponse(spoilt, tools)).toMatchObject({ ok: false });
  });

  test(`${mode}: everybody has an address of their own, and neighbours need no socket`, async () => {
    const relay = await openRelay(await addressing());
    const saying = (text: string) => async () => ({
      status: 200,
      headers: new Map<string, string>(),
      body: utf8(text),
    });
    const [alice, bob] = await Promise.all([
      relay.join("alice", 1, saying("alice")),
      relay.join("bob", 2, saying("bob")),
    ]);
    const request = { method: "GET", target: "/", headers: new Map(), body: new Uint8Array() };
    expect(String((await call(alice.address ?? "", request)).body)).toBe("alice");
    expect(String((await call(bob.address ?? "", request)).body)).toBe("bob");
    const meshIp = bob.address ?? "";
    const url = meshIp.includes(":") ? `http://${meshIp}` : `http://${meshIp}:7433`;
    const answer = await alice.client.send(url, request, { deadlineMs: 5_000, maxBodyBytes: 100 });
    expect(answer).toMatchObject({ ok: true, value: { status: 200 } });
    expect(relay.mesh.metrics()).toContain("nara_relay_neighbour_requests_total 1\n");
  });
}

test("host mode: a host of nobody is misdirected, names that are no host get no address", async () => {
  const port = await desertedPort();
  const relay = await openRelay({ mode: "hosts", domain: "relay.example", port });
  await relay.join("alice", 1, async () => ({ status: 200, headers: new Map(), body: utf8("a") }));
  const from = async (host: string): Promise<string> =>
    statusOf(
      await say(
        `127.0.0.1:${port}`,
        `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      ),
    );
  for (const host of ["Alice.Relay.Example", `alice.relay.example:${port}`]) {
    expect(await from(host), host).toBe("200");
  }
  for (const host of [
    "bob.relay.example",
    "relay.example",
    "alice.relay.example:1",
    "alice.relay.example.evil",
    "a.alice.relay.example",
    "127.0.0.1",
  ]) {
    expect(await from(host), host).toBe("421");
  }
  expect(relay.refusals("nobody has this address")).toBe(6);
  const visitor = await relay.challenged("relay.example");
  expect(JSON.parse(await visitor.text)).toMatchObject({ host: "relay.example" });
  visitor.socket.close();
  for (const name of ["Zoë", "a.b", "Alice", "under_score"]) {
    const { address, why } = await relay.join(name, 3);
    expect(address).toBeUndefined();
    expect(why).toContain("cannot be part of a host");
  }
});

test("address mode: a port of its own is announced, and a nara asks from its own address", async () => {
  const port = await desertedPort();
  const relay = await openTestRelay({
    addressing: { mode: "prefix", prefix: { first: 0x7f020000, count: 16 }, port },
    allowEgress: { authorities: [], ranges: [{ address: "127.0.0.0", bits: 8 }] },
  });
  stops.push(relay.stop);
  const alice = await relay.join("alice", 1);
  expect(alice.address).toMatch(new RegExp(`^127\\.2\\.0\\.\\d+:${port}$`));
  const peer = createServer((request, response) => response.end(request.socket.remoteAddress));
  peer.listen(0, "127.0.0.1");
  await once(peer, "listening");
  const { port: peerPort } = peer.address() as { port: number };
  const answer = await alice.client.send(
    `http://127.0.0.1:${peerPort}`,
    { method: "GET", target: "/", headers: new Map(), body: new Uint8Array() },
    { deadlineMs: 5_000, maxBodyBytes: 100 },
  );
  peer.close();
  expect(answer.ok && String(Buffer.from(answer.value.body))).toBe(alice.address?.split(":")[0]);
});
