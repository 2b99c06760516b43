/**
 * A resident's web API on a port of its own, with the event stream that needs a connection held
 * open (docs/protocol/ui-and-api.md §b; docs/server.md, Web API).
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { maxBatchBytes } from "../nara/limits.ts";
import type { MeshHeaders } from "../nara/mesh/http.ts";
import { accept, type Outcome } from "../nara/outcome.ts";
import { streamPath, type WebApi } from "../nara/web-api/web-api.ts";
import { httpRequestTimeoutMs } from "./limits.ts";
import { listenOn } from "./listen.ts";

export interface WebApiDoor {
  readonly port: number;
  /** Ends all connections. */
  stop(): Promise<void>;
}

export interface WebApiDoorParts {
  readonly host: string;
  /** 0 for a free one. */
  readonly port: number;
  readonly api: WebApi;
}

/** Bytes of a request's head. */
const maxHeadBytes = 16 * 1024;
/** Connections at a time: dashboards, not crowds. */
const maxConnections = 128;
/** Events that wait for a slow listener; what comes beyond is not told (§b, SSE). */
export const maxWaitingEvents = 10;

/** Refuses with a sentence that says what to do instead. */
export async function openWebApiDoor(parts: WebApiDoorParts): Promise<Outcome<WebApiDoor>> {
  const { host, api } = parts;
  const timeoutMs = httpRequestTimeoutMs;
  const server = createServer(
    { maxHeaderSize: maxHeadBytes, requestTimeout: timeoutMs, headersTimeout: timeoutMs },
    (incoming, outgoing) => {
      if (pathOf(incoming) === streamPath) return stream(api, outgoing);
      void answer(api, incoming, outgoing).catch(() => outgoing.destroy());
    },
  );
  server.maxConnections = maxConnections;
  const port = await listenOn(server, { host, port: parts.port, remedy: "--api" });
  if (!port.ok) return port;
  return accept({
    port: port.value,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

async function answer(
  api: WebApi,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const body = await bodyOf(incoming);
  if (body === undefined) {
    outgoing.writeHead(413, { connection: "close" }).end();
    return;
  }
  const answered = await api.handle({
    method: incoming.method ?? "",
    target: incoming.url ?? "",
    headers: headersOf(incoming),
    body,
  });
  for (const [name, value] of answered.headers) {
    outgoing.setHeader(name, Buffer.from(value, "utf8").toString("latin1"));
  }
  outgoing.setHeader("content-length", answered.body.length);
  outgoing.writeHead(answered.status).end(answered.body);
}

/** Sends what happens as it happens, until the listener leaves. */
function stream(api: WebApi, outgoing: ServerResponse): void {
  const waiting: string[] = [];
  let isFull = false;
  outgoing.setHeader("content-type", "text/event-stream; charset=utf-8");
  outgoing.setHeader("cache-control", "no-cache");
  outgoing.setHeader("connection", "keep-alive");
  outgoing.setHeader("access-control-allow-origin", "*");
  const leave = api.subscribe((text) => {
    if (!isFull) isFull = !outgoing.write(text);
    else if (waiting.length < maxWaitingEvents) waiting.push(text);
  });
  if (leave === undefined) {
    outgoing.removeHeader("connection");
    outgoing.setHeader("content-type", "text/plain; charset=utf-8");
    outgoing.writeHead(503).end("too many listen already\n");
    return;
  }
  outgoing.on("drain", () => {
    isFull = waiting.length > 0 && !outgoing.write(waiting.splice(0).join(""));
  });
  outgoing.on("error", leave);
  outgoing.on("close", leave);
}

const pathOf = ({ url }: IncomingMessage): string => (url ?? "").split("?")[0] ?? "";

/** Values as text: their bytes are UTF-8, as Go writes them. */
const headersOf = ({ headers }: IncomingMessage): MeshHeaders =>
  new Map(
    Object.entries(headers).map(([name, value]) => [
      name,
      Buffer.from(Array.isArray(value) ? value.join(", ") : (value ?? ""), "latin1").toString(),
    ]),
  );

/** Undefined for one that is too large. Rejects when the connection breaks. */
async function bodyOf(incoming: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBatchBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
