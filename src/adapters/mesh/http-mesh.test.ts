import { connect } from "node:net";
import { expect, test } from "vitest";
import { newSyncEvent, signSyncEvent } from "../../nara/events/sync-event.ts";
import { createMeshClient } from "../../nara/mesh/client.ts";
import { createPeerRegistry } from "../../nara/mesh/peers.ts";
import { createKeyring } from "../../nara/runtime/keyring.ts";
import { printed } from "../../nara/sync/zine.ts";
import { createMeshNara, personNamed } from "../../nara/testing/mesh-nara.ts";
import { createSystemClock } from "../clock.ts";
import { createNobleCrypto } from "../crypto/noble-crypto.ts";
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

test("two naras whose names are not ASCII trade news over real sockets", async () => {
  const [zoe, fox] = [personNamed("zoë"), personNamed("日本")];
  const clock = createSystemClock();
  const [zoesDoor, foxesDoor] = await Promise.all([listening(), listening()]);
  const naraFox = createMeshNara({ me: fox, keyPair: fox.keyPair, clock, known: [zoe] });
  foxesDoor.serve(naraFox.ask);
  const peers = createPeerRegistry();
  peers.hint(fox.name, foxesDoor.address());
  const tease = signSyncEvent(
    newSyncEvent("social", clock.nowNs(), {
      type: "tease",
      actor: zoe.name,
      target: fox.name,
      reason: "high-restarts",
    }),
    zoe.name,
    zoe.keyPair,
  );
  const keyring = createKeyring(zoe);
  keyring.pin(fox.name, fox.id, fox.publicKey);
  const client = createMeshClient({
    send: zoesDoor.send,
    me: zoe,
    keyring,
    clock,
    crypto: createNobleCrypto(),
    peers,
  });
  const zine = await client.zine(fox.name, [printed(tease)]);
  expect(zine).toMatchObject({ ok: true, value: { from: fox.name, ids: [tease.id] } });
  expect(naraFox.ledger.has(tease.id)).toBe(true);
  expect(peers.isProven(fox.name)).toBe(true);
  await Promise.all([zoesDoor.stop(), foxesDoor.stop()]);
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
