/** A nara with nothing but its mesh: keyring, ledger, gate and endpoints are real, there is no life. */
import { createNobleCrypto } from "../../adapters/crypto/noble-crypto.ts";
import { encodeBase64 } from "../codec/base64.ts";
import { utf8 } from "../codec/utf8.ts";
import { createIdentity } from "../identity/identity.ts";
import { mintSoul } from "../identity/soul.ts";
import { createLedger, type Ledger } from "../ledger/ledger.ts";
import type { MeshNeighbour, MeshParts } from "../mesh/endpoint.ts";
import type { MeshHandler, MeshHeaders, MeshResponse } from "../mesh/http.ts";
import { createMeshRouter } from "../mesh/router.ts";
import type { Clock, KeyPair } from "../ports.ts";
import type { DropReason } from "../runtime/drops.ts";
import { createKeyring, type Keyring } from "../runtime/keyring.ts";
import type { Coordinates } from "../services/presence/status.ts";
import { createGate } from "../trust/gate.ts";
import { createIntake, type Intake } from "../trust/intake.ts";
import type { Personality } from "../view.ts";
import { createSeededRandom } from "./seeded-random.ts";

export interface MeshPerson {
  readonly name: string;
  readonly id: string;
  /** Base64. */
  readonly publicKey: string;
}

export interface MeshNaraSettings {
  readonly me: MeshPerson;
  readonly keyPair: KeyPair;
  readonly clock: Clock;
  /** Whose keys are known. */
  readonly known: readonly MeshPerson[];
  readonly neighbours?: readonly MeshNeighbour[];
  readonly meshIp?: string;
  readonly coordinates?: Coordinates | undefined;
  /** Nothing is against a nara's taste where none is given. */
  readonly personality?: Personality;
  readonly more?: Partial<MeshParts>;
}

export interface MeshNara {
  readonly ledger: Ledger;
  readonly keyring: Keyring;
  readonly drops: readonly DropReason[];
  /** `name atS` of each sign of life. */
  readonly heardFrom: readonly string[];
  readonly ask: MeshHandler;
  readonly intake: Intake;
}

const mild: Personality = { chill: 50, sociability: 50, agreeableness: 50 };
const noble = createNobleCrypto();

export function createMeshNara(settings: MeshNaraSettings): MeshNara {
  const { me, clock, known, keyPair, neighbours = [] } = settings;
  const keyring = createKeyring(me);
  for (const { name, id, publicKey } of known) {
    if (name !== me.name) keyring.pin(name, id, publicKey);
  }
  const ledger = createLedger({ capacity: 80_000 });
  const drops: DropReason[] = [];
  const heardFrom: string[] = [];
  const countDrop = (reason: DropReason): void => void drops.push(reason);
  const gate = createGate({ clock, crypto: noble, keyring, me: me.name });
  const personality = settings.personality ?? mild;
  const intake = createIntake({ gate, ledger, personality, clock, countDrop });
  const ask = createMeshRouter({
    me,
    keyPair,
    clock,
    random: createSeededRandom("mesh"),
    crypto: noble,
    keyring,
    ledger,
    gate,
    intake,
    meshIp: () => settings.meshIp ?? "",
    coordinates: () => settings.coordinates,
    neighbour: (name) => neighbours.find((one) => one.name === name),
    neighbours: () => neighbours,
    onHeardFrom: (name, atS) => void heardFrom.push(`${name} ${atS}`),
    countDrop,
    ...settings.more,
  });
  return { ledger, keyring, drops, heardFrom, ask, intake };
}

/** Somebody with a soul made from the name. */
export function personNamed(name: string): MeshPerson & { readonly keyPair: KeyPair } {
  const fingerprint = utf8(name.padEnd(32, ".")).slice(0, 32);
  const identity = createIdentity(mintSoul(fingerprint, name), name);
  const keyPair = noble.keyPair(identity.soul.seed);
  return { name, id: identity.id, publicKey: encodeBase64(keyPair.publicKey), keyPair };
}

/** As an adapter hands headers in: names in lower case. */
export const meshHeaders = (headers: { readonly [name: string]: string }): MeshHeaders =>
  new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

export const headersOf = ({ headers }: MeshResponse): { readonly [name: string]: string } =>
  Object.fromEntries(headers);

export const textOf = ({ body }: Pick<MeshResponse, "body">): string =>
  Buffer.from(body).toString("utf8");
