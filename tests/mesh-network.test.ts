import { expect, test } from "vitest";
import { createNetwork } from "./support/network.ts";

test("two naras that met on the plaza find each other over the mesh and prove who they are", async () => {
  const network = createNetwork();
  const alice = network.join("alice", { meshIp: "100.64.0.1" });
  const bob = network.join("bob", { meshIp: "100.64.0.2:9000" });
  await network.clock.advance(20_000);
  expect(alice.runtime.mesh.peers.addressesOf("bob")).toEqual(["100.64.0.2:9000"]);
  expect(bob.runtime.mesh.peers.isProven("alice")).toBe(true);

  const asked = alice.runtime.mesh.client.sync("bob", { mode: "recent", limit: 100 });
  await network.clock.advance(1000);
  const answer = await asked;
  expect(answer).toMatchObject({ ok: true, value: { from: "bob" } });
  expect(answer.ok && answer.value.events.length).toBeGreaterThan(1);
  expect(bob.view().drops).toEqual([]);
  expect(network.errors).toEqual([]);
});

test("a nara without an address announces none and is asked nothing", async () => {
  const network = createNetwork();
  const alice = network.join("alice", { meshIp: "100.64.0.1" });
  network.join("bob");
  await network.clock.advance(20_000);
  expect(alice.runtime.mesh.peers.addressesOf("bob")).toEqual([]);
  const asked = await alice.runtime.mesh.client.ping("bob");
  expect(asked).toMatchObject({ ok: false, refusal: { type: "unregistered" } });
});

test("what zines tell again is nothing turned away, and pings are no news", async () => {
  const network = createNetwork({ meshLatencyMs: 5 });
  const naras = ["alice", "bob", "carol", "dave", "erin", "fox"].map((name, at) =>
    network.join(name, { meshIp: `100.64.0.${at + 1}` }),
  );
  await network.clock.pass({ minutes: 20 });
  const [alice] = naras;
  expect(alice?.runtime.drops.of("duplicate")).toBeGreaterThan(0);
  expect(alice?.runtime.drops.of("outlived")).toBeGreaterThan(0);
  expect(alice?.view().drops).toEqual([]);
  expect(alice?.runtime.ledger.countsByService().get("ping")).toBeGreaterThan(0);
  expect(alice?.view().timeline.map(({ kind }) => kind)).not.toContain("ping");
});
