import { expect, test } from "vitest";
import { chooseCrypto } from "../../adapters/crypto/choose-crypto.ts";
import { noMesh } from "../../adapters/no-mesh.ts";
import { utf8 } from "../codec/utf8.ts";
import { newSyncEvent } from "../events/sync-event.ts";
import { createIdentity } from "../identity/identity.ts";
import { bindSoul } from "../identity/soul.ts";
import { createNara, type Nara } from "../nara.ts";
import { createAwaitedCrypto } from "../testing/awaited-crypto.ts";
import { createInMemoryPlaza } from "../testing/in-memory-plaza.ts";
import { createSeededRandom } from "../testing/seeded-random.ts";
import { createVirtualClock } from "../testing/virtual-clock.ts";
import { type BroughtBack, bringBack } from "./bring-back.ts";
import { dumpLines } from "./dump.ts";

const realCrypto = await chooseCrypto(globalThis.crypto.subtle);

/** A quarter of an hour in which alice, bob and carol meet and bob leaves: what alice remembers. */
async function aQuarterOfAnHour() {
  const clock = createVirtualClock();
  const broker = createInMemoryPlaza({ clock });
  const crypto = createAwaitedCrypto(realCrypto, clock);
  const wake = (name: string): Nara =>
    createNara({
      identity: createIdentity(bindSoul(utf8(name.padEnd(32, ".")), name), name),
      ports: {
        clock,
        crypto,
        plaza: broker.plaza,
        mesh: noMesh,
        random: createSeededRandom(name),
        log: () => {},
      },
    });
  const [alice, bob, carol] = [wake("alice"), wake("bob"), wake("carol")];
  for (const nara of [alice, bob, carol]) clock.beforeNext(() => nara.runtime.settled());
  for (const nara of [alice, bob, carol]) {
    nara.start();
    await clock.pass({ minutes: 3 });
  }
  void bob.stop();
  await clock.pass({ minutes: 6 });
  return { nowNs: clock.nowNs(), dump: [...dumpLines(alice.memories())], wake };
}

const restore = (nara: Nara, lines: readonly string[]): Promise<BroughtBack> =>
  bringBack(async function* () {
    yield* lines;
  }, nara.remember);

const idOf = (line: string): string => JSON.parse(line).id;

test("who lost its memory remembers everything again, and believes none of it less", async () => {
  const { dump, wake } = await aQuarterOfAnHour();
  const alice = wake("alice");
  const report = await restore(alice, dump.toReversed());
  expect(report).toMatchObject({ lines: dump.length, remembered: dump.length, refused: {} });
  expect(
    alice
      .memories()
      .map(({ id }) => id)
      .sort(),
  ).toEqual(dump.map(idOf).sort());
  expect(alice.runtime.ledger.vouchedCount()).toBe(0);
  expect(await restore(alice, dump)).toMatchObject({
    remembered: 0,
    refused: { duplicate: dump.length },
  });
});

test("a dump that somebody has doctored brings back what is still true of it", async () => {
  const { dump, wake } = await aQuarterOfAnHour();
  const isAbout = (line: string) => line.includes('"chau"');
  const doctored = dump.map((line) => (isAbout(line) ? line.replace('"ts":1', '"ts":10') : line));
  const count = dump.filter(isAbout).length;
  expect(count).toBeGreaterThan(0);
  expect(await restore(wake("alice"), doctored)).toMatchObject({
    remembered: dump.length - count,
    bad: {},
  });
});

test("what nobody signed comes back as hearsay of mine, or not at all", async () => {
  const { nowNs, wake } = await aQuarterOfAnHour();
  const observation = newSyncEvent("observation", nowNs, {
    observer: "bob",
    subject: "carol",
    type: "restart",
    importance: 3n,
    start_time: 1_700_000_000n,
    restart_num: 4n,
  });
  const tease = newSyncEvent("social", nowNs, { type: "tease", actor: "bob", target: "carol" });
  const alice = wake("alice");
  expect(await restore(alice, [...dumpLines([observation, tease])])).toMatchObject({
    remembered: 1,
    refused: { unsigned: 1 },
  });
  expect(alice.runtime.ledger.standingOf(observation.id)).toEqual({
    tier: "vouched",
    vouchers: ["alice"],
  });
});
