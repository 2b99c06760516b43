/** Someone connected to the plaza, over WebSocket or TCP: what it says, and how to say goodbye. */
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createWebSocketStream, type WebSocket } from "ws";
import { type CrowdLimits, tcpProbeAfterMs } from "./limits.ts";

/** WebSocket close codes, RFC 6455 §7.4.1 and its registry. */
export const closeCode = {
  normal: 1000,
  goingAway: 1001,
  policy: 1008,
  restart: 1012,
  tryLater: 1013,
} as const;

export interface Goodbye {
  readonly code: number;
  /** For a person; cut to what a WebSocket close frame holds. */
  readonly reason: string;
}

export interface Visitor {
  readonly stream: Duplex;
  /** IP address. */
  readonly address: string;
  /** Ends the connection, politely for a moment, then for good. */
  dismiss(goodbye: Goodbye): void;
}

/** How long a visitor may take to answer a goodbye. */
const politeMs = 500;
/** RFC 6455 §5.5.1: 125 bytes less the code. */
const maxReasonBytes = 123;

export function webSocketVisitor(socket: WebSocket, connection: Duplex, address: string): Visitor {
  if ("setKeepAlive" in connection) (connection as Socket).setKeepAlive(true, tcpProbeAfterMs);
  const stream = createWebSocketStream(socket);
  stream.on("error", () => {});
  return {
    stream,
    address,
    dismiss: ({ code, reason }) => {
      socket.close(code, firstBytes(reason, maxReasonBytes));
      // A stream that nobody reads would keep the answer to the goodbye from being read.
      stream.resume();
      const end = setTimeout(() => socket.terminate(), politeMs);
      socket.once("close", () => clearTimeout(end));
    },
  };
}

export function tcpVisitor(socket: Socket): Visitor {
  socket.setNoDelay(true);
  socket.setKeepAlive(true, tcpProbeAfterMs);
  socket.on("error", () => {});
  return {
    stream: socket,
    address: socket.remoteAddress ?? "",
    dismiss: () => {
      socket.end();
      socket.resume();
      const end = setTimeout(() => socket.destroy(), politeMs);
      socket.once("close", () => clearTimeout(end));
    },
  };
}

/** Who is here, by address. */
export interface Crowd {
  /** Undefined when there is no room; else to be called once, when the visitor has left. */
  enter(address: string): (() => void) | undefined;
}

export function createCrowd(limits: CrowdLimits): Crowd {
  const byAddress = new Map<string, number>();
  let all = 0;
  return {
    enter: (address) => {
      const here = byAddress.get(address) ?? 0;
      if (all >= limits.maxVisitors || here >= limits.maxVisitorsPerAddress) return undefined;
      all += 1;
      byAddress.set(address, here + 1);
      return () => {
        all -= 1;
        const left = (byAddress.get(address) ?? 1) - 1;
        if (left === 0) byAddress.delete(address);
        else byAddress.set(address, left);
      };
    },
  };
}

/** As much of a text as fits, without cutting a character in two. */
function firstBytes(text: string, maxBytes: number): string {
  let used = 0;
  let kept = "";
  for (const character of text) {
    used += Buffer.byteLength(character);
    if (used > maxBytes) return kept;
    kept += character;
  }
  return kept;
}
