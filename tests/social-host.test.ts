/** What a nara tells of its machine, and how it minds quiet hours (docs/protocol/presence-and-life.md §4). */
import { expect, test } from "vitest";
import { noMesh } from "../src/adapters/no-mesh.ts";
import { type Host, noLooks } from "../src/nara/host.ts";
import { createIdentity } from "../src/nara/identity/identity.ts";
import { bindSoul } from "../src/nara/identity/soul.ts";
import { openManners } from "../src/nara/manners.ts";
import { createNara } from "../src/nara/nara.ts";
import { createSeededRandom } from "../src/nara/testing/seeded-random.ts";
import { createNetwork, type Network, onlineStates, realCrypto } from "./support/network.ts";

function livingOn({ clock, broker }: Network, name: string, host?: Host) {
  const nara = createNara({
    identity: createIdentity(bindSoul(new Uint8Array(32).fill(3), name), name),
    ...(host !== undefined && { host }),
    ports: {
      ...{ clock, crypto: realCrypto, plaza: broker.plaza, mesh: noMesh },
      random: createSeededRandom(name),
      log: () => {},
    },
  });
  clock.beforeNext(() => nara.runtime.settled());
  nara.start();
  return nara;
}

const papersOf = ({ said }: Network, name: string) =>
  said(`nara/newspaper/${name}`).map(({ Status }) => Status as Record<string, unknown>);

test("a host of which nothing is known tells zeros but for the nara's own life, and no badge", async () => {
  const network = createNetwork();
  livingOn(network, "ana");
  await network.clock.pass({ minutes: 5 });
  const paper = papersOf(network, "ana").at(-1);
  expect(paper?.HostStats).toMatchObject({
    ...{ LoadAvg: 0, MemAllocMB: 0, MemSysMB: 0, MemHeapMB: 0, MemStackMB: 0 },
    ...{ NumGoroutines: 0, NumGC: 0, ProcCPUPercent: 0 },
  });
  const stats = paper?.HostStats as { readonly Uptime: number } | undefined;
  expect(stats?.Uptime).toBeGreaterThan(100);
  expect(paper?.Flair).not.toMatch(/🆒|📈|🪟|📱/u);
});

test("a busy machine talks less than an idle one, and says why", async () => {
  const network = createNetwork();
  let load = 0.05;
  const host: Host = {
    load: () => load,
    figures: () => ({ memAllocMb: 12.7, procCpuPercent: 3.25 }),
    looks: { ...noLooks, browser: true },
    minuteOfDay: () => undefined,
  };
  const ana = livingOn(network, "ana", host);
  await network.clock.pass({ minutes: 10 });
  const idle = ana.view().me;
  expect(idle.flair).toContain("🪟");
  expect(idle.flair).toContain("🆒");
  load = 0.957;
  await network.clock.pass({ minutes: 10 });
  const busy = ana.view().me;
  expect(busy.flair).toContain("📈");
  expect(busy.chattiness - busy.buzz).toBe(0);
  expect(idle.chattiness - idle.buzz).toBe(19);
  expect(papersOf(network, "ana").at(-1)?.HostStats).toMatchObject({
    ...{ LoadAvg: 0.95, MemAllocMB: 12, ProcCPUPercent: 3.25 },
  });
});

test("in quiet hours a nara says that it is here and no more, and nobody misses it", async () => {
  const network = createNetwork();
  const { clock, join, broker } = network;
  const bob = join("bob");
  let minute = 12 * 60;
  const host: Host = {
    load: () => undefined,
    figures: () => ({}),
    looks: noLooks,
    minuteOfDay: () => minute,
  };
  const ana = livingOn(network, "ana", host);
  await clock.pass({ minutes: 10 });
  const bornAtMs = ana.view().me.bornAtMs;
  ana.setManners({ ...openManners, quietHours: { fromMinute: 22 * 60, toMinute: 7 * 60 } });
  expect(ana.view().me.flair).not.toContain("🌙");
  minute = 23 * 60;
  await clock.pass({ minutes: 10 });
  const before = broker.traffic.length;
  const { trend } = ana.view().me;
  await clock.pass({ hours: 3 });
  const said = broker.traffic.slice(before).filter(({ from }) => from === "ana");
  // A newspaper in five minutes and evidence in two.
  expect(said.length).toBeLessThanOrEqual(3 * (12 + 32));
  expect(ana.view().me).toMatchObject({ chattiness: 0, trend, bornAtMs });
  expect(ana.view().me.flair).toContain("🌙");
  expect(onlineStates(bob).ana).toBe("ONLINE");
  minute = 8 * 60;
  await clock.pass({ seconds: 5 });
  expect(ana.view().me.flair).not.toContain("🌙");
});
