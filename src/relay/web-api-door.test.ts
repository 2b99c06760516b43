import { once } from "node:events";
import { get as httpGet, type IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { createWebApiScene } from "../nara/testing/web-api-scene.ts";
import { maxWaitingEvents, openWebApiDoor } from "./web-api-door.ts";

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

test("one who reads slowly misses what does not fit, and leaving makes room", async () => {
  const scene = createWebApiScene();
  let leave: () => void = () => {};
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  let tell: (text: string) => void = () => {};
  const door = await opened({
    handle: scene.api.handle,
    subscribe(listener) {
      tell = listener;
      // The first fills the connection, before anybody can have read.
      for (let count = 1; count <= 200; count++) listener(`<${count}>${"x".repeat(100_000)}\n\n`);
      return leave;
    },
  });
  const stream = await listen(`http://127.0.0.1:${door.port}/events`);
  let heard = "";
  let look: () => void = () => {};
  stream.on("data", (chunk) => {
    heard += chunk;
    look();
  });
  const heardOf = (text: string): Promise<void> =>
    new Promise((resolve) => {
      look = () => {
        if (heard.includes(text)) resolve();
      };
      look();
    });
  await heardOf(`<${1 + maxWaitingEvents}>`);
  tell("<end>");
  await heardOf("<end>");
  expect(heard.match(/<\w+>/g)).toHaveLength(1 + maxWaitingEvents + 1);
  stream.on("error", () => {}).destroy();
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
