import { expect, test } from "vitest";
import { WebSocket as NodeWebSocket, WebSocketServer } from "ws";
import { createWebSocketPlaza } from "./mqtt-web-socket.ts";
import { plazaAcceptance } from "./plaza-acceptance.ts";
import { reasonOfWebSocket } from "./reasons.ts";
import { desertedPort, startTestBroker } from "./test-broker.ts";

/** Node 20 has no WebSocket of its own; that of `ws` has the browser's interface. */
const openSocket = (url: string, protocols: string[]): WebSocket =>
  new NodeWebSocket(url, protocols) as unknown as WebSocket;

plazaAcceptance("MQTT over a browser's WebSocket", async () => {
  const broker = await startTestBroker();
  const picky = await startTestBroker({ user: "nara", password: "a password" });
  return {
    ...broker,
    plaza: createWebSocketPlaza({ url: broker.webSocketUrl, openSocket }),
    deserted: createWebSocketPlaza({ url: `ws://127.0.0.1:${await desertedPort()}/`, openSocket }),
    refusing: createWebSocketPlaza({ url: picky.webSocketUrl, openSocket }),
    stop: async () => {
      await Promise.all([broker.stop(), picky.stop()]);
    },
  };
});

test("what the server says as it closes the WebSocket reaches the nara", async () => {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  server.on("connection", (socket) => socket.close(1013, "plaza unreachable: nobody answers"));
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  const plaza = createWebSocketPlaza({ url: `ws://127.0.0.1:${port}/mqtt`, openSocket });
  expect(await reasonAt(plaza)).toBe(
    "the plaza's server is there, but its broker is not: nobody answers",
  );
  server.close();
});

test("an address that is no WebSocket's closes every attempt saying so", async () => {
  const plaza = createWebSocketPlaza({ url: "mqtt://me:secret@plaza.example" });
  expect(await reasonAt(plaza)).toBe(
    `"mqtt://plaza.example" is no plaza's address (wanted: ws://, wss://)`,
  );
});

test("control characters in a server's reason do not reach a person", () => {
  const closed = { code: 1013, reason: "too\u0000 \u001b[31mbusy\n" };
  expect(reasonOfWebSocket(closed, true, "ws://x/")).toBe("too [31mbusy");
});

function reasonAt(plaza: ReturnType<typeof createWebSocketPlaza>): Promise<string> {
  return new Promise((resolve) => {
    plaza.connect({
      clientId: "alice",
      onOpen: () => {},
      onFrame: () => {},
      onClosed: ({ reason }) => resolve(reason),
    });
  });
}
