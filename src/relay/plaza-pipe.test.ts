import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { createWebSocketPlaza } from "../adapters/plaza/mqtt-web-socket.ts";
import { plazaAcceptance } from "../adapters/plaza/plaza-acceptance.ts";
import { parsePlazaUrl } from "../adapters/plaza/plaza-url.ts";
import {
  desertedPort,
  listen,
  startMuteServer,
  startTestBroker,
  type TestBroker,
} from "../adapters/plaza/test-broker.ts";
import type { LogLine, Plaza } from "../nara/ports.ts";
import type { VisitorLimits } from "./limits.ts";
import { createPlazaPipe, type PlazaPipe } from "./plaza-pipe.ts";
import { createStaticPages } from "./static-pages.ts";
import {
  connectPacket,
  createTestPage,
  joinRaw,
  packetBytes,
  publishPacket,
  subscribePacket,
  visitRaw,
  warningsTo,
} from "./testing.ts";
import { tcpVisitor } from "./visitor.ts";
import { createWebDoor } from "./web-door.ts";

const secret = { user: "operator", password: "correct horse" };
const openSocket = (url: string, protocols: string[]): globalThis.WebSocket =>
  new WebSocket(url, protocols) as unknown as globalThis.WebSocket;

let cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
  cleanUps = [];
});

interface OpenPipe {
  readonly pipe: PlazaPipe;
  readonly lines: LogLine[];
  /** Through a WebSocket, as a page. */
  readonly page: Plaza;
  /** For visitors over plain TCP, who are easier to make rude. */
  readonly port: number;
  readonly webSocketUrl: string;
}

async function openPipe(
  url: string,
  credentials: { user?: string; password?: string } = secret,
  limits?: VisitorLimits,
): Promise<OpenPipe> {
  const parsed = parsePlazaUrl(url);
  if (!parsed.ok) throw new Error(parsed.refusal);
  const lines: LogLine[] = [];
  const made = createPlazaPipe({
    url: parsed.value,
    credentials,
    insecure: false,
    log: warningsTo(lines),
    limits,
  });
  if (!made.ok) throw new Error(made.refusal);
  const pipe = made.value;
  const raw = createServer((socket) => pipe.admit(tcpVisitor(socket)));
  const port = await listen(raw);
  const page = createTestPage();
  const pages = createStaticPages(page.folder);
  if (!pages.ok) throw new Error(pages.refusal);
  const web = createWebDoor({ pages: pages.value, sameOriginOnly: true, admit: pipe.admit });
  const webSocketUrl = `ws://127.0.0.1:${await listen(web)}/mqtt`;
  cleanUps.push(
    page.remove,
    () => closed(raw),
    () => closed(web),
    () => pipe.stop(),
  );
  return {
    pipe,
    lines,
    port,
    webSocketUrl,
    page: createWebSocketPlaza({ url: webSocketUrl, openSocket }),
  };
}

async function broker(wanted?: typeof secret): Promise<TestBroker> {
  const started = await startTestBroker(wanted);
  cleanUps.push(started.stop);
  return started;
}

plazaAcceptance("a page behind the pipe", async () => {
  const upstream = await startTestBroker(secret);
  const deserted = createWebSocketPlaza({
    url: `ws://127.0.0.1:${await desertedPort()}/mqtt`,
    openSocket,
  });
  const { page } = await openPipe(upstream.tcpUrl);
  const { page: refusing } = await openPipe(upstream.tcpUrl, { user: "operator" });
  return {
    ...upstream,
    plaza: page,
    deserted,
    refusing,
  };
});

test("the operator's credentials replace the page's, over TCP and over WebSocket", async () => {
  const upstream = await broker(secret);
  for (const url of [upstream.tcpUrl, upstream.webSocketUrl]) {
    const { port } = await openPipe(url);
    const visitor = await visitRaw(port);
    visitor.say(connectPacket({ username: "me", password: Buffer.from("mine") }));
    expect(await visitor.hear("connack")).toMatchObject({ returnCode: 0 });
  }
  expect(upstream.logins).toEqual([secret, secret]);
});

test("no page and no line of the log ever sees the credentials", async () => {
  const upstream = await broker(secret);
  const { port, lines, webSocketUrl } = await openPipe(upstream.tcpUrl);
  const heard: Buffer[] = [];
  const socket = new WebSocket(webSocketUrl, ["mqtt"]);
  socket.on("message", (data) => heard.push(data as Buffer));
  await once(socket, "open");
  const visitor = await joinRaw(port, "alice");
  visitor.socket.on("data", (chunk) => heard.push(chunk));
  visitor.say(subscribePacket("nara/#"));
  visitor.say(publishPacket("nara/plaza/howdy"));
  await visitor.hear("publish");
  upstream.cut("alice");
  await visitor.gone;
  socket.terminate();
  const everything = Buffer.concat(heard).toString("latin1") + JSON.stringify(lines);
  expect(everything).toContain("nara/plaza/howdy");
  expect(everything).not.toContain(secret.user);
  expect(everything).not.toContain(secret.password);
});

test("where the plaza is down, a page hears CONNACK 3 and why", async () => {
  const { webSocketUrl, page, lines } = await openPipe(`mqtt://127.0.0.1:${await desertedPort()}`);
  const socket = new WebSocket(webSocketUrl, ["mqtt"]);
  const messages: Buffer[] = [];
  socket.on("message", (data) => messages.push(data as Buffer));
  await once(socket, "open");
  socket.send(packetBytes(connectPacket({})));
  const [code, reason] = await once(socket, "close");
  expect(Buffer.concat(messages)).toEqual(Buffer.from([0x20, 2, 0, 3]));
  expect(code).toBe(1013);
  expect(String(reason)).toMatch(/^plaza unreachable: nobody answers at mqtt:\/\/127\.0\.0\.1:/);
  expect(await reasonAt(page)).toMatch(
    /^the plaza's server is there, but its broker is not: nobody answers at mqtt:/,
  );
  expect(lines[0]?.text).toMatch(/^alice's way to the plaza ended: nobody answers/);
});

test("when the plaza goes away, a page hears that too", async () => {
  const upstream = await broker(secret);
  const { page } = await openPipe(upstream.tcpUrl);
  let opened = (): void => {};
  const isOpen = new Promise<void>((resolve) => {
    opened = resolve;
  });
  const reason = reasonAt(page, opened);
  await isOpen;
  upstream.cut("alice");
  expect(await reason).toBe("the connection to the plaza was lost");
});

test("the same rules hold as at the server's own plaza", async () => {
  const upstream = await broker(secret);
  const { port, lines } = await openPipe(upstream.tcpUrl);
  const alice = await joinRaw(port, "alice");
  alice.say(subscribePacket("$SYS/#"));
  expect(await alice.hear("suback")).toMatchObject({ granted: [0x80] });
  alice.say(publishPacket("nara/plaza/howdy", "kept?", { retain: true }));
  alice.say(publishPacket("somewhere/else"));
  await alice.gone;
  expect(lines[0]?.text).toBe("cut off alice: published to a topic that is not nara's");
  expect(upstream.seen().map(({ topic }) => topic)).not.toContain("somewhere/else");
});

test("what a page wants retained is not", async () => {
  const upstream = await broker(secret);
  const { port } = await openPipe(upstream.tcpUrl);
  const alice = await joinRaw(port, "alice");
  alice.say(subscribePacket("nara/#"));
  alice.say(publishPacket("nara/plaza/howdy", "kept?", { retain: true }));
  await alice.hear("publish");
  expect(upstream.seen()).toMatchObject([{ topic: "nara/plaza/howdy", retain: false }]);
});

test("other sites' pages may not use the operator's way to the plaza", async () => {
  const upstream = await broker(secret);
  const { webSocketUrl } = await openPipe(upstream.tcpUrl);
  const own = webSocketUrl.replace("ws:", "http:").replace("/mqtt", "");
  const foreign = new WebSocket(webSocketUrl, ["mqtt"], { origin: "https://evil.example" });
  const [error] = await once(foreign, "error");
  expect(String(error)).toContain("403");
  const ours = new WebSocket(webSocketUrl, ["mqtt"], { origin: own });
  await once(ours, "open");
  ours.terminate();
});

test("a probe tells whether the plaza can be joined with these credentials", async () => {
  const upstream = await broker(secret);
  const outcome = async (url: string, credentials = secret) => {
    const probed = await (await openPipe(url, credentials)).pipe.probe();
    return probed.ok ? "joined" : probed.refusal;
  };
  expect(await outcome(upstream.tcpUrl)).toBe("joined");
  expect(await outcome(upstream.tcpUrl, { user: "operator", password: "wrong" })).toBe(
    "wrong user or password",
  );
  const port = await desertedPort();
  expect(await outcome(`mqtt://127.0.0.1:${port}`)).toBe(
    `nobody answers at mqtt://127.0.0.1:${port}`,
  );
});

test("a visitor that leaves before the plaza answered is forgotten", async () => {
  const mute = await startMuteServer();
  cleanUps.push(mute.stop);
  const { pipe, port } = await openPipe(`mqtt://127.0.0.1:${mute.port}`);
  const visitor = await visitRaw(port);
  visitor.say(connectPacket({}));
  visitor.socket.end();
  await visitor.gone;
  await vi.waitUntil(() => pipe.count() === 0);
  expect(visitor.heard).toEqual([]);
});

function reasonAt(plaza: Plaza, onOpen: () => void = () => {}): Promise<string> {
  return new Promise((resolve) => {
    plaza.connect({
      clientId: "alice",
      onOpen,
      onFrame: () => {},
      onClosed: ({ reason }) => resolve(reason),
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
