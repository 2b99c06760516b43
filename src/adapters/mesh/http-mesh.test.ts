import { connect } from "node:net";
import { expect, test } from "vitest";
import { createHttpMesh, type HttpMesh } from "./http-mesh.ts";
import { meshAcceptance } from "./mesh-acceptance.ts";

meshAcceptance("HTTP in Node", async () => {
  const [alice, bob, gone] = await Promise.all([listening(), listening(), listening()]);
  await gone.stop();
  return {
    alice,
    bob,
    desertedUrl: `http://127.0.0.1:${gone.port}`,
    stop: async () => {
      await Promise.all([alice.stop(), bob.stop()]);
    },
  };
});

test("a port that is taken is refused, saying so", async () => {
  const first = await listening();
  const second = await createHttpMesh({ host: "127.0.0.1", port: first.port });
  expect(second.ok ? "" : second.refusal).toContain(`cannot listen on 127.0.0.1:${first.port}`);
  await first.stop();
});

test("requests that say two lengths, or lie about chunks, never reach the nara", async () => {
  const mesh = await listening();
  let heard = 0;
  mesh.serve(async () => {
    heard++;
    return { status: 200, headers: new Map(), body: new Uint8Array() };
  });
  for (const head of [
    "POST /dm HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}x",
    "POST /dm HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "POST /dm HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    "POST /dm HTTP/1.1\r\nHost: x\r\nX-Nara-Name: a\rb\r\n\r\n",
    `GET /ping HTTP/1.1\r\nHost: x\r\nX-Long: ${"x".repeat(20_000)}\r\n\r\n`,
  ]) {
    expect(await rawAnswer(mesh.port, head), head.slice(0, 80)).toMatch(/^HTTP\/1\.1 4\d\d|^$/);
  }
  expect(heard).toBe(0);
  await mesh.stop();
});

test("a body beyond all bounds is refused before it is kept", async () => {
  const mesh = await listening();
  let heard = 0;
  mesh.serve(async () => {
    heard++;
    return { status: 200, headers: new Map(), body: new Uint8Array() };
  });
  const outcome = await mesh.send(
    `http://127.0.0.1:${mesh.port}`,
    {
      method: "POST",
      target: "/gossip/zine",
      headers: new Map(),
      body: new Uint8Array(17 * 1024 * 1024),
    },
    { deadlineMs: 20_000, maxBodyBytes: 1000 },
  );
  // Whether the answer or the end of the connection is seen first is the network's to say.
  expect(outcome.ok ? outcome.value.status : outcome.refusal.type).toSatisfy(
    (seen: unknown) => seen === 413 || seen === "unreachable",
  );
  expect(heard).toBe(0);
  await mesh.stop();
});

async function listening(): Promise<HttpMesh> {
  const mesh = await createHttpMesh({ host: "127.0.0.1", port: 0 });
  if (!mesh.ok) throw new Error(mesh.refusal);
  return mesh.value;
}

function rawAnswer(port: number, head: string): Promise<string> {
  return new Promise((resolve) => {
    let seen = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(head));
    socket.on("data", (chunk) => {
      seen += chunk.toString("latin1");
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(seen));
  });
}
