/**
 * One who lives in a simulation: a nara with its machine. It can leave and come back, crash, freeze
 * and thaw; its soul stays, its memory does not.
 */

import { noMesh } from "../src/adapters/no-mesh.ts";
import type { Identity } from "../src/nara/identity/identity.ts";
import type { MemoryProfile } from "../src/nara/identity/memory-mode.ts";
import { createNara, type Nara } from "../src/nara/nara.ts";
import type { Clock, Crypto, LogLine, Plaza } from "../src/nara/ports.ts";
import type { InMemoryMesh } from "../src/nara/testing/in-memory-mesh.ts";
import type { InMemoryPlaza } from "../src/nara/testing/in-memory-plaza.ts";
import { createMachine, type Machine } from "../src/nara/testing/machine.ts";
import type { SeededRandom } from "../src/nara/testing/seeded-random.ts";

export interface Dweller {
  readonly name: string;
  readonly identity: Identity;
  /** Base64. */
  readonly publicKey: string;
  /** Whether it has an address on the mesh. */
  readonly canBeCalled: boolean;
  /** The nara that lives now, or lived last. */
  nara(): Nara;
  state(): "up" | "frozen" | "down";
  /** Times that it was started. */
  starts(): number;
  /** Since when it hears the plaza and is heard there, virtual ms; undefined while it is not. */
  presentSinceMs(): number | undefined;
  start(): void;
  /** Says chau and ends. */
  leave(): Promise<void>;
  crash(): void;
  freeze(): void;
  thaw(): void;
  /** Its wall clock is wrong by so much, also after a restart. */
  skew(byMs: number): void;
}

export interface DwellerParts {
  readonly identity: Identity;
  readonly publicKey: string;
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly plaza: InMemoryPlaza;
  throughPlaza(plaza: Plaza): Plaza;
  readonly mesh: InMemoryMesh;
  /** "" for one who cannot be called. */
  readonly meshIp: string;
  readonly memory: MemoryProfile;
  readonly random: SeededRandom;
  onLog(line: LogLine): void;
  note(what: string): void;
}

interface Life {
  readonly nara: Nara;
  readonly machine: Machine;
}

export function createDweller(parts: DwellerParts): Dweller {
  const { identity, clock, plaza, mesh, meshIp, note } = parts;
  const { name } = identity;
  let life: Life | undefined;
  let starts = 0;
  let skewMs = 0;
  let presentSinceMs: number | undefined;

  const running = (): boolean => life !== undefined && life.machine.state() !== "dead";

  /** Notices when the line to the plaza opens and closes. */
  const watched = (inner: Plaza): Plaza => ({
    address: inner.address,
    connect: (attempt) =>
      inner.connect({
        ...attempt,
        onOpen() {
          presentSinceMs = clock.monotonicMs();
          attempt.onOpen();
        },
        onClosed(closed) {
          presentSinceMs = undefined;
          attempt.onClosed(closed);
        },
      }),
  });

  const begin = (): Life => {
    const machine = createMachine({ clock, cutFromPlaza: () => plaza.cut(name) });
    machine.skew(skewMs);
    const nara = createNara({
      identity,
      memory: parts.memory,
      ports: {
        clock: machine.clock,
        crypto: parts.crypto,
        plaza: machine.plaza(watched(parts.throughPlaza(plaza.plaza))),
        mesh: machine.mesh(meshIp === "" ? noMesh : mesh.join(meshIp)),
        random: parts.random.fork(`life ${starts}`),
        log: parts.onLog,
      },
    });
    return { nara, machine };
  };

  const whole = (): Life => {
    if (life === undefined) throw new Error(`${name} has never been started`);
    return life;
  };

  return {
    name,
    identity,
    publicKey: parts.publicKey,
    canBeCalled: meshIp !== "",
    nara: () => whole().nara,
    state() {
      if (!running()) return "down";
      return whole().machine.state() === "frozen" ? "frozen" : "up";
    },
    starts: () => starts,
    presentSinceMs: () => (running() ? presentSinceMs : undefined),
    start() {
      if (running()) return;
      starts += 1;
      note(`${name} starts`);
      life = begin();
      life.nara.start();
    },
    async leave() {
      if (!running()) return;
      note(`${name} leaves`);
      const { nara, machine } = whole();
      await nara.stop();
      machine.die();
      presentSinceMs = undefined;
    },
    crash() {
      if (!running()) return;
      note(`${name} crashes`);
      whole().machine.die();
      presentSinceMs = undefined;
    },
    freeze() {
      if (!running()) return;
      note(`${name} freezes`);
      whole().machine.freeze();
      presentSinceMs = undefined;
    },
    thaw() {
      if (!running()) return;
      note(`${name} thaws`);
      // It is present again when its plaza has opened again, or at once if it never closed.
      presentSinceMs = plaza.clients().includes(name) ? clock.monotonicMs() : undefined;
      whole().machine.thaw();
    },
    skew(byMs) {
      skewMs = byMs;
      if (running()) whole().machine.skew(byMs);
    },
  };
}
