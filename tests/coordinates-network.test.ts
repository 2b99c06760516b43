import { expect, test } from "vitest";
import { fromUtf8, utf8 } from "../src/nara/codec/utf8.ts";
import { maxCoordinateMs } from "../src/nara/limits.ts";
import { meshUrl } from "../src/nara/mesh/address.ts";
import type { Nara } from "../src/nara/nara.ts";
import { createNetwork, type Network } from "./support/network.ts";

/** Milliseconds there and back between any two, as the mesh in memory has them. */
const rttMs = 24;

async function timed(pastS: number) {
  const network = createNetwork({ meshLatencyMs: rttMs / 2 });
  const alice = network.join("alice", { meshIp: "100.64.0.1" });
  const bob = network.join("bob", { meshIp: "100.64.0.2" });
  await network.clock.pass({ seconds: pastS });
  return { network, alice, bob };
}

const pingsOf = (nara: Nara) =>
  nara.runtime.ledger
    .byService("ping")
    .flatMap((event) =>
      event.svc === "ping" ? [{ ...event.payload, emitter: event.emitter }] : [],
    );

async function placeAt(network: Network, meshIp: string): Promise<Record<string, number> | null> {
  const asking = network.mesh
    .join("100.64.9.9")
    .send(
      meshUrl(meshIp),
      { method: "GET", target: "/coordinates", headers: new Map(), body: utf8("") },
      { deadlineMs: 5000, maxBodyBytes: 1000 },
    );
  await network.clock.advance(1000);
  const answer = await asking;
  if (!answer.ok) throw new Error(answer.refusal.why);
  return JSON.parse(fromUtf8(answer.value.body)).coordinates;
}

const distance = (one: Record<string, number>, other: Record<string, number>): number =>
  Math.hypot((one.x ?? 0) - (other.x ?? 0), (one.y ?? 0) - (other.y ?? 0)) +
  (one.height ?? 0) +
  (other.height ?? 0);

test("two naras time each other every 30 s, sign what they timed, and tell their places", async () => {
  const { network, alice } = await timed(28);
  expect(pingsOf(alice)).toEqual([]);
  await network.clock.pass({ seconds: 10 });
  expect(pingsOf(alice)).toMatchObject([
    { observer: "alice", target: "bob", rtt: rttMs, emitter: "alice" },
  ]);
  await network.clock.pass({ minutes: 6 });
  const papers = network.said("nara/newspaper/alice") as { Status: { coordinates?: unknown } }[];
  expect(papers.at(-1)?.Status.coordinates).toMatchObject({ x: expect.any(Number) });
  expect(network.errors).toEqual([]);
});

test("after an hour the map shows how far apart they are", async () => {
  const { network } = await timed(3600);
  const alice = await placeAt(network, "100.64.0.1");
  const bob = await placeAt(network, "100.64.0.2");
  if (alice === null || bob === null) throw new Error("somebody has no place");
  expect(Math.abs(distance(alice, bob) - rttMs)).toBeLessThan(5);
});

test("a round trip is remembered of the neighbour, and told in howdys", async () => {
  const { network, alice } = await timed(70);
  expect(alice.view().neighbours[0]?.name).toBe("bob");
  network.join("carol", { meshIp: "100.64.0.3" });
  await network.clock.pass({ seconds: 20 });
  const howdys = network.said("nara/plaza/howdy", "alice") as {
    Me: { Observations: Record<string, object> };
  }[];
  expect(howdys.at(-1)?.Me.Observations.bob).toMatchObject({
    last_ping_rtt: rttMs,
    avg_ping_rtt: expect.closeTo(rttMs),
  });
});

test("a nara that nobody can call is on no map", async () => {
  const network = createNetwork();
  network.join("alice");
  await network.clock.pass({ minutes: 6 });
  const papers = network.said("nara/newspaper/alice") as { Status: object }[];
  expect(papers.length).toBeGreaterThan(0);
  for (const { Status } of papers) expect(Status).not.toHaveProperty("coordinates");
});

test("a neighbour that lies about its place moves nobody off the map", async () => {
  const network = createNetwork({ meshLatencyMs: rttMs / 2 });
  network.join("alice", { meshIp: "100.64.0.1" });
  network.join("bob", { meshIp: "100.64.0.2" });
  const lies = ["1e308", "-1e308", "1e5", "null", "NaN", '"x"'];
  let told = 0;
  network.mesh.tamper((response) => {
    if (!fromUtf8(response.body).includes('"coordinates"')) return response;
    const lie = lies[told++ % lies.length];
    const place = `{"x":${lie},"y":${lie},"height":${lie},"error":${lie}}`;
    return { ...response, body: utf8(`{"coordinates":${place},"name":"bob"}`) };
  });
  await network.clock.pass({ minutes: 20 });
  network.mesh.tamper(undefined);
  const place = await placeAt(network, "100.64.0.1");
  for (const length of Object.values(place ?? {})) {
    expect(Number.isFinite(length) && Math.abs(length) <= maxCoordinateMs).toBe(true);
  }
  expect(network.errors).toEqual([]);
});
