/** Opens a connection to a broker from Node: TCP, TLS or WebSocket, by the URL's scheme. */
import { connect as connectTcp, isIP } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import { createWebSocketStream, WebSocket } from "ws";
import type { PlazaUrl } from "./plaza-url.ts";
import { reasonOf, reasonOfWebSocket } from "./reasons.ts";

/** As for the MQTT handshake on top of it (src/adapters/plaza/mqtt-plaza.ts). */
const openTimeoutMs = 10_000;

export interface BrokerStream {
  /** Takes bytes at once; they wait until the connection is there. Its errors are already heard. */
  readonly stream: Duplex;
  /** Resolves when the connection is there, rejects when it will not be. */
  readonly opened: Promise<void>;
  /** Why it failed or ended, if that is known. */
  reason(): string | undefined;
}

/** @param insecure accept any certificate. */
export function openBrokerStream(url: PlazaUrl, insecure: boolean): BrokerStream {
  return url.scheme === "ws" || url.scheme === "wss"
    ? openWebSocket(url, insecure)
    : openSocket(url, insecure);
}

function openSocket(url: PlazaUrl, insecure: boolean): BrokerStream {
  const { host, port } = url;
  const secure = url.scheme === "mqtts";
  const socket = secure
    ? connectTls({
        host,
        port,
        rejectUnauthorized: !insecure,
        ...(isIP(host) === 0 ? { servername: host } : {}),
      })
    : connectTcp({ host, port });
  socket.setNoDelay(true);
  let fault: Error | undefined;
  socket.on("error", (error) => {
    fault ??= error;
  });
  const opened = new Promise<void>((resolve, reject) => {
    socket.setTimeout(openTimeoutMs, () =>
      socket.destroy(Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" })),
    );
    socket.once(secure ? "secureConnect" : "connect", () => {
      socket.setTimeout(0);
      resolve();
    });
    socket.once("close", () => reject(fault ?? new Error("closed")));
  });
  opened.catch(() => {});
  return {
    stream: socket,
    opened,
    reason: () => (fault === undefined ? undefined : reasonOf(fault, url.address)),
  };
}

function openWebSocket(url: PlazaUrl, insecure: boolean): BrokerStream {
  const socket = new WebSocket(url.address, ["mqtt"], {
    rejectUnauthorized: !insecure,
    handshakeTimeout: openTimeoutMs,
  });
  let fault: Error | undefined;
  let told: string | undefined;
  let isOpen = false;
  const opened = new Promise<void>((resolve, reject) => {
    socket.once("open", () => {
      isOpen = true;
      resolve();
    });
    socket.once("error", (error) => {
      fault ??= error;
      reject(error);
    });
    socket.once("close", (code, reason) => {
      told = reasonOfWebSocket({ code, reason: reason.toString() }, isOpen, url.address);
      reject(fault ?? new Error("closed"));
    });
  });
  opened.catch(() => {});
  const stream = createWebSocketStream(socket);
  stream.on("error", () => {});
  stream.on("end", () => stream.destroy());
  return {
    stream,
    opened,
    reason: () => (fault === undefined ? told : reasonOf(fault, url.address)),
  };
}
