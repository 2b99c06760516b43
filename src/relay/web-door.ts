/** The HTTP server: the page for readers, `/mqtt` for WebSockets. */
import { type IncomingMessage, type Server, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { createAdaptorServer } from "@hono/node-server";
import type { Hono } from "hono";
import { WebSocketServer } from "ws";
import { maxFrameBytes } from "../tunnel/frames.ts";
import { tunnelProtocol } from "../tunnel/handshake.ts";
import { httpRequestTimeoutMs, maxWebSocketMessageBytes } from "./limits.ts";
import type { RelayMesh } from "./mesh/relay-mesh.ts";
import { type Visitor, webSocketVisitor } from "./visitor.ts";

/** Where the page looks for its plaza (src/worker/plaza-choice.ts). */
const plazaPath = "/mqtt";
/** Where naras open tunnels (docs/tunnel.md §1). */
const tunnelPath = "/tunnel";
/** RFC of MQTT 3.1.1 §6, and what MQTT 3.1 clients ask for. */
const subprotocols = ["mqtt", "mqttv3.1"];

export interface WebDoorParts {
  readonly pages: Hono;
  /**
   * Only pages of this very server may use `/mqtt` from a browser. Needed where we lend them
   * credentials: without it any page a person visits could speak with them.
   */
  readonly sameOriginOnly: boolean;
  admit(visitor: Visitor): void;
  /** Undefined: this server opens no tunnels. */
  readonly mesh?: Pick<RelayMesh, "admit" | "metrics"> | undefined;
}

/** Not listening yet. */
export function createWebDoor(parts: WebDoorParts): Server {
  const { mesh } = parts;
  const server = createAdaptorServer({
    fetch: (request: Request) => told(request, mesh) ?? parts.pages.fetch(request),
  }) as Server;
  server.headersTimeout = httpRequestTimeoutMs;
  server.requestTimeout = httpRequestTimeoutMs;
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxWebSocketMessageBytes,
    perMessageDeflate: false,
    handleProtocols: (offered) => subprotocols.find((one) => offered.has(one)) ?? false,
  });
  const tunnels = new WebSocketServer({
    noServer: true,
    maxPayload: maxFrameBytes,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(tunnelProtocol) ? tunnelProtocol : false),
  });
  server.on("upgrade", (request, connection, head) => {
    connection.on("error", () => {});
    if (pathOf(request) === tunnelPath && mesh !== undefined) {
      return tunnels.handleUpgrade(request, connection, head, (socket) => {
        mesh.admit(socket, request);
      });
    }
    if (pathOf(request) !== plazaPath) return decline(connection, 404);
    if (parts.sameOriginOnly && !isSameOrigin(request)) return decline(connection, 403);
    const address = request.socket.remoteAddress ?? "";
    webSockets.handleUpgrade(request, connection, head, (socket) => {
      socket.on("error", () => {});
      parts.admit(webSocketVisitor(socket, connection, address));
    });
  });
  return server;
}

/** What tools that look after the server ask. */
function told(request: Request, mesh: WebDoorParts["mesh"]): Response | undefined {
  const { pathname } = new URL(request.url);
  if (pathname === "/healthz") return new Response("ok\n");
  if (pathname !== "/metrics" || mesh === undefined) return undefined;
  return new Response(mesh.metrics(), {
    headers: { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" },
  });
}

const pathOf = (request: IncomingMessage): string => (request.url ?? "").split("?")[0] ?? "";

/** Programs send no Origin; browsers always do. */
function isSameOrigin(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  return URL.canParse(origin) && host !== undefined && new URL(origin).host === host.toLowerCase();
}

function decline(connection: Duplex, status: number): void {
  const line = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`;
  connection.end(`${line}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
