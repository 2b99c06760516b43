/** Two relays on one bus: naras of either reach each other, and a name is one key's at both. */
import { afterEach, expect, test } from "vitest";
import { createSystemClock } from "../../adapters/clock.ts";
import { meshAcceptance } from "../../adapters/mesh/mesh-acceptance.ts";
import { desertedPort } from "../../adapters/plaza/test-broker.ts";
import { createSystemRandom } from "../../adapters/random.ts";
import type { MeshTransport } from "../../nara/mesh/http.ts";
import { createBrokerBus } from "../bus/broker-bus.ts";
import { createMemoryBroker } from "../bus/memory-broker.ts";
import type { RelayMeshParts } from "./relay-mesh.ts";
import { echo, openTestRelay, say, statusOf, type TestRelay } from "./testing.ts";

let stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops) await stop();
  stops = [];
});

/** @param cleanUps takes what stops them. */
async function openTwo(
  parts: readonly Partial<RelayMeshParts>[] = [{}, {}],
  cleanUps = stops,
): Promise<readonly [TestRelay, TestRelay]> {
  const connect = createMemoryBroker();
  const open = async (own: Partial<RelayMeshParts> = {}): Promise<TestRelay> => {
    const clock = createSystemClock();
    const bus = createBrokerBus({ broker: connect(), clock, random: createSystemRandom() });
    const relay = await openTestRelay({ ...own, bus });
    cleanUps.push(relay.stop, bus.stop);
    return relay;
  };
  return [await open(parts[0]), await open(parts[1])];
}
meshAcceptance("tunnels of two relays", async () => {
  const own: (() => Promise<void>)[] = [];
  const [first, second] = await openTwo([{}, {}], own);
  const [alice, bob] = await Promise.all([first.join("alice", 1), second.join("bob", 2)]);
  return {
    alice: alice.client,
    bob: bob.client,
    desertedUrl: `http://127.0.0.1:${await desertedPort()}`,
    stop: async () => {
      for (const stop of own) await stop();
    },
  };
});

const get = { method: "GET", target: "/ping", headers: new Map(), body: new Uint8Array() };
const ask = async (from: MeshTransport, address: string | undefined): Promise<string> => {
  const answer = await from.send(`http://${address}`, get, {
    deadlineMs: 5_000,
    maxBodyBytes: 1e6,
  });
  return answer.ok ? String(answer.value.status) : answer.refusal.why;
};
const call = "Connection: close\r\n\r\n";

test("a name belongs to one key at both relays; the same key moves from one to the other", async () => {
  const [first, second] = await openTwo();
  const alice = await first.join("alice", 1, echo);
  const bob = await second.join("bob", 2, echo);
  expect((await second.join("alice", 3)).why).toBe("the name alice belongs to another key here");
  expect((await first.join("bob", 3)).why).toBe("the name bob belongs to another key here");
  expect(await ask(bob.client, alice.address)).toBe("200");
  alice.client.stop();
  const moved = await second.join("alice", 1, echo);
  expect(moved.why).toBe("");
  expect(await ask(bob.client, moved.address)).toBe("200");
  expect((await second.join("alice", 3)).why).toBe("the name alice belongs to another key here");
});

test("where no relay holds an address the way is the egress rules' as ever", async () => {
  const [first] = await openTwo();
  const alice = await first.join("alice", 1);
  expect(await ask(alice.client, "127.0.0.1:1")).toBe("the relay does not lead there");
  expect(first.refusals("egress: announced by nobody")).toBe(1);
});

test("in host mode either relay answers for the naras of both", async () => {
  const ports = [await desertedPort(), await desertedPort()];
  const [first, second] = await openTwo(
    ports.map((port) => ({
      addressing: { mode: "hosts", domain: "relay.example", port } as const,
    })),
  );
  await first.join("alice", 1, echo);
  await second.join("bob", 2, echo);
  const at = (index: number, host: string): Promise<string> =>
    say(
      `127.0.0.1:${ports[index]}`,
      `GET /ping HTTP/1.1\r\nHost: ${host}.relay.example\r\n${call}`,
    );
  for (const index of [0, 1]) {
    for (const host of ["alice", "bob"]) expect(statusOf(await at(index, host))).toBe("200");
    expect(statusOf(await at(index, "nobody"))).toBe("502");
  }
});

test("a relay that stops tells askers at the other, which go on", async () => {
  const [first, second] = await openTwo();
  const alice = await first.join("alice", 1, echo);
  const bob = await second.join("bob", 2, echo);
  await first.mesh.stop();
  expect(await ask(bob.client, alice.address)).toBe("the relay does not lead there");
  const carol = await second.join("carol", 3, echo);
  expect(await ask(carol.client, bob.address)).toBe("200");
});
