/** Several naras on one plaza, under virtual time; whatever they log as an error is kept. */
import { chooseCrypto } from "../../src/adapters/crypto/choose-crypto.ts";
import { noMesh } from "../../src/adapters/no-mesh.ts";
import { fromUtf8, utf8 } from "../../src/nara/codec/utf8.ts";
import { createIdentity } from "../../src/nara/identity/identity.ts";
import type { MemoryProfile } from "../../src/nara/identity/memory-mode.ts";
import { bindSoul } from "../../src/nara/identity/soul.ts";
import type { Manners } from "../../src/nara/manners.ts";
import { createNara, type Nara } from "../../src/nara/nara.ts";
import type { Plaza } from "../../src/nara/ports.ts";
import { createAwaitedCrypto } from "../../src/nara/testing/awaited-crypto.ts";
import { createInMemoryMesh, type InMemoryMesh } from "../../src/nara/testing/in-memory-mesh.ts";
import {
  createInMemoryPlaza,
  type InMemoryPlaza,
  type PlazaTraffic,
} from "../../src/nara/testing/in-memory-plaza.ts";
import { createSeededRandom } from "../../src/nara/testing/seeded-random.ts";
import { createVirtualClock, type VirtualClock } from "../../src/nara/testing/virtual-clock.ts";
import type { TransportChoice } from "../../src/nara/view.ts";

export const realCrypto = await chooseCrypto(globalThis.crypto.subtle);

export interface Network {
  readonly clock: VirtualClock;
  readonly broker: InMemoryPlaza;
  readonly mesh: InMemoryMesh;
  /** What anybody logged as an error, oldest first. */
  readonly errors: readonly string[];
  /** A nara that starts at once. The same name has the same soul everywhere, unless `seed` differs; without `meshIp` it has no mesh. */
  join(
    name: string,
    options?: {
      readonly seed?: string;
      readonly plaza?: Plaza;
      readonly meshIp?: string;
      readonly memory?: MemoryProfile;
      readonly transport?: TransportChoice;
      readonly manners?: Manners;
    },
  ): Nara;
  /** What was published below a topic, parsed. */
  said(topic: string, from?: string): readonly Record<string, unknown>[];
}

export interface NetworkSettings {
  readonly startNs?: bigint;
  /** Each way over the mesh. */
  readonly meshLatencyMs?: number;
}

export function createNetwork({ startNs, meshLatencyMs = 0 }: NetworkSettings = {}): Network {
  const clock = createVirtualClock(startNs === undefined ? {} : { startNs });
  const broker = createInMemoryPlaza({ clock });
  const crypto = createAwaitedCrypto(realCrypto, clock);
  const errors: string[] = [];
  const mesh = createInMemoryMesh({ clock, latencyMs: meshLatencyMs });

  return {
    clock,
    broker,
    errors,
    mesh,
    join(name, options = {}) {
      const { seed = `${name} of the seed`, plaza = broker.plaza, meshIp, ...ways } = options;
      const nara = createNara({
        ...ways,
        identity: createIdentity(bindSoul(seedOf(seed), name), name),
        ports: {
          clock,
          crypto,
          plaza,
          mesh: meshIp === undefined ? noMesh : mesh.join(meshIp),
          random: createSeededRandom(name),
          log: (line) => {
            if (line.level === "error") errors.push(`${line.service}: ${line.text}`);
          },
        },
      });
      clock.beforeNext(() => nara.runtime.settled());
      nara.start();
      return nara;
    },
    said: (topic, from) =>
      broker.traffic
        .filter((entry) => isBelow(entry, topic) && (from === undefined || entry.from === from))
        .map(({ payload }) => JSON.parse(fromUtf8(payload))),
  };
}

export const onlineStates = (nara: Nara): Record<string, string> =>
  Object.fromEntries(nara.view().neighbours.map(({ name, online }) => [name, online]));

const isBelow = ({ topic }: PlazaTraffic, prefix: string): boolean => topic.startsWith(prefix);

/** What the soul of a name is made of, given `${name} of the seed`. */
export const seedOf = (text: string): Uint8Array => {
  const seed = new Uint8Array(32).fill(0x2e);
  seed.set(utf8(text).subarray(0, 32));
  return seed;
};
