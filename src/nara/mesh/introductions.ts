/**
 * Somebody asks, or is told of, whose key I lack: neighbours are asked who it is, once, and where they say it is it
 * has to answer with the key that they say. The next request then finds the key.
 * (docs/protocol/mesh-runtime-checkpoints.md §1, Resolution; design "What we accept" 4)
 */
import { isNameWeAccept } from "../identity/names.ts";
import type { Clock } from "../ports.ts";
import type { Keyring } from "../runtime/keyring.ts";
import { createRateLimit } from "../runtime/rate-limit.ts";
import type { MeshClient } from "./client.ts";
import type { PeerRegistry } from "./peers.ts";
import type { Resolution } from "./resolution.ts";

export interface IntroductionParts {
  readonly resolution: Resolution;
  readonly client: Pick<MeshClient, "ping">;
  readonly peers: Pick<PeerRegistry, "hint">;
  readonly keyring: Pick<Keyring, "keyOf" | "pinTold">;
  readonly clock: Pick<Clock, "monotonicMs">;
  /** Who can be asked. */
  neighbours(): readonly string[];
}

/** Anybody can invent names, and each costs up to nine questions. */
const namesPerMinute = 6;

/** Finds out who somebody is; resolves true when its key is known then. */
export function createIntroductions(parts: IntroductionParts): (name: string) => Promise<boolean> {
  const mayAsk = createRateLimit(parts.clock, 1);
  return async (name) => {
    if (!isNameWeAccept(name) || parts.keyring.keyOf(name) !== undefined) return false;
    const neighbours = parts.neighbours();
    if (neighbours.length === 0 || !mayAsk("names", namesPerMinute)) return false;
    const found = await parts.resolution.find(name, neighbours);
    if (found === undefined || found.meshIp === "") return false;
    parts.peers.hint(name, found.meshIp);
    const answer = await parts.client.ping(name);
    if (!answer.ok || answer.value.publicKey !== found.publicKey) return false;
    const pin = parts.keyring.pinTold(name, found.publicKey, found.by);
    return pin === "pinned" || pin === "known";
  };
}
