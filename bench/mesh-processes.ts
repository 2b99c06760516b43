/**
 * The other processes of the mesh benchmark: the server, and what it is compared with. Each is this
 * benchmark's own program, started again with a role.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

/** What a process holds, with garbage thrown away: heap and buffers, bytes. */
export interface Held {
  readonly bytes: number;
}

export interface OtherProcess {
  /** Of its HTTP server. */
  readonly port: number;
  held(): Promise<Held>;
  stop(): Promise<void>;
}

interface Told {
  readonly port?: number;
  readonly held?: Held;
}

/** Starts this program in a role and waits until it listens. */
export async function startProcess(role: string, words: readonly string[]): Promise<OtherProcess> {
  const [, program = ""] = process.argv;
  const child = fork(program, [role, ...words], { execArgv: ["--expose-gc"] });
  const answers: ((told: Told) => void)[] = [];
  const next = (): Promise<Told> => new Promise((resolve) => answers.push(resolve));
  child.on("message", (told: Told) => answers.shift()?.(told));
  const { port = 0 } = await next();
  return {
    port,
    async held() {
      child.send("held");
      const { held } = await next();
      if (held === undefined) throw new Error(`the ${role} does not say what it holds`);
      return held;
    },
    async stop() {
      const ended = once(child, "exit");
      child.send("stop");
      await ended;
    },
  };
}

/** Tells the parent where this process listens, and answers what it asks. */
export function serveParent(port: number, stop: () => Promise<void>): void {
  process.on("message", (asked) => {
    if (asked === "held") {
      globalThis.gc?.();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      process.send?.({ held: { bytes: heapUsed + arrayBuffers } });
    }
    if (asked === "stop") void stop().finally(() => process.exit(0));
  });
  process.on("disconnect", () => process.exit(0));
  process.send?.({ port });
}

/** Answers every request by itself: a request to it is what any request costs. */
export async function serveDirectly(): Promise<void> {
  const server = createServer((incoming, outgoing) => {
    incoming.resume().once("end", () => outgoing.writeHead(200, answerHead).end(answerBody));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  serveParent((server.address() as AddressInfo).port, async () => server.closeAllConnections());
}

/** Hands every request to whoever holds its one WebSocket, and answers with what comes back. */
export async function serveThroughSocket(): Promise<void> {
  let socket: WebSocket | undefined;
  let asked = 0;
  const waiting = new Map<number, (body: Buffer) => void>();
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.once("end", () => {
      const number = asked++ >>> 0;
      waiting.set(number, (body) => outgoing.writeHead(200, answerHead).end(body));
      const head = Buffer.alloc(4);
      head.writeUInt32BE(number);
      socket?.send(Buffer.concat([head, ...chunks]));
    });
  });
  new WebSocketServer({ server, perMessageDeflate: false }).on("connection", (opened) => {
    socket = opened;
    opened.on("message", (data: Buffer) => {
      const number = data.readUInt32BE(0);
      waiting.get(number)?.(data.subarray(4));
      waiting.delete(number);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  serveParent((server.address() as AddressInfo).port, async () => server.closeAllConnections());
}

/** What everybody answers. */
export const answerBody = Buffer.from('{"success":true}');
const answerHead = { "content-type": "application/json", "content-length": answerBody.length };
