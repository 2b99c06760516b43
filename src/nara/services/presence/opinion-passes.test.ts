import { expect, test } from "vitest";
import { chooseCrypto } from "../../../adapters/crypto/choose-crypto.ts";
import { noMesh } from "../../../adapters/no-mesh.ts";
import { utf8 } from "../../codec/utf8.ts";
import { newSyncEvent } from "../../events/sync-event.ts";
import { createIdentity } from "../../identity/identity.ts";
import { bindSoul } from "../../identity/soul.ts";
import { createNara } from "../../nara.ts";
import { createAwaitedCrypto } from "../../testing/awaited-crypto.ts";
import { createInMemoryPlaza } from "../../testing/in-memory-plaza.ts";
import { createSeededRandom } from "../../testing/seeded-random.ts";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import { noObservation } from "./observation.ts";
import { withOpinion } from "./opinion-passes.ts";

const realCrypto = await chooseCrypto(globalThis.crypto.subtle);

test("an opinion replaces what it knows, lower or higher, and leaves the rest", () => {
  const mine = { ...noObservation, startTimeS: 50, restarts: 9, lastSeenS: 7 };
  expect(withOpinion(mine, { startTimeS: 40, restarts: 3, lastRestartS: 0 })).toEqual({
    ...mine,
    startTimeS: 40,
    restarts: 3,
  });
  expect(withOpinion(mine, { startTimeS: 0, restarts: 9, lastRestartS: 0 })).toBe(mine);
});

test("in its first three minutes a nara takes over what the ledger tells of those it knows", async () => {
  const clock = createVirtualClock();
  const { plaza } = createInMemoryPlaza({ clock });
  const crypto = createAwaitedCrypto(realCrypto, clock);
  const [alice] = ["alice", "bob"].map((name) => {
    const identity = createIdentity(bindSoul(utf8(name.padEnd(32, ".")), name), name);
    const random = createSeededRandom(name);
    const nara = createNara({
      identity,
      ports: { clock, crypto, plaza, mesh: noMesh, random, log: () => {} },
    });
    clock.beforeNext(() => nara.runtime.settled());
    nara.start();
    return nara;
  });
  const restartsOfBob = () => alice?.view().neighbours.find(({ name }) => name === "bob")?.restarts;
  const tell = (restart_num: bigint) => {
    for (const observer of ["carol", "dave", "erin"]) {
      const tsNs = clock.nowNs();
      const start_time = tsNs / 1_000_000_000n - 100n;
      const told = { observer, subject: "bob", type: "restart", importance: 3n, start_time };
      alice?.runtime.ledger.add(newSyncEvent("observation", tsNs, { ...told, restart_num }));
    }
  };

  await clock.pass({ seconds: 40 });
  expect(restartsOfBob()).toBe(0);
  tell(7n);
  await clock.pass({ seconds: 30 });
  expect(restartsOfBob()).toBe(7);
  await clock.pass({ seconds: 130 });
  tell(11n);
  await clock.pass({ seconds: 300 });
  expect(restartsOfBob()).toBe(7);
});
