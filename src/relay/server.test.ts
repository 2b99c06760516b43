import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { createWebSocketPlaza } from "../adapters/plaza/mqtt-web-socket.ts";
import { desertedPort, listen, startTestBroker } from "../adapters/plaza/test-broker.ts";
import { createIdentity } from "../nara/identity/identity.ts";
import { nameFromSeed } from "../nara/identity/names.ts";
import { formatSoul, mintNamelessSoul } from "../nara/identity/soul.ts";
import { createNara } from "../nara/nara.ts";
import type { Outcome } from "../nara/outcome.ts";
import type { LogLine, Random } from "../nara/ports.ts";
import { createWebApi } from "../nara/web-api/web-api.ts";
import { type Options, parseOptions } from "./options.ts";
import { type RunningServer, startServer } from "./server.ts";
import { createTestPage, joinRaw, publishPacket, subscribePacket } from "./testing.ts";

let page: ReturnType<typeof createTestPage>;
let cleanUps: (() => unknown)[] = [];
let lines: LogLine[] = [];
beforeEach(() => {
  page = createTestPage();
  lines = [];
});
afterEach(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
  cleanUps = [];
  page.remove();
});

const optionsOf = (line: string): Options => {
  const parsed = parseOptions(line.split(" "), {});
  if (!parsed.ok || parsed.value.type !== "run") throw new Error(line);
  return parsed.value.options;
};
const start = async (line: string): Promise<Outcome<RunningServer>> => {
  const started = await startServer({
    options: optionsOf(line),
    log: (said) => lines.push(said),
    pageFolder: page.folder,
    createResident: (identity, ports) =>
      createNara({
        identity,
        ports: { ...ports, random: withoutWaiting(ports.random) },
        webApi: createWebApi,
      }),
  });
  if (started.ok) cleanUps.push(started.value.stop);
  return started;
};
const running = async (line: string): Promise<RunningServer> => {
  const started = await start(line);
  if (!started.ok) throw new Error(started.refusal);
  return started.value;
};
const refusalOf = async (line: string): Promise<string> => {
  const started = await start(line);
  return started.ok ? "started" : started.refusal;
};
/** Naras wait for random times before they speak; here always the shortest. */
const withoutWaiting = (random: Random): Random => ({ ...random, fraction: () => 0 });
const portOf = (address: string | undefined): number => Number(new URL(address ?? "").port);

test("the page is there, and visitors over WebSocket and TCP meet in one plaza", async () => {
  const server = await running("--port 0 --plaza-tcp 0 --residents 0");
  expect(await (await fetch(server.url)).text()).toContain("<title>nara</title>");
  const [webSocketAddress, tcpAddress] = server.plazaAddresses;
  const tool = await joinRaw(portOf(tcpAddress), "tool");
  tool.say(subscribePacket("nara/#"));
  await tool.hear("suback");
  const link = createWebSocketPlaza({
    url: webSocketAddress ?? "",
    openSocket: (url, protocols) =>
      new WebSocket(url, protocols) as unknown as globalThis.WebSocket,
  }).connect({
    clientId: "alice",
    onOpen: () => link.publish("nara/plaza/howdy", new Uint8Array([1]), 0),
    onFrame: () => {},
    onClosed: () => {},
  });
  expect(await tool.hear("publish")).toMatchObject({ topic: "nara/plaza/howdy" });
});

test("WebSockets are for the plaza only, and pages for readers", async () => {
  const server = await running("--port 0 --plaza-tcp off --residents 0");
  expect(server.plazaAddresses.length).toBe(1);
  const lost = new WebSocket(`${server.url.replace("http", "ws")}elsewhere`, ["mqtt"]);
  const [error] = await once(lost, "error");
  expect(String(error)).toContain("404");
  expect((await fetch(`${server.url}mqtt`)).status).toBe(404);
});

test("residents join, differ, and say chau when the server stops", async () => {
  const server = await running("--port 0 --plaza-tcp 0 --residents 2");
  expect(new Set(server.residents).size).toBe(2);
  const tool = await joinRaw(portOf(server.plazaAddresses[1]), "tool");
  const greeted = new Set<string>();
  const left = new Set<string>();
  const allGreeted = new Promise<void>((resolve) => {
    tool.onPublish(({ topic, payload }) => {
      const { emitter } = JSON.parse(payload.toString()) as { emitter: string };
      if (topic === "nara/plaza/hey_there") greeted.add(emitter);
      if (topic === "nara/plaza/chau") left.add(emitter);
      if (greeted.size === 2) resolve();
    });
  });
  tool.say(subscribePacket("nara/plaza/hey_there", "nara/plaza/chau"));
  await allGreeted;
  await server.stop();
  await tool.gone;
  expect([...greeted].sort()).toEqual([...server.residents].sort());
  expect([...left].sort()).toEqual([...server.residents].sort());
});

test("residents at a plaza elsewhere use the operator's credentials", async () => {
  const upstream = await startTestBroker({ user: "operator", password: "secret" });
  cleanUps.push(upstream.stop);
  const greeting = new Promise<void>((resolve) => {
    upstream.aedes.on("publish", ({ topic }) => {
      if (topic === "nara/plaza/hey_there") resolve();
    });
  });
  const server = await running(
    `--port 0 --plaza ${upstream.tcpUrl} --plaza-user operator --plaza-pass secret --residents 1`,
  );
  await greeting;
  expect(server.plazaAddresses[1]).toBe(upstream.tcpUrl);
  expect(JSON.stringify([lines, server.plazaAddresses])).not.toMatch(/secret|operator/);
});

test("souls from a file live here under their names", async () => {
  const first = mintNamelessSoul(new Uint8Array(32).fill(1));
  const second = mintNamelessSoul(new Uint8Array(32).fill(2));
  const file = join(page.folder, "souls.txt");
  const text = `# who lives here\n\n${formatSoul(first)}\r\nmaria-luisa ${formatSoul(second)}\n`;
  writeFileSync(file, text);
  const server = await running(`--port 0 --plaza-tcp off --souls ${file}`);
  expect(server.residents).toEqual([nameFromSeed(first.seed), "maria-luisa"]);
});

test("a souls file with a fault is refused by file and line, without the soul", async () => {
  const soul = formatSoul(createIdentity(mintNamelessSoul(new Uint8Array(32)), "x").soul);
  const file = join(page.folder, "souls.txt");
  const refusalFor = (text: string): Promise<string> => {
    writeFileSync(file, text);
    return refusalOf(`--port 0 --plaza-tcp off --souls ${file}`);
  };
  const at = `souls file ${file}, line`;
  expect(await refusalFor(`a ${soul}\nb not-a-soul`)).toBe(`${at} 2: not a soul (not base58)`);
  expect(await refusalFor(`a ${soul.slice(10)}`)).toMatch(/line 1: not a soul \(not 40 bytes\)$/);
  expect(await refusalFor(`a ${soul}\na ${soul}`)).toBe(`${at} 2: "a" lives here already`);
  expect(await refusalFor(`a b ${soul}`)).toBe(`${at} 1: wanted \`soul\` or \`name soul\``);
  expect(await refusalFor(`A! ${soul}`)).toMatch(/line 1: its name is not 1 to 63/);
  expect(await refusalFor("\n# nobody\n")).toBe(`souls file ${file} holds no soul`);
  expect(await refusalOf("--port 0 --plaza-tcp off --souls /nowhere/souls.txt")).toBe(
    "souls file /nowhere/souls.txt cannot be read (ENOENT)",
  );
});

test("what residents remember outlives the server in a file, and they start with it again", async () => {
  const file = join(page.folder, "memories.jsonl");
  const where = `--port 0 --plaza-tcp 0 --residents 1 --dump ${file}`;
  const before = await running(where);
  const tool = await joinRaw(portOf(before.plazaAddresses[1]), "tool");
  tool.say(subscribePacket("nara/plaza/hey_there"));
  await tool.hear("publish");
  await before.dump();
  const [greeting = ""] = readFileSync(file, "utf8").split("\n");
  expect(JSON.parse(greeting)).toMatchObject({ svc: "hey-there", emitter: before.residents[0] });
  await before.stop();
  expect(readFileSync(file, "utf8")).toContain(greeting);
  expect(readFileSync(file, "utf8")).toContain('"svc":"chau"');

  const kept = readFileSync(file, "utf8").trim().split("\n");
  const after = await running(`${where} --memories ${file} --verbose`);
  while (!lines.some(({ text }) => text.startsWith("remembers"))) {
    await new Promise((next) => setImmediate(next));
  }
  await after.dump();
  const together = readFileSync(file, "utf8");
  for (const line of kept) expect(together).toContain(JSON.parse(line).id);
  expect(await refusalOf("--port 0 --plaza-tcp off --memories /nowhere/m.jsonl")).toBe(
    "memories file /nowhere/m.jsonl cannot be read (ENOENT)",
  );
});

test("a port that is taken is named, with what to do", async () => {
  const occupant = createServer();
  const port = await listen(occupant);
  cleanUps.push(() => occupant.close());
  expect(await refusalOf(`--port ${port} --plaza-tcp off`)).toBe(
    `port ${port} on 127.0.0.1 is already in use: choose another with --port`,
  );
  expect(await refusalOf(`--port 0 --plaza-tcp ${port}`)).toBe(
    `port ${port} on 127.0.0.1 is already in use: ` +
      "choose another with --plaza-tcp PORT, or --plaza-tcp off",
  );
  expect(await refusalOf("--host 192.0.2.1 --port 0 --plaza-tcp off")).toBe(
    "192.0.2.1 is no address of this machine: choose another with --host",
  );
});

test("a plaza that cannot be joined is named, with why", async () => {
  const upstream = await startTestBroker({ user: "operator", password: "secret" });
  cleanUps.push(upstream.stop);
  expect(await refusalOf(`--port 0 --plaza ${upstream.tcpUrl}`)).toBe(
    `the plaza ${upstream.tcpUrl} cannot be joined: wrong user or password`,
  );
  const url = `mqtt://127.0.0.1:${await desertedPort()}`;
  expect(await refusalOf(`--port 0 --plaza ${url} --plaza-user me --plaza-pass hush`)).toBe(
    `the plaza ${url} cannot be joined: nobody answers at ${url}`,
  );
});

test("an error of the broker's is repaired, any other is not", async () => {
  const server = await running("--port 0 --plaza-tcp 0 --residents 0");
  const port = portOf(server.plazaAddresses[1]);
  const before = await joinRaw(port, "alice");
  expect(server.recover(new RangeError("Maximum call stack size exceeded"))).toBe(true);
  await before.gone;
  const after = await joinRaw(port, "alice");
  after.say(subscribePacket("nara/#"));
  after.say(publishPacket("nara/plaza/howdy"));
  await after.hear("publish");
  expect(server.recover(new TypeError("a bug of ours"))).toBe(false);
  expect(server.recover("not even an error")).toBe(false);
});

test("stopping ends every connection and frees the ports", async () => {
  const server = await running("--port 0 --plaza-tcp 0 --residents 0");
  const tool = await joinRaw(portOf(server.plazaAddresses[1]), "tool");
  const browser = new WebSocket(server.plazaAddresses[0] ?? "", ["mqtt"]);
  await once(browser, "open");
  const closing = once(browser, "close");
  await server.stop();
  await tool.gone;
  const [code, reason] = await closing;
  expect([code, String(reason)]).toEqual([1001, "the plaza's server is going away"]);
  await expect(fetch(server.url)).rejects.toThrow();
});

test("each resident shows itself on a port of its own where --api says so", async () => {
  const server = await running("--port 0 --plaza-tcp off --mesh-ports off --residents 2 --api 0");
  expect(server.webApis).toHaveLength(2);
  for (const [index, url] of server.webApis.entries()) {
    const shown = await fetch(`${url}narae.json`);
    expect(await shown.json()).toMatchObject({ server: server.residents[index] });
    const start = { method: "POST", body: JSON.stringify({ message: "hi" }) };
    expect((await fetch(`${url}world/start`, start)).status).toBe(401);
    expect((await fetch(`${url}ping`)).status).toBe(200);
  }
  const taken = new URL(server.webApis[0] ?? "").port;
  const line = `--port 0 --plaza-tcp off --mesh-ports off --residents 1 --api ${taken}`;
  expect(await refusalOf(line)).toBe(
    `port ${taken} on 127.0.0.1 is already in use: choose another with --api`,
  );
  expect((await running("--port 0 --plaza-tcp off --residents 1")).webApis).toEqual([]);
});
