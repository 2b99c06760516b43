/**
 * Who is that, and where? Neighbours are asked in turn; each may name another to ask. What they say
 * is hearsay: the peer has to prove it. (mesh-runtime-checkpoints §1 "Resolution")
 */
import { decodeBase64 } from "../codec/base64.ts";
import type { Clock } from "../ports.ts";
import type { MeshClient } from "./client.ts";

export interface Found {
  /** Who told it. */
  readonly by: string;
  /** Base64, 32 bytes. */
  readonly publicKey: string;
  /** "" when nobody says where it is. */
  readonly meshIp: string;
}

export interface Resolution {
  /**
   * Undefined when nobody knows, or when the same was asked within ten minutes.
   *
   * @param neighbours who may be asked first.
   */
  find(target: string, neighbours: readonly string[]): Promise<Found | undefined>;
}

/** Naras asked for one target, me included (§1). */
const mostAsked = 10;
/** Pause before the same is asked again (§1). */
const retryMs = 600_000;
/** Targets whose last try is remembered: anybody can invent names. */
const mostTargets = 1000;

export function createResolution({
  me,
  client,
  clock,
}: {
  readonly me: string;
  readonly client: Pick<MeshClient, "query">;
  readonly clock: Pick<Clock, "monotonicMs">;
}): Resolution {
  /** When each was last asked for, oldest first. */
  const triedMs = new Map<string, number>();

  const isTooSoon = (target: string): boolean => {
    const nowMs = clock.monotonicMs();
    const lastMs = triedMs.get(target);
    if (lastMs !== undefined && nowMs - lastMs < retryMs) return true;
    triedMs.delete(target);
    triedMs.set(target, nowMs);
    const [oldest] = triedMs.keys();
    if (triedMs.size > mostTargets && oldest !== undefined) triedMs.delete(oldest);
    return false;
  };

  return {
    async find(target, neighbours) {
      if (target === me || isTooSoon(target)) return undefined;
      const asked = new Set([me]);
      const toAsk = [...neighbours];
      while (asked.size < mostAsked) {
        const name = toAsk.shift();
        if (name === undefined) break;
        if (asked.has(name) || name === target) continue;
        asked.add(name);
        const answer = await client.query(name, target, [...asked]);
        if (!answer.ok) continue;
        const hint = answer.value;
        if (hint.type === "ask") toAsk.push(hint.name);
        if (hint.type === "known" && decodeBase64(hint.publicKey)?.length === 32) {
          return { by: name, publicKey: hint.publicKey, meshIp: hint.meshIp };
        }
      }
      return undefined;
    },
  };
}
