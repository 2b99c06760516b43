/**
 * Somebody asks, or is told of, whose key I lack: whoever carries my questions is asked who it is,
 * then neighbours are, once, and where they say it is it has to answer with the key that they say.
 * The next request then finds the key.
 * (docs/protocol/mesh-runtime-checkpoints.md §1, Resolution; design "What we accept" 4)
 */
import { isNameWeAccept } from "../identity/names.ts";
import type { Clock } from "../ports.ts";
import type { Keyring } from "../runtime/keyring.ts";
import { createRateLimit } from "../runtime/rate-limit.ts";
import type { MeshClient } from "./client.ts";
import type { MeshHint, MeshHints } from "./http.ts";
import type { PeerRegistry } from "./peers.ts";
import type { Resolution } from "./resolution.ts";

export interface AcquaintanceParts {
  readonly client: Pick<MeshClient, "ping">;
  readonly peers: Pick<PeerRegistry, "hint">;
  readonly keyring: Pick<Keyring, "keyOf" | "pinTold">;
}

export interface IntroductionParts extends AcquaintanceParts {
  readonly resolution: Resolution;
  readonly hints: MeshHints;
  readonly clock: Pick<Clock, "monotonicMs">;
  /** Who can be asked. */
  neighbours(): readonly string[];
}

/** Anybody can invent names, and each costs up to nine questions. */
const namesPerMinute = 6;

/** In place of the name of who told it: nara names have no spaces. */
export const theCarrier = "the relay";

/** Finds out who somebody is; resolves true when its key is known then. */
export function createIntroductions(parts: IntroductionParts): (name: string) => Promise<boolean> {
  const mayAsk = createRateLimit(parts.clock, 1);
  return async (name) => {
    if (!isNameWeAccept(name) || parts.keyring.keyOf(name) !== undefined) return false;
    if (!mayAsk("names", namesPerMinute)) return false;
    const told = (await parts.hints(name)).find((hint) => hint.name === name);
    if (told !== undefined && (await answersAs(told, theCarrier, parts))) return true;
    const neighbours = parts.neighbours();
    if (neighbours.length === 0) return false;
    const found = await parts.resolution.find(name, neighbours);
    if (found === undefined || found.meshIp === "") return false;
    return answersAs({ ...found, name }, found.by, parts);
  };
}

/**
 * Whether somebody answers where it is said to be, with the key that it is said to have, which is
 * pinned then. The address stays a hint until a signed answer proves it.
 *
 * @param by who said so.
 */
export async function answersAs(
  { name, publicKey, meshIp }: MeshHint,
  by: string,
  { client, peers, keyring }: AcquaintanceParts,
): Promise<boolean> {
  peers.hint(name, meshIp);
  const answer = await client.ping(name);
  if (!answer.ok || answer.value.publicKey !== publicKey) return false;
  const pin = keyring.pinTold(name, publicKey, by);
  return pin === "pinned" || pin === "known";
}
