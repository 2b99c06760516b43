/** A web API with somebody to show: alice, who knows bob and carol and teased bob. */
import { createNobleCrypto } from "../../adapters/crypto/noble-crypto.ts";
import { newSyncEvent, signSyncEvent } from "../events/sync-event.ts";
import { createLedger, type Ledger } from "../ledger/ledger.ts";
import { notFound } from "../mesh/answers.ts";
import { signRequest } from "../mesh/auth.ts";
import type { MeshResponse } from "../mesh/http.ts";
import { createProjections } from "../projections/projections.ts";
import type { DropReason } from "../runtime/drops.ts";
import { createKeyring } from "../runtime/keyring.ts";
import type { Neighbour } from "../services/presence/neighbourhood.ts";
import { noObservation } from "../services/presence/observation.ts";
import { zeroStatus } from "../services/presence/status.ts";
import type { WebApiParts } from "../web-api/parts.ts";
import { createWebApi, type WebApi } from "../web-api/web-api.ts";
import { personNamed } from "./mesh-nara.ts";
import { createVirtualClock, type VirtualClock } from "./virtual-clock.ts";

type Signer = ReturnType<typeof personNamed>;

export interface WebApiScene {
  readonly api: WebApi;
  readonly ledger: Ledger;
  readonly clock: VirtualClock;
  readonly drops: readonly DropReason[];
  readonly alice: ReturnType<typeof personNamed>;
  /** Id of the tease. */
  readonly teaseId: string;
  /** @param signer whose key and name the request bears; nobody's where left out. */
  get(target: string, signer?: Signer): Promise<MeshResponse>;
  post(target: string, body: string, signer?: Signer): Promise<MeshResponse>;
  tease(target: string): void;
}

export function createWebApiScene(
  settings: { readonly names?: readonly string[]; readonly more?: Partial<WebApiParts> } = {},
): WebApiScene {
  const clock = createVirtualClock();
  const alice = personNamed("alice");
  const ledger = createLedger({ capacity: 1000 });
  const mild = { chill: 50, sociability: 50, agreeableness: 50 };
  const projections = createProjections(ledger, { soulText: "scene", personality: mild }, clock);
  const atS = Number(clock.nowNs() / 1_000_000_000n);
  const place = { x: 1.5, y: -2, height: 0.00001, error: 1 };
  const drops: DropReason[] = [];
  const neighbours = (settings.names ?? ["bob", "carol"]).map(
    (name): Neighbour => ({
      name,
      status: { ...zeroStatus, id: `id of ${name}`, personality: mild, coordinates: place },
      observation: { ...noObservation, online: "ONLINE", lastSeenS: atS, startTimeS: atS - 60 },
      isMet: true,
      greetedMe: true,
    }),
  );
  const parts: WebApiParts = {
    me: alice,
    clock,
    crypto: createNobleCrypto(),
    keyring: createKeyring(alice),
    ledger,
    projections,
    status: () => ({
      ...zeroStatus,
      id: alice.id,
      personality: mild,
      coordinates: place,
      eventStoreByService: ledger.countsByService(),
    }),
    observation: () => ({ ...noObservation, online: "ONLINE", lastSeenS: atS }),
    barrio: () => ({ name: "ice cream", emoji: "🍧" }),
    neighbour: (name) => neighbours.find((one) => one.name === name),
    neighbours: () => neighbours,
    countDrop: (reason) => void drops.push(reason),
    ...settings.more,
  };
  const api = createWebApi(parts, async () => notFound());
  const tease = (target: string): string => {
    const event = signSyncEvent(
      newSyncEvent("social", clock.nowNs(), {
        type: "tease",
        actor: alice.name,
        target,
        reason: "comeback",
      }),
      alice.name,
      alice.keyPair,
    );
    ledger.add(event);
    return event.id;
  };
  for (const { name } of neighbours) {
    ledger.add(
      newSyncEvent("observation", clock.nowNs(), {
        observer: alice.name,
        subject: name,
        type: "first-seen",
        importance: 3n,
        start_time: BigInt(atS - 60),
      }),
    );
  }
  const teaseId = tease(neighbours[0]?.name ?? "bob");

  const ask = (method: string, target: string, body: string, signer?: Signer) => {
    const signed =
      signer === undefined ? [] : signRequest(signer, clock.nowNs(), { method, path: target });
    return api.handle({ method, target, headers: new Map(signed), body: Buffer.from(body) });
  };

  return {
    api,
    ledger,
    clock,
    drops,
    alice,
    teaseId,
    tease,
    get: (target, signer) => ask("GET", target, "", signer),
    post: (target, body, signer) => ask("POST", target, body, signer),
  };
}
