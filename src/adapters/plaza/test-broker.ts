/** A real broker in this process, on free ports of 127.0.0.1, for tests of what talks to one. */
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { Aedes, type AuthenticateError, type Client } from "aedes";
import { createWebSocketStream, WebSocketServer } from "ws";
import type { BrokerSide, SeenAtBroker } from "./plaza-acceptance.ts";

export interface TestBroker extends BrokerSide {
  readonly aedes: Aedes;
  readonly tcpUrl: string;
  readonly webSocketUrl: string;
  readonly tcpPort: number;
  /** User and password of each CONNECT, in order. */
  readonly logins: readonly { readonly user: string; readonly password: string }[];
}

/** @param wanted lets in only who gives this user and password. */
export async function startTestBroker(wanted?: {
  readonly user: string;
  readonly password: string;
}): Promise<TestBroker> {
  const seen: SeenAtBroker[] = [];
  const logins: { user: string; password: string }[] = [];
  const clients = new Map<string, Client>();
  const aedes = await Aedes.createBroker({
    authenticate: (_client, user, password, done) => {
      const login = { user: user ?? "", password: password?.toString() ?? "" };
      logins.push(login);
      const right =
        wanted === undefined || (login.user === wanted.user && login.password === wanted.password);
      if (right) return done(null, true);
      const refusal: AuthenticateError = Object.assign(new Error("wrong"), { returnCode: 4 });
      done(refusal, false);
    },
    authorizePublish: (client, { topic, payload, qos, retain }, done) => {
      const copy = Uint8Array.from(Buffer.from(payload));
      if (client !== null) seen.push({ clientId: client.id, topic, payload: copy, qos, retain });
      done(null);
    },
  });
  aedes.on("client", (client) => clients.set(client.id, client));
  aedes.on("clientDisconnect", (client) => {
    if (clients.get(client.id) === client) clients.delete(client.id);
  });

  const streams = new Set<Duplex>();
  const take = (stream: Duplex): void => {
    streams.add(stream);
    stream.once("close", () => streams.delete(stream));
    aedes.handle(stream);
  };
  const tcp = createServer(take);
  const http = createHttpServer();
  const webSockets = new WebSocketServer({ server: http });
  webSockets.on("connection", (socket) => take(createWebSocketStream(socket)));
  const tcpPort = await listen(tcp);
  const webSocketPort = await listen(http);

  return {
    aedes,
    tcpPort,
    tcpUrl: `mqtt://127.0.0.1:${tcpPort}`,
    webSocketUrl: `ws://127.0.0.1:${webSocketPort}/mqtt`,
    seen: () => seen,
    logins,
    keepsSession: (clientId) => {
      const client = clients.get(clientId);
      return client === undefined ? undefined : !client.clean;
    },
    cut: (clientId) => clients.get(clientId)?.conn.destroy(),
    retain: (topic, payload) =>
      new Promise((resolve, reject) => {
        aedes.publish(
          {
            cmd: "publish",
            topic,
            payload: Buffer.from(payload),
            qos: 0,
            retain: true,
            dup: false,
          },
          (error) => (error ? reject(error) : resolve()),
        );
      }),
    stop: async () => {
      for (const stream of streams) stream.destroy();
      for (const socket of webSockets.clients) socket.terminate();
      await Promise.all([closed(tcp), closed(http)]);
      await new Promise<void>((resolve) => aedes.close(() => resolve()));
    },
  };
}

/** Listens on a free port of 127.0.0.1 and gives its number. */
export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** A port of 127.0.0.1 where nobody listens. */
export async function desertedPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await closed(server);
  return port;
}

/** Accepts connections and never says a word. */
export async function startMuteServer(): Promise<{ port: number; stop(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
  });
  const port = await listen(server);
  return {
    port,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await closed(server);
    },
  };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
