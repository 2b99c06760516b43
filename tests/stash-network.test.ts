/** The stash among whole naras: what a person can rely on. */
import { expect, test } from "vitest";
import { memoryProfile } from "../src/nara/identity/memory-mode.ts";
import type { Nara } from "../src/nara/nara.ts";
import { refreshTopic } from "../src/nara/services/stash/messages.ts";
import type { StashView } from "../src/nara/view.ts";
import { createNetwork, type Network } from "./support/network.ts";

const friends = ["bob", "carol", "dave"];

async function village(...who: readonly string[]) {
  const network = createNetwork();
  const naras = new Map<string, Nara>();
  const join = (name: string, seed?: string): Nara => {
    const meshIp = `100.64.0.${["alice", ...friends, "erin", "frank"].indexOf(name) + 1}`;
    const nara = network.join(name, { meshIp, ...(seed === undefined ? {} : { seed }) });
    naras.set(name, nara);
    return nara;
  };
  for (const name of who) join(name);
  await network.clock.advance(30_000);
  return { network, join, of: (name: string): Nara => naras.get(name) as Nara };
}

async function wrote(network: Network, nara: Nara, text: string) {
  const writing = nara.stash.write(text);
  await network.clock.advance(40_000);
  return writing;
}

const confidantsOf = (nara: Nara): readonly string[] =>
  nara.view().stash.confidants.map(({ name }) => name);
const keptBy = (nara: Nara): number => nara.view().stash.keeping.owners;

/** Gone without a word, and with it everything it remembered. */
async function vanish(network: Network, nara: Nara): Promise<void> {
  const stopping = nara.stop();
  await network.clock.advance(1000);
  await stopping;
}

test("three friends keep a note, and nobody who carries it can read it", async () => {
  const { network, of } = await village("alice", ...friends);
  expect(await wrote(network, of("alice"), "the key is under the third stone")).toEqual({
    ok: true,
    value: undefined,
  });
  expect(confidantsOf(of("alice"))).toEqual(friends);
  for (const name of friends) {
    expect(keptBy(of(name))).toBe(1);
    expect(of(name).view().stash.keeping).toMatchObject({ owners: 1, room: 5 });
  }
  const carried = network.mesh.traffic.map(({ request }) => new TextDecoder().decode(request.body));
  expect(carried.some((body) => body.includes("stash:store"))).toBe(true);
  expect(carried.some((body) => body.includes("third stone"))).toBe(false);
  expect(network.errors).toEqual([]);
});

test("a nara that lost everything but its soul gets its note back", async () => {
  const { network, of, join } = await village("alice", ...friends);
  await wrote(network, of("alice"), "water the fern");
  await vanish(network, of("alice"));

  const again = join("alice");
  expect(again.view().stash).toMatchObject({ search: "searching", savedAtMs: 0 });
  await network.clock.advance(30_000);
  expect(again.stash.note()?.text).toBe("water the fern");
  expect(again.view().stash).toMatchObject({ search: "found", trouble: "" });
  expect(confidantsOf(again)).toEqual(friends);
  expect(network.errors).toEqual([]);
});

test("whoever returns calls for what is its own, aloud and signed", async () => {
  const { network } = await village("alice", ...friends);
  await network.clock.advance(90_000);
  expect(network.said(refreshTopic, "alice")).toMatchObject([
    { kind: "stash-refresh", from: "alice", payload: { owner: "alice" } },
    { kind: "stash-refresh" },
  ]);
});

test("the note written last comes back, whatever former friends still keep", async () => {
  const { network, of, join } = await village("alice", ...friends);
  await wrote(network, of("alice"), "first");
  network.mesh.cut("100.64.0.2");
  await wrote(network, of("alice"), "second");
  await network.clock.advance(60_000);
  expect(confidantsOf(of("alice"))).toEqual(["carol", "dave"]);
  await vanish(network, of("alice"));
  network.mesh.restore("100.64.0.2");

  const again = join("alice");
  await network.clock.advance(120_000);
  expect(again.stash.note()?.text).toBe("second");
  expect(confidantsOf(again)).toEqual(friends);
});

test("fewer than three friends are said to be too few, and keep it all the same", async () => {
  const { network, of, join } = await village("alice", "bob", "carol");
  expect(await wrote(network, of("alice"), "hello")).toEqual({
    ok: false,
    refusal: "failed to auto-select confidants: need at least 3 online peers, only found 2",
  });
  expect(confidantsOf(of("alice"))).toEqual(["bob", "carol"]);
  expect(of("alice").view().stash.trouble).toBe("minimum 3 confidants required, only have 2");
  join("dave");
  await network.clock.advance(300_000);
  expect(confidantsOf(of("alice"))).toEqual(friends);
  expect(of("alice").view().stash.trouble).toBe("");
});

test("another takes the place of a friend who leaves", async () => {
  const { network, of } = await village("alice", ...friends, "erin");
  await wrote(network, of("alice"), "hello");
  const first = confidantsOf(of("alice"));
  expect(first).toHaveLength(3);
  await vanish(network, of(first[0] ?? ""));
  await network.clock.advance(60_000);
  const second = confidantsOf(of("alice"));
  expect(second).toHaveLength(3);
  expect(second).not.toContain(first[0]);
});

test("a friend who lost the note unnoticed is given it again within the hour", async () => {
  const { network, of, join } = await village("alice", ...friends);
  await wrote(network, of("alice"), "hello");
  network.mesh.cut("100.64.0.1");
  await vanish(network, of("bob"));
  const again = join("bob");
  await network.clock.advance(60_000);
  network.mesh.restore("100.64.0.1");
  await network.clock.advance(3_700_000);
  expect(keptBy(again)).toBe(1);
});

test("a friend who lost its memory is given the note again", async () => {
  const { network, of, join } = await village("alice", ...friends);
  await wrote(network, of("alice"), "hello");
  await vanish(network, of("bob"));
  const again = join("bob");
  await network.clock.advance(120_000);
  expect(keptBy(again)).toBe(1);
  expect(confidantsOf(of("alice"))).toEqual(friends);
});

test("a note outlives all its first friends", async () => {
  const { network, of, join } = await village("alice", ...friends);
  await wrote(network, of("alice"), "pass it on");
  for (const [gone, newcomer] of [
    ["bob", "erin"],
    ["carol", "frank"],
    ["dave", "bob"],
  ] as const) {
    join(newcomer);
    await vanish(network, of(gone));
    await network.clock.advance(300_000);
  }
  expect(confidantsOf(of("alice"))).toEqual(["bob", "erin", "frank"]);
  await vanish(network, of("alice"));
  const again = join("alice");
  await network.clock.advance(60_000);
  expect(again.stash.note()?.text).toBe("pass it on");
});

test("a friend who can no longer be called is replaced within the hour", async () => {
  const { network, of } = await village("alice", ...friends, "erin");
  await wrote(network, of("alice"), "hello");
  const [first = "", ...others] = confidantsOf(of("alice"));
  network.mesh.cut(`100.64.0.${["alice", ...friends, "erin"].indexOf(first) + 1}`);
  await network.clock.advance(4_000_000);
  const now = confidantsOf(of("alice"));
  expect([now.length, now.includes(first)]).toEqual([3, false]);
  expect(now).toEqual(expect.arrayContaining(others));
});

test("room for others follows the memory mode at once, and nobody is put out", async () => {
  const { network, of } = await village("alice", ...friends);
  await wrote(network, of("alice"), "hello");
  of("bob").setMemory(memoryProfile("medium"));
  expect(of("bob").view().stash.keeping).toMatchObject({ owners: 1, room: 20 });
  of("bob").setMemory(memoryProfile("short"));
  expect(of("bob").view().stash.keeping).toMatchObject({ owners: 1, room: 5 });
});

test("a nara of the same name with another soul gets nothing", async () => {
  const { network, of, join } = await village("alice", ...friends);
  await wrote(network, of("alice"), "mine");
  await vanish(network, of("alice"));
  const other = join("alice", "somebody else");
  await network.clock.advance(150_000);
  expect(other.stash.note()).toBeUndefined();
  expect(other.view().stash.search).toBe("nothing");
});

test("what was written before the old note came back stays, and the old one is there too", async () => {
  const { network, of, join } = await village("alice", ...friends);
  await wrote(network, of("alice"), "old");
  await vanish(network, of("alice"));
  const again = join("alice");
  void again.stash.write("new");
  await network.clock.advance(60_000);
  expect(again.stash.note()?.text).toBe("new");
  expect(again.stash.earlier()?.text).toBe("old");
  expect(again.view().stash.hasEarlier).toBe(true);
  expect(confidantsOf(again)).toEqual(friends);
});

test("who leaves before three keep its note hands it over in leaving", async () => {
  const { network, of, join } = await village("alice", ...friends);
  void of("alice").stash.write("in a hurry");
  const stopping = of("alice").stop();
  await network.clock.advance(5000);
  await stopping;
  const again = join("alice");
  await network.clock.advance(60_000);
  expect(again.stash.note()?.text).toBe("in a hurry");
});

test("who leaves gives back what it kept to those who are here", async () => {
  const { network, of } = await village("alice", ...friends);
  await wrote(network, of("alice"), "hello");
  const before = network.mesh.traffic.length;
  await vanish(network, of("bob"));
  const bodies = network.mesh.traffic
    .slice(before)
    .map(({ request }) => new TextDecoder().decode(request.body));
  expect(bodies.some((body) => body.includes('"stash:response"'))).toBe(true);
});

test("what is kept shows in what a nara says of itself, and counts for who keeps it", async () => {
  const { network, of } = await village("alice", ...friends);
  await wrote(network, of("alice"), "hello");
  await network.clock.advance(300_000);
  const papers = (name: string) =>
    network.said(`nara/newspaper/${name}`).at(-1) as { Status: object };
  expect(papers("alice").Status).toMatchObject({ stash_confidants: 3 });
  expect(papers("alice").Status).not.toHaveProperty("stash_stored");
  expect(papers("bob").Status).toMatchObject({ stash_stored: 1 });
  const told = of("bob")
    .runtime.ledger.byService("social")
    .flatMap(({ svc, payload }) => (svc === "social" ? [payload] : []))
    .filter(({ reason }) => reason === "stash-stored");
  expect(new Set(told.map(({ actor }) => actor))).toEqual(new Set(friends));
  expect(told).toMatchObject(friends.map(() => ({ type: "service", target: "alice" })));
  const nowS = Number(network.clock.nowNs() / 1_000_000_000n);
  expect(of("bob").runtime.projections.clout.scoreOf("bob", nowS)).toBeGreaterThan(0);
});

test("whoever watches is told", async () => {
  const { network, of } = await village("alice", ...friends);
  const told: StashView[] = [];
  of("alice").watch(({ stash }) => {
    if (stash !== undefined) told.push(stash);
  });
  await wrote(network, of("alice"), "hello");
  expect(told.at(-1)).toEqual(of("alice").view().stash);
});

test("a nara holds as many owners as its memory mode allows", async () => {
  const network = createNetwork();
  const keeper = network.join("keeper", { meshIp: "100.64.1.1", memory: memoryProfile("short") });
  const owners = Array.from({ length: 7 }, (_, at) =>
    network.join(`owner-${at}`, { meshIp: `100.64.2.${at + 1}`, memory: memoryProfile("medium") }),
  );
  await network.clock.advance(30_000);
  for (const owner of owners) void owner.stash.write(`of ${owner.name}`);
  await network.clock.advance(300_000);
  expect(keptBy(keeper)).toBeLessThanOrEqual(5);
  for (const owner of owners) expect(confidantsOf(owner)).toHaveLength(3);
});
