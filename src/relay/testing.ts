/** What the server's tests share: visitors without manners, and a page to serve. */
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mqttPacket, { type IConnectPacket, type IPublishPacket, type Packet } from "mqtt-packet";
import { listen } from "../adapters/plaza/test-broker.ts";
import type { Log, LogLine } from "../nara/ports.ts";
import { type EmbeddedPlaza, startEmbeddedPlaza } from "./embedded-plaza.ts";
import type { CrowdLimits, VisitorLimits } from "./limits.ts";
import { tcpVisitor } from "./visitor.ts";

/** A visitor that says exactly what a test wants, byte for byte. */
export interface RawVisitor {
  readonly socket: Socket;
  /** Packets heard so far. */
  readonly heard: readonly Packet[];
  say(packet: Packet | Buffer): void;
  /** Calls with each publish from now on. */
  onPublish(heard: (packet: IPublishPacket) => void): void;
  /** Resolves with the first packet of this kind, even one that came already. */
  hear(cmd: Packet["cmd"]): Promise<Packet>;
  /** Resolves once the connection has ended. */
  readonly gone: Promise<void>;
}

export async function visitRaw(port: number): Promise<RawVisitor> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  await once(socket, "connect");
  const heard: Packet[] = [];
  let waiting: { cmd: string; resolve(packet: Packet): void }[] = [];
  const parser = mqttPacket.parser();
  parser.on("packet", (packet) => {
    heard.push(packet);
    for (const one of waiting) if (one.cmd === packet.cmd) one.resolve(packet);
    waiting = waiting.filter((one) => one.cmd !== packet.cmd);
  });
  socket.on("data", (chunk) => parser.parse(chunk));
  return {
    socket,
    heard,
    say: (packet) => socket.write(Buffer.isBuffer(packet) ? packet : packetBytes(packet)),
    onPublish: (hear) => {
      parser.on("packet", (packet) => {
        if (packet.cmd === "publish") hear(packet);
      });
    },
    hear: (cmd) =>
      new Promise((resolve) => {
        const known = heard.find((packet) => packet.cmd === cmd);
        if (known !== undefined) resolve(known);
        else waiting.push({ cmd, resolve });
      }),
    gone: new Promise((resolve) => socket.once("close", () => resolve())),
  };
}

export async function joinRaw(port: number, clientId: string): Promise<RawVisitor> {
  const visitor = await visitRaw(port);
  visitor.say(connectPacket({ clientId }));
  await visitor.hear("connack");
  return visitor;
}

export const packetBytes = (packet: Packet): Buffer => mqttPacket.generate(packet);

export function connectPacket(parts: Partial<IConnectPacket>): IConnectPacket {
  return {
    cmd: "connect",
    protocolId: "MQTT",
    protocolVersion: 4,
    clean: true,
    keepalive: 30,
    clientId: "alice",
    ...parts,
  };
}

export function publishPacket(
  topic: string,
  payload: string | Buffer = "x",
  parts: { readonly qos?: 0 | 1 | 2; readonly retain?: boolean } = {},
): Packet {
  const { qos = 0, retain = false } = parts;
  return { cmd: "publish", topic, payload, qos, retain, dup: false, messageId: 1 };
}

export function subscribePacket(...filters: readonly string[]): Packet {
  const subscriptions = filters.map((topic) => ({ topic, qos: 0 as const }));
  return { cmd: "subscribe", messageId: 7, subscriptions };
}

/** The embedded plaza with a TCP door on a free port. */
export async function openTestPlaza(
  settings: { readonly limits?: VisitorLimits; readonly crowd?: CrowdLimits } = {},
): Promise<{
  readonly plaza: EmbeddedPlaza;
  readonly port: number;
  readonly lines: LogLine[];
  close(): Promise<void>;
}> {
  const lines: LogLine[] = [];
  const plaza = await startEmbeddedPlaza({ log: warningsTo(lines), ...settings });
  const server = createServer((socket) => plaza.admit(tcpVisitor(socket)));
  const port = await listen(server);
  return {
    plaza,
    port,
    lines,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      await plaza.stop();
      await closed;
    },
  };
}

/** Keeps what would be told without `--verbose`. */
export const warningsTo =
  (lines: LogLine[]): Log =>
  (line) => {
    if (line.level === "warn" || line.level === "error") lines.push(line);
  };

/** A folder with the smallest page there is. */
export function createTestPage(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "nara-page-"));
  writeFileSync(join(folder, "index.html"), "<!doctype html><title>nara</title>");
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}
