/**
 * A nara's mesh address: a plain HTTP server whose requests go through the nara's tunnel as they
 * came and whose answers come back as they were signed. Node's strict parser refuses what two
 * readers could understand differently; what it lets pass is checked once more here.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { type CancelReason, faultOfHead, type RequestHead } from "../../tunnel/frames.ts";
import { carriedFields, fieldsFromRaw, occurrences, promisedLength } from "./fields.ts";
import { callerKeepAliveMs, callersCheckedEveryMs, type MeshLimits } from "./limits.ts";
import type { Metrics } from "./metrics.ts";
import { type Addressee, type NoWay, wayTo } from "./question.ts";

export interface IngressParts {
  readonly limits: MeshLimits;
  readonly metrics: Metrics;
  readonly nowMs: () => number;
  /** Connections at once. */
  readonly maxCallers: number;
  /** Who listens under the `Host` that was called; undefined: nobody. */
  addresseeOf(authority: string): Addressee | undefined;
}

/** Not listening yet. */
export function createIngress(parts: IngressParts): Server {
  const { callerTimeoutMs } = parts.limits;
  const latest = new WeakMap<Duplex, ServerResponse>();
  const server = createServer(
    {
      maxHeaderSize: 16 * 1024,
      insecureHTTPParser: false,
      requireHostHeader: true,
      connectionsCheckingInterval: Math.min(callersCheckedEveryMs, callerTimeoutMs),
    },
    (request, response) => {
      latest.set(request.socket, response);
      carry(parts, request, response);
    },
  );
  server.headersTimeout = callerTimeoutMs;
  server.requestTimeout = 6 * callerTimeoutMs;
  server.keepAliveTimeout = callerKeepAliveMs;
  server.maxConnections = parts.maxCallers;
  server.on("drop", () => parts.metrics.refuse("too many callers"));
  // Accepting fails while the process has no file left; others must not pay for it.
  server.on("error", () => parts.metrics.refuse("a caller that could not be let in"));
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const { counted, line } = faultOf(error.code);
    parts.metrics.refuse(counted);
    const answer = latest.get(socket);
    // The last answer is on its way; a second one behind it would be somebody else's.
    if (answer?.headersSent && !answer.shouldKeepAlive && answer.writableEnded) return;
    const isMidway = answer?.headersSent === true && !answer.writableFinished;
    if (!socket.writable || isMidway) return void socket.destroy();
    socket.end(`HTTP/1.1 ${line}\r\nConnection: close\r\n\r\n`);
  });
  return server;
}

function faultOf(code: string | undefined): { readonly counted: string; readonly line: string } {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return { counted: "request head too large", line: "431 Request Header Fields Too Large" };
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return { counted: "too slow a caller", line: "408 Request Timeout" };
    case "ECONNRESET":
      return { counted: "a caller that left", line: "400 Bad Request" };
    default:
      return { counted: "not HTTP", line: "400 Bad Request" };
  }
}

/** What a caller hears when an exchange was cancelled. */
const statusOf: Readonly<Record<CancelReason, number>> = {
  gone: 502,
  deadline: 504,
  busy: 503,
  "too large": 413,
  failed: 502,
  forbidden: 403,
  unreachable: 502,
};

const noWay: Readonly<Record<NoWay, { readonly status: number; readonly retryAfterS: number }>> = {
  "this nara is away": { status: 503, retryAfterS: 5 },
  "too many requests": { status: 429, retryAfterS: 1 },
  "too many exchanges": { status: 503, retryAfterS: 1 },
};

function carry(parts: IngressParts, request: IncomingMessage, response: ServerResponse) {
  const { limits, metrics } = parts;
  request.on("error", () => {});
  response.on("error", () => {});
  const say = (status: number, why: string, retryAfterS?: number) => {
    metrics.refuse(why);
    if (response.headersSent || response.destroyed) return void request.destroy();
    response.shouldKeepAlive = false;
    response.writeHead(status, {
      "Content-Type": "text/plain; charset=utf-8",
      ...(retryAfterS === undefined ? {} : { "Retry-After": String(retryAfterS) }),
    });
    response.end(`${why}\n`);
  };

  const head = headOf(request);
  const promised = promisedLength(head.fields);
  if (occurrences(request.rawHeaders, "host") > 1) return say(400, "the same header twice");
  if (occurrences(request.rawHeaders, "transfer-encoding") > 0) {
    const coding = request.headers["transfer-encoding"]?.toLowerCase();
    if (coding !== "chunked" || promised !== undefined) return say(400, "no plain body");
  }
  const fault = faultOfHead(head);
  if (fault !== undefined) return say(400, fault);
  if (promised !== undefined && !(promised <= limits.maxRequestBytes)) {
    return say(413, "request body too large");
  }
  const addressee = parts.addresseeOf(head.authority.toLowerCase());
  if (addressee === undefined) return say(421, "nobody has this address");
  const way = wayTo(addressee);
  if (!way.ok) return say(noWay[way.refusal].status, way.refusal, noWay[way.refusal].retryAfterS);

  const beganMs = parts.nowMs();
  let expected: number | undefined;
  let written = 0;
  let answered = false;
  const exchange = way.value.open(head, {
    onHead: ({ status, fields }) => {
      const kept = carriedFields(fields);
      expected = promisedLength(kept);
      if (Number.isNaN(expected)) {
        exchange?.cancel("failed");
        return say(502, "an answer that is no HTTP");
      }
      if (response.destroyed || response.headersSent) return;
      answered = true;
      if (request.method === "HEAD" || status === 204 || status === 304) expected = undefined;
      // A question that was not read to its end leaves nothing to go on with.
      if (!request.complete) response.shouldKeepAlive = false;
      response.writeHead(status, Object.fromEntries(kept));
    },
    onBody: (bytes) => {
      written += bytes.length;
      if (expected !== undefined && written > expected) {
        exchange?.cancel("failed");
        metrics.refuse("an answer longer than promised");
        return void response.destroy();
      }
      metrics.add("response_bytes", bytes.length);
      response.write(bytes, () => exchange?.consumed(bytes.length));
    },
    onEnd: () => {
      if (expected !== undefined && written < expected) {
        metrics.refuse("an answer shorter than promised");
        return void response.destroy();
      }
      metrics.add("requests", 1);
      metrics.observeMs(parts.nowMs() - beganMs);
      response.end();
    },
    onRoom: () => request.resume(),
    onCancel: (reason) => {
      if (answered) {
        metrics.refuse(reason);
        return void response.destroy();
      }
      say(statusOf[reason], `no answer: ${reason}`, reason === "busy" ? 1 : undefined);
    },
  });
  if (exchange === undefined) return say(503, "this nara is away", 5);

  let received = 0;
  request.on("data", (chunk: Buffer) => {
    received += chunk.length;
    metrics.add("request_bytes", chunk.length);
    if (received > limits.maxRequestBytes) {
      exchange.cancel("too large");
      request.pause();
      return say(413, "request body too large");
    }
    if (!exchange.write(chunk)) request.pause();
  });
  request.on("end", () => exchange.end());
  response.on("close", () => {
    if (!response.writableFinished) exchange.cancel("gone");
  });
}

function headOf(request: IncomingMessage): RequestHead {
  return {
    method: request.method ?? "",
    authority: request.headers.host ?? "",
    target: request.url ?? "",
    fields: fieldsFromRaw(request.rawHeaders),
  };
}
