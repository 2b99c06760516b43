/**
 * The mesh over plain HTTP/1.1, for a nara that has an address of its own: a listener and a client of
 * Node. (docs/protocol/mesh-runtime-checkpoints.md §1)
 */
import {
  Agent,
  createServer,
  type IncomingMessage,
  request as requestOf,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { maxBatchBytes } from "../../nara/limits.ts";
import type {
  MeshBounds,
  MeshFailure,
  MeshHandler,
  MeshRequest,
  MeshResponse,
  MeshTransport,
} from "../../nara/mesh/http.ts";
import { createServing } from "../../nara/mesh/serving.ts";
import { accept, type Outcome, refuse } from "../../nara/outcome.ts";

export interface HttpMesh extends MeshTransport {
  readonly port: number;
  /** Ends all connections, and what is under way with them. */
  stop(): Promise<void>;
}

export interface HttpMeshSettings {
  readonly host: string;
  /** 0 for a free one. */
  readonly port: number;
  /** The `MeshIP` to announce; `host:port` where nothing is said. */
  readonly announce?: string;
}

/** Bytes of a request's or answer's head; Go's own writes far less than 1 KB. */
const maxHeadBytes = 16 * 1024;
/** Of a whole request that comes in: as long as the longest question may take (§1, "nominal"). */
const receiveMs = 15_000;
/** Connections that others hold at a time. */
const maxConnections = 512;

/** Refuses with why it cannot listen. */
export async function createHttpMesh(settings: HttpMeshSettings): Promise<Outcome<HttpMesh>> {
  const serving = createServing();
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const server = createServer(
    { maxHeaderSize: maxHeadBytes, requestTimeout: receiveMs, headersTimeout: receiveMs },
    (incoming, outgoing) => {
      void answer(incoming, outgoing, serving.handler()).catch(() => outgoing.destroy());
    },
  );
  server.maxConnections = maxConnections;
  const why = await new Promise<string | undefined>((resolve) => {
    server.once("error", (error) => resolve(error.message));
    server.listen(settings.port, settings.host, () => resolve(undefined));
  });
  if (why !== undefined)
    return refuse(`cannot listen on ${settings.host}:${settings.port}: ${why}`);
  const { port } = server.address() as AddressInfo;

  return accept({
    port,
    address: () => settings.announce ?? `${settings.host}:${port}`,
    trouble: () => "",
    onChange: () => () => {},
    serve: serving.serve,
    send: (baseUrl, request, bounds) => send(agent, baseUrl, request, bounds),
    stop: () =>
      new Promise((resolve) => {
        agent.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  handler: MeshHandler | undefined,
): Promise<void> {
  const body = await readBody(incoming, maxBatchBytes);
  if (body === "broken") return;
  if (body === "too large") {
    outgoing.writeHead(413, { connection: "close" }).end();
    return;
  }
  if (handler === undefined) {
    outgoing.writeHead(503).end();
    return;
  }
  const {
    status,
    headers,
    body: answered,
  } = await handler({
    method: incoming.method ?? "",
    target: incoming.url ?? "",
    headers: headersFrom(incoming.rawHeaders),
    body,
  });
  for (const [name, value] of headers) outgoing.setHeader(name, toLatin1(value));
  outgoing.setHeader("content-length", answered.length);
  outgoing.writeHead(status).end(answered);
}

function send(
  agent: Agent,
  baseUrl: string,
  { method, target, headers, body }: MeshRequest,
  { deadlineMs, maxBodyBytes }: MeshBounds,
): Promise<Outcome<MeshResponse, MeshFailure>> {
  const failed = (type: MeshFailure["type"], why: string) => refuse<MeshFailure>({ type, why });
  if (!URL.canParse(baseUrl)) {
    return Promise.resolve(failed("unreachable", `${baseUrl} is no address`));
  }
  return new Promise((resolve) => {
    const { hostname, port } = new URL(baseUrl);
    const deadline = setTimeout(() => {
      end(failed("timeout", `no answer within ${deadlineMs} ms`));
      outgoing.destroy();
    }, deadlineMs);
    const end = (outcome: Outcome<MeshResponse, MeshFailure>): void => {
      clearTimeout(deadline);
      resolve(outcome);
    };
    const outgoing = requestOf(
      {
        agent,
        method,
        host: hostname.replace(/^\[|\]$/g, ""),
        port: port === "" ? 80 : port,
        path: target,
        maxHeaderSize: maxHeadBytes,
        headers: Object.fromEntries([
          ...[...headers].map(([name, value]) => [name, toLatin1(value)]),
          ["content-length", body.length],
        ]),
      },
      (incoming) => {
        void readBody(incoming, maxBodyBytes).then((read) => {
          if (read === "broken") end(failed("unreachable", "the connection broke"));
          else if (read === "too large") {
            end(failed("too_large", `more than ${maxBodyBytes} bytes`));
            outgoing.destroy();
          } else {
            const status = incoming.statusCode ?? 0;
            end(accept({ status, headers: headersFrom(incoming.rawHeaders), body: read }));
          }
        });
      },
    );
    outgoing.on("error", (error) => end(failed("unreachable", error.message)));
    outgoing.end(body);
  });
}

/** What comes beyond `most` bytes is not kept. */
function readBody(
  incoming: IncomingMessage,
  most: number,
): Promise<Uint8Array | "broken" | "too large"> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= most) chunks.push(chunk);
      else resolve("too large");
    });
    incoming.on("end", () => resolve(Buffer.concat(chunks)));
    incoming.on("error", () => resolve("broken"));
    incoming.on("close", () => resolve("broken"));
  });
}

/** Of a repeated header the first value counts, as in Go. */
function headersFrom(raw: readonly string[]): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] ?? "").toLowerCase();
    if (!headers.has(name)) headers.set(name, fromLatin1(raw[at + 1] ?? ""));
  }
  return headers;
}

/** Node takes header bytes for Latin-1; on the wire they are UTF-8. */
const toLatin1 = (value: string): string => Buffer.from(value, "utf8").toString("latin1");
const fromLatin1 = (value: string): string => Buffer.from(value, "latin1").toString("utf8");
