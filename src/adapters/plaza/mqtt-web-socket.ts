/** The plaza over a WebSocket, for browsers (docs/decisions/mqtt-in-the-worker.md). */
import type { Plaza } from "../../nara/ports.ts";
import { createMqttPlaza, type MqttTransport } from "./mqtt-plaza.ts";
import { parsePlazaUrl } from "./plaza-url.ts";
import { reasonOfWebSocket } from "./reasons.ts";
import { openWebSocketSession, webSocketProtocols } from "./web-socket-session.ts";

/** A broken connection's `close` event comes after its `error`; how long to wait for what it tells. */
const closeEventTimeoutMs = 1_000;

export interface WebSocketPlazaSettings {
  /** `ws://` or `wss://`, credentials allowed before the host. */
  readonly url: string;
  /** Opens a socket; the host's own WebSocket unless given. */
  readonly openSocket?: (url: string, protocols: string[]) => WebSocket;
}

/** An address that is no ws or wss URL gives a plaza whose every attempt closes saying so. */
export function createWebSocketPlaza(settings: WebSocketPlazaSettings): Plaza {
  const parsed = parsePlazaUrl(settings.url, ["ws", "wss"]);
  if (!parsed.ok) return unusablePlaza(parsed.refusal);
  const { address, user, password } = parsed.value;
  const openSocket = settings.openSocket ?? ((url, protocols) => new WebSocket(url, protocols));
  return createMqttPlaza({
    address,
    user,
    password,
    openTransport: () => webSocketTransport(address, openSocket),
  });
}

function webSocketTransport(
  address: string,
  openSocket: (url: string, protocols: string[]) => WebSocket,
): MqttTransport {
  let opened = false;
  let told: Promise<{ readonly code: number; readonly reason: string } | undefined> | undefined;

  const watch = (socket: WebSocket): WebSocket => {
    socket.addEventListener("open", () => {
      opened = true;
    });
    told = new Promise((resolve) => {
      socket.addEventListener("close", ({ code, reason }) => resolve({ code, reason }));
    });
    return socket;
  };

  return {
    open: (login, listener) =>
      openWebSocketSession(watch(openSocket(address, [...webSocketProtocols])), login, listener),
    explain: async () => {
      if (told === undefined) return undefined;
      let giveUp: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<undefined>((resolve) => {
        giveUp = setTimeout(() => resolve(undefined), closeEventTimeoutMs);
      });
      const closed = await Promise.race([told, late]);
      clearTimeout(giveUp);
      return closed === undefined ? undefined : reasonOfWebSocket(closed, opened, address);
    },
  };
}

/** Without the address as given: it may hold credentials. */
function unusablePlaza(why: string): Plaza {
  return {
    address: "",
    connect: (attempt) => {
      const closed = Promise.resolve().then(() => attempt.onClosed({ reason: why }));
      return { subscribe: async () => false, publish: () => false, close: () => closed };
    },
  };
}
