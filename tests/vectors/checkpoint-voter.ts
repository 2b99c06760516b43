/** Somebody who votes and proposes, alone with the plaza. */
import { createNobleCrypto } from "../../src/adapters/crypto/noble-crypto.ts";
import { noMesh } from "../../src/adapters/no-mesh.ts";
import { fromUtf8, utf8 } from "../../src/nara/codec/utf8.ts";
import { newSyncEvent } from "../../src/nara/events/sync-event.ts";
import type { KeyPair } from "../../src/nara/ports.ts";
import { createRuntime, type Runtime } from "../../src/nara/runtime/runtime.ts";
import {
  type Checkpoints,
  createCheckpoints,
} from "../../src/nara/services/checkpoints/checkpoints.ts";
import type { Attestation } from "../../src/nara/services/checkpoints/messages.ts";
import type { Neighbour } from "../../src/nara/services/presence/neighbourhood.ts";
import { noObservation } from "../../src/nara/services/presence/observation.ts";
import { createAwaitedCrypto } from "../../src/nara/testing/awaited-crypto.ts";
import { createInMemoryPlaza } from "../../src/nara/testing/in-memory-plaza.ts";
import { createSeededRandom } from "../../src/nara/testing/seeded-random.ts";
import { createVirtualClock, type VirtualClock } from "../../src/nara/testing/virtual-clock.ts";
import type { Signer } from "./signers.ts";

/** The reference's fixed clock, Unix seconds. */
export const startOfVectorsS = 1_772_366_400n;
/** When the checkpoint was taken that a ledger holds already: 25 h before. */
const rememberedAsOfS = startOfVectorsS - 90_000n;
const openingS = 10n;

export interface Voter {
  readonly runtime: Runtime;
  readonly clock: VirtualClock;
  readonly checkpoints: Checkpoints;
  /** Its ledger holds one checkpoint, of these figures; says its id. */
  remember(subject: string, figures: Pick<Attestation, "observation">): string;
  /** Somebody says it on the plaza, at no time. */
  hear(topic: string, wire: string): Promise<void>;
  /** What it published below a topic. */
  said(topic: string): readonly { topic: string; qos: number; wire: string }[];
}

type Known = Pick<Signer, "name" | "id" | "publicKey">;

export async function createVoter(parts: {
  readonly who: Known;
  readonly keyPair: KeyPair;
  /** Whom it knows by name, id and key; six neighbours or more are here in any case. */
  readonly knows: readonly Known[];
  readonly booting?: boolean;
  /** When the first thing is heard. */
  readonly startNs: bigint;
}): Promise<Voter> {
  const { who, knows, startNs } = parts;
  const clock = createVirtualClock({ startNs: startNs - openingS * 1_000_000_000n });
  const crypto = createAwaitedCrypto(createNobleCrypto(), clock);
  const broker = createInMemoryPlaza({ clock });
  const strangers = ["a", "b", "c", "d", "e", "f"].map((letter) => `somebody-${letter}`);
  const neighbours = [...knows.map(({ name }) => name), ...strangers].map(isHere);
  const checkpoints = createCheckpoints({
    neighbours: () => neighbours,
    booting: () => parts.booting === true,
    onChange: () => {},
  });
  const runtime = createRuntime({
    ports: {
      ...{ clock, crypto, plaza: broker.plaza, mesh: noMesh, random: createSeededRandom(1) },
      log: () => {},
    },
    keyPair: parts.keyPair,
    me: { name: who.name, id: who.id, publicKey: who.publicKey },
    judge: { soulText: "", personality: { agreeableness: 50, sociability: 50, chill: 50 } },
    capacity: 1000,
    services: [checkpoints.service],
  });
  clock.beforeNext(() => runtime.settled());
  for (const { name, id, publicKey } of knows) runtime.keyring.pin(name, id, publicKey);
  await runtime.start();
  await clock.pass({ seconds: Number(openingS) });

  return {
    runtime,
    clock,
    checkpoints,
    remember(subject, { observation }) {
      const { payload } = newSyncEvent("checkpoint", startNs, {});
      const told = { ...payload, subject, observation, as_of_time: rememberedAsOfS };
      const event = newSyncEvent("checkpoint", startNs, told);
      const added = runtime.ledger.add(event);
      if (!added.ok) throw new Error(`not remembered: ${added.refusal}`);
      return event.id;
    },
    async hear(topic, wire) {
      broker.inject(topic, utf8(wire));
      await clock.advance(0);
    },
    said: (topic) =>
      broker.traffic
        .filter((sent) => sent.from === who.name && sent.topic.startsWith(topic))
        .map((sent) => ({ topic: sent.topic, qos: sent.qos, wire: fromUtf8(sent.payload) })),
  };
}

/** The service asks no more of a neighbour than that. */
const isHere = (name: string): Neighbour =>
  ({ name, isMet: true, observation: { ...noObservation, online: "ONLINE" } }) as Neighbour;
