import { once } from "node:events";
import { get as httpGet, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { createWebApiScene } from "../nara/testing/web-api-scene.ts";
import { openWebApiDoor } from "./web-api-door.ts";

test("the web API answers on a port of its own, and streams what happens", async () => {
  const scene = createWebApiScene();
  const door = await opened(scene.api);
  const url = `http://127.0.0.1:${door.port}`;
  const naras = await fetch(`${url}/narae.json`);
  expect(naras.headers.get("content-type")).toBe("application/json; charset=utf-8");
  expect(await naras.json()).toMatchObject({ server: "alice" });
  expect((await fetch(`${url}/world/start`, { method: "POST", body: "{}" })).status).toBe(401);
  expect((await fetch(`${url}/nothing`)).status).toBe(404);

  const stream = await listen(`${url}/events`);
  expect(stream.headers).toMatchObject({
    "content-type": "text/event-stream; charset=utf-8",
    "access-control-allow-origin": "*",
  });
  const [greeting] = await once(stream, "data");
  expect(String(greeting)).toBe('event: connected\ndata: {"server":"alice"}\n\n');
  scene.tease("carol");
  const [tease] = await once(stream, "data");
  expect(String(tease)).toContain("event: social\ndata: {");
  const ended = new Promise((resolve) => stream.on("error", () => {}).on("close", resolve));
  await door.stop();
  await ended;
});

test("a listener who leaves makes room, and one who never reads holds little", async () => {
  const scene = createWebApiScene();
  let listening = 0;
  const door = await opened({
    handle: scene.api.handle,
    subscribe(listener) {
      listening += 1;
      // Far more than any socket takes at once.
      for (let count = 0; count < 200; count++) listener("x".repeat(1_000_000));
      return () => {
        listening -= 1;
      };
    },
  });
  const socket = connect(door.port, "127.0.0.1");
  await once(socket, "connect");
  socket.pause();
  const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
  socket.write("GET /events HTTP/1.1\r\nHost: x\r\n\r\n");
  socket.resume();
  await once(socket, "data");
  socket.pause();
  expect(listening).toBe(1);
  const after = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
  expect(after - before).toBeLessThan(100_000_000);
  const left = new Promise<void>((resolve) => {
    const look = (): void => (listening === 0 ? resolve() : void setImmediate(look));
    look();
  });
  socket.destroy();
  await left;
  await door.stop();
});

async function opened(api: Parameters<typeof openWebApiDoor>[0]["api"]) {
  const door = await openWebApiDoor({ host: "127.0.0.1", port: 0, api });
  if (!door.ok) throw new Error(door.refusal);
  return door.value;
}

const listen = (url: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => httpGet(url, resolve).on("error", reject));
