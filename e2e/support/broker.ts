/** A broker inside the test, which sees who is there and what is said. */
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import type { Duplex } from "node:stream";
import { Aedes } from "aedes";
import { createWebSocketStream, WebSocketServer } from "ws";

export interface Heard {
  readonly topic: string;
  readonly payload: string;
  readonly clientId: string;
}

export interface Broker {
  /** Over TCP. */
  readonly url: string;
  readonly port: number;
  /** Over WebSocket. */
  readonly webSocketUrl: string;
  /** Client ids of those connected now. */
  clients(): readonly string[];
  /** All that clients published so far. */
  heard(): readonly Heard[];
  /** Breaks off every connection and stops listening. */
  stop(): Promise<void>;
}

/** @param options `port` to come back where one was before; `password` to let in only who knows it. */
export async function startBroker(
  options: { readonly port?: number; readonly user?: string; readonly password?: string } = {},
): Promise<Broker> {
  const heard: Heard[] = [];
  const clients = new Set<string>();
  const aedes = await Aedes.createBroker({
    authenticate: (_client, user, password, done) => {
      const known = user === options.user && password?.toString() === options.password;
      done(null, options.user === undefined || known);
    },
  });
  aedes.on("clientReady", ({ id }) => clients.add(id));
  aedes.on("clientDisconnect", ({ id }) => clients.delete(id));
  aedes.on("publish", (packet, client) => {
    if (client !== null) {
      heard.push({
        topic: packet.topic,
        payload: packet.payload.toString(),
        clientId: client.id,
      });
    }
  });
  const connections = new Set<Duplex>();
  const greet = (stream: Duplex): void => {
    connections.add(stream);
    stream.once("close", () => connections.delete(stream));
    aedes.handle(stream);
  };
  const overTcp = createServer(greet);
  const overHttp = createHttpServer();
  new WebSocketServer({ server: overHttp }).on("connection", (socket) => {
    greet(createWebSocketStream(socket));
  });
  const port = await listening(overTcp, options.port ?? 0);
  const webSocketPort = await listening(overHttp, 0);
  return {
    url: `mqtt://127.0.0.1:${port}`,
    port,
    webSocketUrl: `ws://127.0.0.1:${webSocketPort}`,
    clients: () => [...clients],
    heard: () => heard,
    stop: async () => {
      for (const connection of connections) {
        connection.destroy();
      }
      await Promise.all([closed(overTcp), closed(overHttp)]);
      await new Promise<void>((resolve) => aedes.close(resolve));
    },
  };
}

function listening(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => server.close(() => resolve()));
