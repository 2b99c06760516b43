/** A nara with nothing but its mesh, as the vectors of HTTP need it: everything real but the world. */
import { createNobleCrypto } from "../../src/adapters/crypto/noble-crypto.ts";
import { createLedger, type Ledger } from "../../src/nara/ledger/ledger.ts";
import type { MeshNeighbour, MeshParts } from "../../src/nara/mesh/endpoint.ts";
import type { MeshHeaders, MeshRequest, MeshResponse } from "../../src/nara/mesh/http.ts";
import { createMeshRouter } from "../../src/nara/mesh/router.ts";
import type { DropReason } from "../../src/nara/runtime/drops.ts";
import { createKeyring } from "../../src/nara/runtime/keyring.ts";
import type { Coordinates } from "../../src/nara/services/presence/status.ts";
import { createSeededRandom } from "../../src/nara/testing/seeded-random.ts";
import { createGate } from "../../src/nara/trust/gate.ts";
import { createIntake } from "../../src/nara/trust/intake.ts";
import type { Personality } from "../../src/nara/view.ts";
import { keyPairOf, type Signer } from "./signers.ts";

export interface MeshNaraSettings {
  readonly me: Signer;
  readonly nowNs: bigint;
  /** Whose keys are known. */
  readonly known: readonly Pick<Signer, "name" | "id" | "publicKey">[];
  readonly neighbours?: readonly MeshNeighbour[];
  readonly meshIp?: string;
  readonly coordinates?: Coordinates | undefined;
  /** Nothing is against a nara's taste where none is given. */
  readonly personality?: Personality;
  readonly more?: Partial<MeshParts>;
}

export interface MeshNara {
  readonly ledger: Ledger;
  readonly drops: readonly DropReason[];
  readonly heardFrom: readonly string[];
  ask(request: MeshRequest): Promise<MeshResponse>;
}

const mild: Personality = { chill: 50, sociability: 50, agreeableness: 50 };
const noble = createNobleCrypto();

export function createMeshNara(settings: MeshNaraSettings): MeshNara {
  const { me, nowNs, known, neighbours = [] } = settings;
  const clock = { nowNs: () => nowNs, monotonicMs: () => Number(nowNs / 1_000_000n) };
  const keyring = createKeyring(me);
  for (const { name, id, publicKey } of known) {
    if (name !== me.name) keyring.pin(name, id, publicKey);
  }
  const ledger = createLedger({ capacity: 80_000 });
  const drops: DropReason[] = [];
  const heardFrom: string[] = [];
  const countDrop = (reason: DropReason): void => void drops.push(reason);
  const gate = createGate({ clock, crypto: noble, keyring, me: me.name });
  const handler = createMeshRouter({
    me,
    keyPair: keyPairOf(me),
    clock,
    random: createSeededRandom("mesh"),
    crypto: noble,
    keyring,
    ledger,
    gate,
    intake: createIntake({ gate, ledger, personality: settings.personality ?? mild, countDrop }),
    meshIp: () => settings.meshIp ?? "",
    coordinates: () => settings.coordinates,
    neighbour: (name) => neighbours.find((one) => one.name === name),
    neighbours: () => neighbours,
    onHeardFrom: (name, atS) => void heardFrom.push(`${name} ${atS}`),
    countDrop,
    ...settings.more,
  });
  return { ledger, drops, heardFrom, ask: handler };
}

/** As an adapter hands headers in: names in lower case. */
export const meshHeaders = (headers: { readonly [name: string]: string }): MeshHeaders =>
  new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

export const headersOf = ({ headers }: MeshResponse): { readonly [name: string]: string } =>
  Object.fromEntries(headers);

export const textOf = ({ body }: Pick<MeshResponse, "body">): string =>
  Buffer.from(body).toString("utf8");
