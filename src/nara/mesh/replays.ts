/**
 * Requests taken a moment ago: one that comes again is not taken twice. The signature covers time,
 * method and path, so two honest requests of one millisecond share it; only with the same body they
 * are the same request. (design "What we accept" 7)
 */
import { sha256 } from "#sha256";
import { encodeBase64 } from "../codec/base64.ts";
import type { Clock } from "../ports.ts";
import type { SignedBy } from "./auth.ts";

export interface Replays {
  /** False when this very request was noted before. However it spells signature and time. */
  note(signed: SignedBy, path: string, body: Uint8Array): boolean;
  readonly size: number;
}

/** As long as a signature is good, 30 s before and after its time. */
const keptMs = 60_000;
/** Bytes of either end of a long body: room for the signature that lists and events end with. */
const endBytes = 1024;
/** Requests kept in mind; the oldest go first beyond it. Nobody honest sends more in a minute. */
const mostKept = 20_000;

export function createReplays(clock: Pick<Clock, "monotonicMs">): Replays {
  /** When each was heard, oldest first. */
  const heard = new Map<string, number>();

  const forgetOld = (nowMs: number): void => {
    for (const [key, atMs] of heard) {
      if (nowMs - atMs <= keptMs && heard.size <= mostKept) return;
      heard.delete(key);
    }
  };

  return {
    note({ name, atMs }, path, body) {
      const key = `${name} ${atMs} ${path} ${digestOf(body)}`;
      const nowMs = clock.monotonicMs();
      forgetOld(nowMs);
      if (heard.has(key)) return false;
      heard.set(key, nowMs);
      return true;
    },
    get size() {
      return heard.size;
    },
  };
}

/**
 * Tells one body from another. Of a long one length and ends are enough: a list of events ends with
 * a signature over all of it, and hashing megabytes would keep everybody waiting.
 */
function digestOf(body: Uint8Array): string {
  if (body.length <= 2 * endBytes) return encodeBase64(sha256(body));
  const ends = sha256(body.subarray(0, endBytes), body.subarray(-endBytes));
  return `${body.length} ${encodeBase64(ends)}`;
}
