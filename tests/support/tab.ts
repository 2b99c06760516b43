/** A nara in a tab that can be frozen, as browsers do with hidden ones. */
import { noMesh } from "../../src/adapters/no-mesh.ts";
import { createIdentity } from "../../src/nara/identity/identity.ts";
import { bindSoul } from "../../src/nara/identity/soul.ts";
import { createNara, type Nara } from "../../src/nara/nara.ts";
import { createMachine, type Machine } from "../../src/nara/testing/machine.ts";
import { createSeededRandom } from "../../src/nara/testing/seeded-random.ts";
import { type Network, realCrypto } from "./network.ts";

/** @param meshIp "" for a tab that nobody can call. */
export function openTab(
  { clock, broker, mesh }: Network,
  name: string,
  meshIp = "",
): { readonly nara: Nara; readonly machine: Machine } {
  const machine = createMachine({ clock, cutFromPlaza: () => broker.cut(name) });
  const nara = createNara({
    identity: createIdentity(bindSoul(new Uint8Array(32).fill(7), name), name),
    ports: {
      clock: machine.clock,
      crypto: realCrypto,
      plaza: machine.plaza(broker.plaza),
      mesh: machine.mesh(meshIp === "" ? noMesh : mesh.join(meshIp)),
      random: createSeededRandom(name),
      log: () => {},
    },
  });
  clock.beforeNext(() => nara.runtime.settled());
  nara.start();
  return { nara, machine };
}
