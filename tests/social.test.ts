/**
 * Social life among whole naras: teases on sight and by hand, trends, manners
 * (docs/protocol/presence-and-life.md §7).
 */
import { expect, test } from "vitest";
import { encodeBase64 } from "../src/nara/codec/base64.ts";
import { utf8 } from "../src/nara/codec/utf8.ts";
import { createIdentity } from "../src/nara/identity/identity.ts";
import { bindSoul } from "../src/nara/identity/soul.ts";
import { openManners } from "../src/nara/manners.ts";
import type { Nara } from "../src/nara/nara.ts";
import { encodeNewspaper } from "../src/nara/services/presence/newspaper.ts";
import { encodeStatus, zeroStatus } from "../src/nara/services/presence/status.ts";
import { createNetwork, onlineStates, realCrypto } from "./support/network.ts";

const teasesIn = (nara: Nara) =>
  nara.runtime.ledger
    .events()
    .flatMap((event) =>
      event.svc === "social" && event.payload.type === "tease"
        ? [{ ...event.payload, atS: Number(event.tsNs / 1_000_000_000n) }]
        : [],
    );

const names = ["ana", "bob", "cleo", "dora", "emil", "finn", "gus", "hana"];

function village() {
  const network = createNetwork({ meshLatencyMs: 5 });
  const naras = names.map((name, at) => network.join(name, { meshIp: `100.64.0.${at + 1}` }));
  return { ...network, naras };
}

test("naras tease each other on sight, each target once in five minutes at most, and rarely", async () => {
  const { clock, naras, errors } = village();
  await clock.pass({ hours: 2 });
  const teases = naras.flatMap((nara) => teasesIn(nara).filter(({ actor }) => actor === nara.name));
  expect(teases.length).toBeGreaterThan(0);
  for (const { actor, target } of teases) {
    const times = teases
      .filter((other) => other.actor === actor && other.target === target)
      .map(({ atS }) => atS)
      .sort((a, b) => a - b);
    for (const [at, atS] of times.slice(1).entries()) {
      expect(atS - (times[at] ?? 0)).toBeGreaterThan(300);
    }
  }
  for (const nara of naras) {
    expect(teases.filter(({ actor }) => actor === nara.name).length).toBeLessThanOrEqual(2 * 30);
  }
  expect(errors).toEqual([]);
}, 60_000);

test("by hand and on sight share one cooldown, and a machine at the door is slowed down", async () => {
  const { clock, naras } = village();
  const [ana] = naras;
  if (ana === undefined) throw new Error("nobody");
  await clock.pass({ minutes: 3 });
  const first = await settledWith(clock, ana.tease("bob"));
  expect(first.ok).toBe(true);
  const again = await settledWith(clock, ana.tease("bob"));
  expect(again).toMatchObject({ ok: false });
  await clock.pass({ minutes: 4 });
  expect(
    teasesIn(ana).filter(({ target, actor }) => target === "bob" && actor === "ana"),
  ).toHaveLength(1);
  const all = [];
  for (let round = 0; round < 40; round++) {
    for (const name of names.slice(2)) all.push(await settledWith(clock, ana.tease(name)));
  }
  expect(all.filter(({ ok }) => ok).length).toBeLessThanOrEqual(names.length - 2);
  expect(await settledWith(clock, ana.tease("nobody"))).toMatchObject({ ok: false });
  expect(await settledWith(clock, ana.tease("ana"))).toMatchObject({ ok: false });
});

test("trends start, spread and are left; each follower wears the mark in Status and flair", async () => {
  const { clock, naras, said } = village();
  const seen = new Set<string>();
  for (let look = 0; look < 20 && seen.size === 0; look++) {
    await clock.pass({ minutes: 10 });
    for (const nara of naras) {
      const { trend, trendEmoji, flair } = nara.view().me;
      if (trend === "") continue;
      seen.add(trend);
      expect(trend.endsWith("-style")).toBe(true);
      expect(flair).toContain(trendEmoji);
    }
  }
  expect(seen.size).toBeGreaterThan(0);
  const papers = said("nara/newspaper/").map(({ Status }) => Status as Record<string, unknown>);
  expect(
    papers.some(
      ({ Trend, Flair, TrendEmoji }) => Trend !== "" && String(Flair).includes(String(TrendEmoji)),
    ),
  ).toBe(true);
  const steps = naras.flatMap((nara) =>
    nara
      .view()
      .timeline.filter(({ kind }) => kind === "trend")
      .map(({ text }) => text.split(" ")[1]),
  );
  expect(steps.length).toBeGreaterThan(0);
}, 60_000);

test("who only listens says chau and not a word after, and comes back without a restart", async () => {
  const { clock, naras, broker, mesh } = village();
  const [ana, bob] = naras;
  if (ana === undefined || bob === undefined) throw new Error("nobody");
  await clock.pass({ minutes: 5 });
  ana.setManners({ ...openManners, readOnly: true });
  await clock.pass({ seconds: 2 });
  expect(onlineStates(bob).ana).toBe("OFFLINE");
  const before = broker.traffic.length;
  const zinesBefore = mesh.traffic.length;
  await clock.pass({ minutes: 30 });
  expect(broker.traffic.slice(before).filter(({ from }) => from === "ana")).toEqual([]);
  expect(mesh.traffic.length).toBeGreaterThan(zinesBefore);
  expect(onlineStates(ana).bob).toBe("ONLINE");
  expect(await settledWith(clock, ana.tease("bob"))).toMatchObject({ ok: false });
  expect((await ana.sendPostcard("hello")).ok).toBe(false);

  ana.setManners(openManners);
  await clock.pass({ seconds: 15 });
  expect(onlineStates(bob).ana).toBe("ONLINE");
  expect(bob.view().neighbours.find(({ name }) => name === "ana")?.restarts).toBe(0);
});

test("in stealth a newspaper tells name and looks, and nothing else", async () => {
  const { clock, naras, said } = village();
  const [ana, bob] = naras;
  if (ana === undefined || bob === undefined) throw new Error("nobody");
  ana.setManners({ ...openManners, stealth: true });
  await clock.pass({ minutes: 20 });
  const papers = said("nara/newspaper/ana").map(({ Status }) => Status as Record<string, unknown>);
  expect(papers.length).toBeGreaterThan(1);
  for (const paper of papers) {
    expect(paper).toMatchObject({ Chattiness: 0, Buzz: 0, PublicUrl: "", Observations: null });
    expect(paper).not.toHaveProperty("coordinates");
    expect(paper).not.toHaveProperty("memory_mode");
    expect(paper).not.toHaveProperty("event_store_total");
    expect(paper.HostStats).toMatchObject({ LoadAvg: 0, MemAllocMB: 0 });
    expect(paper.Aura).toMatchObject({ primary: expect.stringMatching(/^#/) });
  }
  const howdys = said("nara/plaza/howdy", "ana");
  for (const { Me } of howdys) expect((Me as Record<string, unknown>).Observations).toEqual({});
  expect(onlineStates(bob).ana).toBe("ONLINE");
});

test("a trend with markup in its name is worn by nobody, and counted", async () => {
  const { clock, broker, join } = createNetwork();
  const ana = join("ana");
  await clock.pass({ minutes: 1 });
  const eve = createEve("eve");
  for (const [trend, emoji] of [
    ["<img src=x onerror=alert(1)>-style", "🎷"],
    ["no trend at all", "🎷"],
    [`${"x".repeat(64)}-style`, "🎷"],
    ["eve-style", "<b>"],
  ] as const) {
    broker.inject("nara/newspaper/eve", eve.newspaper(trend, emoji));
    await clock.pass({ seconds: 5 });
  }
  const [seen] = ana.view().neighbours;
  expect(seen).toMatchObject({ name: "eve", trend: "eve-style", trendEmoji: "🕶️" });
  expect(ana.runtime.drops.of("invalid")).toBe(4);
});

/** Somebody whose newspapers say whatever a test wants, signed. */
function createEve(name: string) {
  const identity = createIdentity(bindSoul(new Uint8Array(32).fill(9), name), name);
  const keyPair = realCrypto.keyPair(identity.soul.seed);
  let edition = 0;
  return {
    newspaper(trend: string, trendEmoji: string): Uint8Array {
      edition += 1;
      const statusText = encodeStatus({
        ...zeroStatus,
        ...{ observations: null, id: identity.id, version: "0.2.0", trend, trendEmoji },
        hostStats: { ...zeroStatus.hostStats, uptimeS: edition },
        publicKey: encodeBase64(keyPair.publicKey),
      });
      const signature = encodeBase64(keyPair.sign(utf8(statusText)));
      return utf8(encodeNewspaper({ from: name, statusText, signature }));
    },
  };
}

/** Virtual time passes until the promise is kept. */
async function settledWith<Value>(
  clock: { pass(span: { seconds: number }): Promise<void> },
  promise: Promise<Value>,
): Promise<Value> {
  let isDone = false;
  void promise.finally(() => {
    isDone = true;
  });
  for (let second = 0; second < 60 && !isDone; second++) await clock.pass({ seconds: 1 });
  return promise;
}
