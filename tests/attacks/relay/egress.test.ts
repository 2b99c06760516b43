/** Naras that want the relay to go where it must not, and peers that answer badly. */
import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { utf8 } from "../../../src/nara/codec/utf8.ts";
import type { MeshRequest } from "../../../src/nara/mesh/http.ts";
import { readEgressList } from "../../../src/relay/mesh/egress-list.ts";
import { egressLimits } from "../../../src/relay/mesh/limits.ts";
import type { RelayMeshParts } from "../../../src/relay/mesh/relay-mesh.ts";
import { echo, openTestRelay, until } from "../../../src/relay/mesh/testing.ts";
import { encodeFrame, type Frame } from "../../../src/tunnel/frames.ts";
import { streamLimits } from "../../../src/tunnel/streams.ts";

let stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.reverse()) await stop();
  stops = [];
});

const listed = (text: string) => {
  const read = readEgressList(text);
  if (!read.ok) throw new Error(read.refusal);
  return read.value;
};
/** @param announced what verified hey_theres said. */
async function openRelay(
  announced: readonly string[],
  parts: Partial<RelayMeshParts> = {},
  names: Readonly<Record<string, readonly string[]>> = {},
) {
  const lookedUp: string[] = [];
  const relay = await openTestRelay({
    announcements: {
      has: (authority) => announced.includes(authority),
      touch: () => {},
      all: () => [],
      named: () => undefined,
      count: () => announced.length,
      isHearing: () => true,
    },
    resolve: async (host) => {
      lookedUp.push(host);
      return names[host] ?? [];
    },
    ...parts,
  });
  stops.push(relay.stop);
  const { client } = await relay.join("mallory", 9);
  const ask = async (authority: string, request: Partial<MeshRequest> = {}): Promise<string> => {
    const question = { method: "GET", target: "/ping", headers: new Map(), body: new Uint8Array() };
    const answer = await client.send(
      `http://${authority}`,
      { ...question, ...request },
      { deadlineMs: 20_000, maxBodyBytes: 8 * 1024 * 1024 },
    );
    if (!answer.ok) return `${answer.refusal.type}: ${answer.refusal.why}`;
    return `${answer.value.status} ${Buffer.from(answer.value.body)}`;
  };
  return { ...relay, ask, lookedUp, client };
}

async function listening(server: Server, host = "127.0.0.1"): Promise<number> {
  server.listen(0, host);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}
async function httpPeer(answer: RequestListener) {
  const asked: string[] = [];
  const server = createHttpServer((request, response) => {
    asked.push(`${request.headers.host} ${request.url}`);
    answer(request, response);
  });
  const port = await listening(server);
  stops.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return { port, asked };
}
/** A peer that says bytes, whatever it is asked. */
async function rawPeer(answer: string, then: (socket: Socket) => void = (socket) => socket.end()) {
  const heard: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("data", (bytes) => heard.push(bytes));
    socket.once("data", () => {
      socket.write(answer, "latin1");
      then(socket);
    });
  });
  const port = await listening(server);
  stops.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { port, sockets, heard: () => Buffer.concat(heard).toString("latin1") };
}
const forbidden = "unreachable: the relay does not lead there";
const loop = listed("127.0.0.0/8");

test("nobody is led where no nara announced itself, and no name is looked up for it", async () => {
  const peer = await httpPeer((_, response) => response.end("secret"));
  const relay = await openRelay(["8.8.8.8:7433"]);
  for (const authority of [
    `127.0.0.1:${peer.port}`,
    `localhost:${peer.port}`,
    "1.1.1.1:7433",
    "8.8.8.8:80",
    "internal.example:7433",
  ]) {
    expect(await relay.ask(authority), authority).toBe(forbidden);
  }
  expect(relay.lookedUp).toEqual([]);
  expect(peer.asked).toEqual([]);
  expect(relay.refusals("egress: announced by nobody")).toBe(5);
});

test("an announcement of somebody's mail server or shell leads nowhere", async () => {
  const announced = ["8.8.8.8:25", "8.8.8.8:22", "mail.example:465"];
  const relay = await openRelay(announced, {}, { "mail.example": ["8.8.8.8"] });
  for (const authority of announced) expect(await relay.ask(authority)).toBe(forbidden);
  expect(relay.refusals("egress: a port of no nara")).toBe(3);
  expect(relay.lookedUp).toEqual([]);
});

test("an announcement opens no way into private networks, in whatever digits", async () => {
  const peer = await httpPeer((_, response) => response.end("secret"));
  const inside = [
    `127.0.0.1:${peer.port}`,
    `[::1]:${peer.port}`,
    `[::ffff:7f00:1]:${peer.port}`,
    `[64:ff9b::7f00:1]:${peer.port}`,
    "10.0.0.1:7433",
    "100.64.0.1:7433",
    "169.254.169.254:80",
    "[fd00:ec2::254]:80",
  ];
  const relay = await openRelay(inside);
  const written = [
    ...inside,
    `2130706433:${peer.port}`,
    `0x7f.1:${peer.port}`,
    `0177.0.0.1:${peer.port}`,
    `[::ffff:127.0.0.1]:${peer.port}`,
    `[64:ff9b::127.0.0.1]:${peer.port}`,
    "169.254.169.254",
  ];
  for (const authority of written) expect(await relay.ask(authority), authority).toBe(forbidden);
  expect(peer.asked).toEqual([]);
  expect(relay.refusals("egress: a forbidden range")).toBe(written.length);
});

test("a name that leads inside, alone or beside a public address, is refused", async () => {
  const peer = await httpPeer((_, response) => response.end("secret"));
  const hosts = {
    "one.example": ["127.0.0.1"],
    "two.example": ["8.8.8.8", "127.0.0.1"],
    "six.example": ["::ffff:127.0.0.1"],
    "nat.example": ["64:ff9b::7f00:1"],
    "zone.example": ["fe80::1%lo"],
  };
  const announced = Object.keys(hosts).map((host) => `${host}:${peer.port}`);
  const relay = await openRelay([...announced, "nowhere.example:7433"], {}, hosts);
  for (const authority of announced) expect(await relay.ask(authority)).toBe(forbidden);
  expect(await relay.ask("nowhere.example:7433")).toMatch(/^unreachable/);
  expect(relay.refusals("egress: a forbidden range")).toBe(announced.length);
  expect(relay.refusals("egress: unknown host")).toBe(1);
  expect(peer.asked).toEqual([]);
});

test("the address that was checked is the one connected to, whatever the name says next", async () => {
  const peer = await httpPeer((_, response) => response.end("hello"));
  const answers = [["127.0.0.1"], ["10.0.0.1"]];
  const relay = await openRelay([`peer.example:${peer.port}`], {
    allowEgress: listed("127.0.0.1"),
    resolve: async () => answers.shift() ?? [],
  });
  expect(await relay.ask(`peer.example:${peer.port}`)).toBe("200 hello");
  expect(peer.asked).toEqual([`peer.example:${peer.port} /ping`]);
  expect(await relay.ask(`peer.example:${peer.port}`)).toBe(forbidden);
  expect(peer.asked).toHaveLength(1);
});

test("a redirect is an answer: the relay does not go there, nor lets the nara", async () => {
  const inside = await httpPeer((_, response) => response.end("secret"));
  const peer = await httpPeer((_, response) => {
    response.writeHead(307, { Location: `http://127.0.0.1:${inside.port}/` }).end("there");
  });
  const relay = await openRelay([], { allowEgress: listed(`127.0.0.1:${peer.port}`) });
  expect(await relay.ask(`127.0.0.1:${peer.port}`)).toBe("307 there");
  expect(await relay.ask(`127.0.0.1:${inside.port}`)).toBe(forbidden);
  expect(inside.asked).toEqual([]);
});

test("what is asked and answered passes as it was: method, path, query, headers, body", async () => {
  const heard: string[] = [];
  const peer = await httpPeer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const name = Buffer.from(request.headers["x-nara-name"] as string, "latin1").toString();
      heard.push(`${request.method} ${request.url} ${name} ${Buffer.concat(chunks)}`);
      heard.push(`${request.headers["content-length"]} ${request.headers["x-secret"]}`);
      response.writeHead(403, { "X-Nara-Signature": "abc=" }).end("no\0\n");
    });
  });
  const relay = await openRelay([], { allowEgress: loop });
  const headers = new Map([
    ["x-nara-name", "zoë"],
    ["x-secret", "not carried"],
  ]);
  const target = "/a%2Fb/../c//d?target=x%20y&z";
  const body = utf8("{\0}\r\n");
  const asked = relay.ask(`127.0.0.1:${peer.port}`, { method: "POST", target, headers, body });
  expect(await asked).toBe("403 no\0\n");
  expect(heard).toEqual([`POST ${target} zoë {\0}\r\n`, "5 undefined"]);
});

test("answers that two readers could take differently, or that are cut short, are no answers", async () => {
  const ok = "HTTP/1.1 200 OK\r\n";
  const bad: readonly string[] = [
    `${ok}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`,
    `${ok}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    `${ok}Content-Length: 9\r\n\r\nab`,
    `${ok}Transfer-Encoding: chunked\r\n\r\n5\r\nab\r\n0\r\n\r\n`,
    `${ok}Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nab`,
    `${ok}X-Nara-Name: a\r\nX-Nara-Name: b\r\nContent-Length: 0\r\n\r\n`,
    `${ok}X-Nara-Name: a\0b\r\nContent-Length: 0\r\n\r\n`,
    `${ok}X-Nara-Name: ${"x".repeat(17_000)}\r\n\r\n`,
    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n",
    "HTTP/1.1 999999 What\r\n\r\n",
    "SSH-2.0-OpenSSH_9.2\r\n",
    "",
  ];
  const relay = await openRelay([], { allowEgress: loop });
  for (const text of bad) {
    const peer = await rawPeer(text);
    expect(await relay.ask(`127.0.0.1:${peer.port}`), text.slice(0, 90)).toMatch(/^unreachable/);
  }
  const counted =
    relay.refusals("egress: an answer cut short") +
    relay.refusals("egress: an answer that is no HTTP") +
    relay.refusals("egress: nobody there");
  expect(counted).toBe(bad.length);
});

test("a second answer behind the first goes to nobody", async () => {
  const one = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none";
  const peer = await rawPeer(`${one}${one.replaceAll("one", "two")}`);
  const relay = await openRelay([], { allowEgress: loop });
  expect(await relay.ask(`127.0.0.1:${peer.port}`)).toBe("200 one");
  expect(await relay.ask(`127.0.0.1:${peer.port}`)).toBe("200 one");
});

test("a nara cannot hide a second question behind a length that lies", async () => {
  const peer = await rawPeer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", () => {});
  const relay = await openRelay([], { allowEgress: loop });
  const rude = await relay.rudeTunnel("eve", 8);
  const cancelled: number[] = [];
  rude.socket.on("message", (frame: Buffer) => {
    if (frame[0] === 5) cancelled.push(frame[5] ?? -1);
  });
  const smuggled = utf8("GET /secret HTTP/1.1\r\nHost: a\r\n\r\n");
  const say = (frame: Frame): void => rude.socket.send(encodeFrame(frame) ?? Buffer.alloc(0));
  const authority = `127.0.0.1:${peer.port}`;
  const tries = [
    { method: "POST", fields: [["content-length", "3"]] },
    { method: "GET", fields: [] },
    { method: "GET", fields: [["content-length", "0"]] },
    { method: "POST", fields: [["content-length", "99"]] },
    { method: "POST", fields: [["content-length", "1, 3"]] },
  ] as const;
  for (const [at, { method, fields }] of tries.entries()) {
    const stream = 2 * at + 1;
    say({ type: "request", stream, head: { method, authority, target: "/dm", fields } });
    say({ type: "body", stream, bytes: smuggled });
    say({ type: "end", stream });
  }
  await until(() => cancelled.length === tries.length);
  expect(peer.heard()).not.toContain("/secret");
  rude.socket.close();
});

test("a peer that never ends its body, or drips, costs its asker the deadline and nobody else", async () => {
  const endless = await rawPeer("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", (socket) => {
    const drip = setInterval(() => socket.write("x"), 20);
    socket.once("close", () => clearInterval(drip));
  });
  const silent = await rawPeer("", () => {});
  const relay = await openRelay([], {
    allowEgress: loop,
    streamLimits: { ...streamLimits, exchangeTimeoutMs: 400 },
  });
  await relay.join("bob", 2, echo);
  const bob = (await relay.join("carol", 3, echo)).address ?? "";
  const endlessly = relay.ask(`127.0.0.1:${endless.port}`);
  const silently = relay.ask(`127.0.0.1:${silent.port}`);
  expect(await relay.ask(bob)).toMatch(/^200 GET/);
  expect(await endlessly).toBe("timeout: no answer in time");
  expect(await silently).toBe("timeout: no answer in time");
  expect(relay.refusals("egress: deadline")).toBe(2);
  await until(() => [...endless.sockets, ...silent.sockets].every(({ destroyed }) => destroyed));
});

test("budgets hold for one nara, in questions, in bytes and at once; others have their own", async () => {
  const waiting = await rawPeer("", () => {});
  const peer = await httpPeer((_, response) => response.end(Buffer.alloc(40_000)));
  const relay = await openRelay([], {
    allowEgress: loop,
    egressLimits: { ...egressLimits, maxOpen: 3, requestsPerMinute: 8, bytesPerMinute: 100_000 },
  });
  const held = Array.from({ length: 3 }, () => relay.ask(`127.0.0.1:${waiting.port}`));
  await until(() => waiting.sockets.size === 3);
  const busy = "unreachable: too many questions at once";
  expect(await relay.ask(`127.0.0.1:${peer.port}`)).toBe(busy);
  expect(relay.refusals("egress: too many at once")).toBe(1);
  for (const socket of waiting.sockets) socket.destroy();
  await Promise.all(held);
  const answers: string[] = [];
  for (let count = 0; count < 3; count++) answers.push(await relay.ask(`127.0.0.1:${peer.port}`));
  expect(answers.map((answer) => answer.slice(0, 3))).toEqual(["200", "200", "unr"]);
  expect(relay.refusals("egress: too many bytes")).toBe(1);
  for (let count = 0; count < 3; count++) await relay.ask(`127.0.0.1:${peer.port}`);
  expect(relay.refusals("egress: too many requests")).toBe(1);
  const { client } = await relay.join("alice", 1);
  const fine = await client.send(
    `http://127.0.0.1:${peer.port}`,
    { method: "GET", target: "/ping", headers: new Map(), body: new Uint8Array() },
    { deadlineMs: 5_000, maxBodyBytes: 50_000 },
  );
  expect(fine.ok).toBe(true);
});

test("an asker who does not read makes the peer wait, not the relay's memory grow", async () => {
  let written = 0;
  const peer = await httpPeer((_, response) => {
    const more = (): void => {
      while (written < 64 * 1024 * 1024) {
        written += 65_536;
        if (!response.write(Buffer.alloc(65_536))) return void response.once("drain", more);
      }
      response.end();
    };
    more();
  });
  const relay = await openRelay([], { allowEgress: loop });
  const rude = await relay.rudeTunnel("eve", 8);
  let heard = 0;
  rude.socket.on("message", (frame: Buffer) => {
    if (frame[0] === 3) heard += frame.length - 5;
  });
  const authority = `127.0.0.1:${peer.port}`;
  const head = { method: "GET", authority, target: "/", fields: [] };
  rude.socket.send(encodeFrame({ type: "request", stream: 1, head }) ?? "");
  rude.socket.send(encodeFrame({ type: "end", stream: 1 }) ?? "");
  await until(() => heard === streamLimits.streamWindowBytes);
  for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
  expect(heard).toBe(streamLimits.streamWindowBytes);
  // What is on its way besides lies in the kernel's buffers.
  expect(written).toBeLessThan(32 * 1024 * 1024);
  rude.socket.close();
  await until(() => relay.gauge("streams") === 0);
});
