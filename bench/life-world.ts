/** Simulated networks for the benchmarks of life: how much they cost, and how much they say. */

import { sumOf } from "../sim/census.ts";
import { createWorld } from "../sim/world.ts";
import { chooseCrypto } from "../src/adapters/crypto/choose-crypto.ts";
import type { Plaza } from "../src/nara/ports.ts";

export interface LifeFigures {
  readonly naras: number;
  /** Virtual seconds of all naras together, in one second of the processor. */
  readonly naraSecondsPerS: number;
  readonly messagesPerNaraMinute: number;
  readonly said: { readonly [kind: string]: number };
  readonly heardPerNaraMinute: number;
  readonly heardKbPerNaraMinute: number;
  readonly bytesPerNara: number;
}

export interface LifeSettings {
  readonly naras: number;
  /** Virtual minutes in which they come together, then rest, then are measured. */
  readonly wakeMinutes: number;
  readonly restMinutes: number;
  readonly minutes: number;
  readonly realKeys?: boolean;
}

/** A network that came together, measured once it has come to rest. */
export async function liveFor(settings: LifeSettings): Promise<LifeFigures> {
  const { naras, wakeMinutes, restMinutes, minutes } = settings;
  const heldBefore = heldBytes();
  const crypto = settings.realKeys ? await chooseCrypto(globalThis.crypto.subtle) : undefined;
  const world = createWorld({ seed: 7, mallory: false, ...(crypto && { crypto }) });
  const howdies = { areSaid: false };
  const dwellers = Array.from({ length: naras }, (_, n) =>
    world.settleOne(`nara-${n}`, {
      canBeCalled: n % 5 !== 4,
      throughPlaza: (plaza) => withoutHowdies(plaza, howdies),
    }),
  );
  await world.wake(dwellers, { minutes: wakeMinutes });
  await world.pass({ minutes: restMinutes });
  howdies.areSaid = true;
  world.countFromHere();
  const before = process.cpuUsage();
  await world.pass({ minutes });
  const { user, system } = process.cpuUsage(before);
  const { census } = world;
  return {
    naras,
    naraSecondsPerS: (naras * minutes * 60) / ((user + system) / 1e6),
    messagesPerNaraMinute: sumOf(census.saidPerMinute()),
    said: Object.fromEntries(census.saidPerMinute()),
    heardPerNaraMinute: sumOf(census.heardPerMinute()),
    heardKbPerNaraMinute: census.heardBytesPerMinute() / 1024,
    bytesPerNara: (heldBytes() - heldBefore) / naras,
  };
}

/**
 * Everybody's howdys to everybody are most of the work of a large network that wakes as one, and
 * nothing of its life afterwards: here they meet by hey_there and newspapers.
 */
const withoutHowdies = (plaza: Plaza, howdies: { readonly areSaid: boolean }): Plaza => ({
  address: plaza.address,
  connect(attempt) {
    const link = plaza.connect(attempt);
    return {
      ...link,
      publish: (topic, payload, qos) =>
        (!howdies.areSaid && topic.endsWith("/howdy")) || link.publish(topic, payload, qos),
    };
  },
});

function heldBytes(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
