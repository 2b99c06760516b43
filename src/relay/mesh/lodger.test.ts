import { afterEach, expect, test } from "vitest";
import { meshAcceptance } from "../../adapters/mesh/mesh-acceptance.ts";
import { desertedPort } from "../../adapters/plaza/test-broker.ts";
import { utf8 } from "../../nara/codec/utf8.ts";
import type { MeshTransport } from "../../nara/mesh/http.ts";
import { createVirtualClock } from "../../nara/testing/virtual-clock.ts";
import { echo, keyOf, openTestRelay, say, statusOf, type TestRelay } from "./testing.ts";

let relays: TestRelay[] = [];
afterEach(async () => {
  for (const relay of relays) await relay.stop();
  relays = [];
});
async function openRelay(parts: Parameters<typeof openTestRelay>[0] = {}): Promise<TestRelay> {
  const relay = await openTestRelay(parts);
  relays.push(relay);
  return relay;
}
/** Resolves once it has an address or knows why not. */
async function lodge(relay: TestRelay, name: string, key: number) {
  const mesh = relay.mesh.lodge({ name, publicKey: keyOf(key).publicKey });
  await new Promise<void>((resolve) => mesh.onChange(resolve));
  return mesh;
}
const get = { method: "GET", target: "/ping", headers: new Map(), body: new Uint8Array() };
const ask = async (from: MeshTransport, address: string | undefined): Promise<number> => {
  const answer = await from.send(`http://${address}`, get, {
    deadlineMs: 5_000,
    maxBodyBytes: 1e6,
  });
  return answer.ok ? answer.value.status : 0;
};

meshAcceptance("a resident and a tunnel of one relay", async () => {
  const relay = await openTestRelay();
  const [alice, bob] = await Promise.all([lodge(relay, "alice", 1), relay.join("bob", 2)]);
  return {
    alice,
    bob: bob.client,
    desertedUrl: `http://127.0.0.1:${await desertedPort()}`,
    stop: relay.stop,
  };
});

test("a resident has an address like everybody, and reaches its neighbours without a socket", async () => {
  const relay = await openRelay();
  const [alice, dave] = await Promise.all([lodge(relay, "alice", 1), lodge(relay, "dave", 4)]);
  const bob = await relay.join("bob", 2, echo);
  alice.serve(echo);
  expect(
    statusOf(await say(alice.address(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")),
  ).toBe("200");
  expect(await ask(bob.client, alice.address())).toBe(200);
  expect(await ask(alice, bob.address)).toBe(200);
  expect(await ask(dave, alice.address())).toBe(200);
  expect(relay.mesh.metrics()).toContain("nara_relay_neighbour_requests_total 3\n");
  expect([relay.gauge("tunnels"), relay.gauge("residents")]).toEqual([1, 2]);
});

test("a resident's name is nobody else's, and somebody else's is none for a resident", async () => {
  const relay = await openRelay();
  await lodge(relay, "alice", 1);
  await relay.join("bob", 2);
  expect((await relay.join("alice", 3)).why).toBe("the name alice belongs to another key here");
  const thief = await lodge(relay, "bob", 3);
  expect(thief.address()).toBe("");
  expect(thief.trouble()).toBe("the name bob belongs to another key here");
  expect(await ask(thief, "127.0.0.1:1")).toBe(0);
});

test("large bodies pass between residents, and others are heard meanwhile", async () => {
  const relay = await openRelay();
  const [alice, dave] = await Promise.all([lodge(relay, "alice", 1), lodge(relay, "dave", 4)]);
  const body = new Uint8Array(4_000_000).map((_, at) => at % 251);
  alice.serve(async (request) => ({ status: 200, headers: new Map(), body: request.body }));
  const bounds = { deadlineMs: 20_000, maxBodyBytes: 5_000_000 };
  const large = dave.send(`http://${alice.address()}`, { ...get, method: "POST", body }, bounds);
  expect(await ask(dave, alice.address())).toBe(200);
  const answer = await large;
  expect(answer.ok && Buffer.from(answer.value.body).equals(body)).toBe(true);
});

test("a relay that stops tells its residents, and a resident that leaves tells callers", async () => {
  const relay = await openRelay();
  const [alice, dave] = await Promise.all([lodge(relay, "alice", 1), lodge(relay, "dave", 4)]);
  const address = alice.address();
  alice.leave();
  expect(alice.address()).toBe("");
  expect(await say(address, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")).toContain(
    "503",
  );
  expect(await ask(alice, dave.address())).toBe(0);
  const told = new Promise<void>((resolve) => dave.onChange(resolve));
  await relay.mesh.stop();
  await told;
  expect(dave.trouble()).toBe("the relay is going away");
  expect(utf8(dave.address())).toHaveLength(0);
});

test("a resident keeps its address while the machine sleeps", async () => {
  const clock = createVirtualClock();
  const relay = await openRelay({ clock });
  const [alice, dave] = await Promise.all([lodge(relay, "alice", 1), lodge(relay, "dave", 4)]);
  alice.serve(echo);
  await clock.sleep({ hours: 8 });
  await clock.pass({ minutes: 2 });
  expect(alice.address()).not.toBe("");
  expect(await ask(dave, alice.address())).toBe(200);
});
