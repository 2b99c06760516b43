/** The naras that live in the server: the same naras as in a page, without one. */
import { noMesh } from "../adapters/no-mesh.ts";
import type { Rememberer } from "../nara/backup/bring-back.ts";
import type { Identity } from "../nara/identity/identity.ts";
import type { MeshTransport } from "../nara/mesh/http.ts";
import type { Cancel, Clock, Crypto, Log, Plaza, Ports, Random } from "../nara/ports.ts";
import type { WebApi } from "../nara/web-api/web-api.ts";
import { residentStaggerMs } from "./limits.ts";

/** What the server asks of a nara. */
export interface Resident extends Rememberer {
  /** Undefined while it is off. */
  readonly webApi?: WebApi | undefined;
  start(): void;
  /** Says chau, disconnects. */
  stop(): Promise<void>;
}

export interface ResidentsParts {
  readonly identities: readonly Identity[];
  readonly clock: Clock;
  readonly random: Random;
  readonly crypto: Crypto;
  readonly plaza: Plaza;
  readonly log: Log;
  create(identity: Identity, ports: Ports): Resident;
  /** Each one's way to peers; none unless given. */
  meshOf?(identity: Identity): MeshTransport;
  /** Called with each as it has joined. */
  onJoined?(name: string, resident: Resident): void;
}

export interface Residents {
  readonly names: readonly string[];
  /** Those that have joined. */
  here(): readonly Resident[];
  /** All say chau at once. */
  stop(): Promise<void>;
}

/** No matter how many they are, all have joined after this. */
const longestEntryMs = 10_000;

export function startResidents(parts: ResidentsParts): Residents {
  const { identities, clock, random, crypto, plaza } = parts;
  const staggerMs = Math.min(residentStaggerMs, longestEntryMs / Math.max(1, identities.length));
  const here: Resident[] = [];
  const coming: Cancel[] = identities.map((identity, index) =>
    clock.after(index * staggerMs, () => {
      const log: Log = (line) =>
        parts.log({ ...line, service: `${identity.name} ${line.service}` });
      const mesh = parts.meshOf?.(identity) ?? noMesh;
      const resident = parts.create(identity, { clock, random, crypto, plaza, mesh, log });
      here.push(resident);
      resident.start();
      parts.onJoined?.(identity.name, resident);
    }),
  );
  return {
    names: identities.map(({ name }) => name),
    here: () => here,
    stop: async () => {
      for (const cancel of coming) cancel();
      await Promise.all(here.map((resident) => resident.stop()));
    },
  };
}
