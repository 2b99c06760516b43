/** A long life to remember: signed events of made-up naras, as lines of a file. */
import { createHash, createPrivateKey, createPublicKey, sign } from "node:crypto";
import { dumpLines } from "../../src/nara/backup/dump.ts";
import type { EventService, Payloads } from "../../src/nara/events/event-kinds.ts";
import { newSyncEvent, type SyncEvent, signSyncEvent } from "../../src/nara/events/sync-event.ts";

export interface Life {
  /** JSON lines. */
  readonly dump: string;
  readonly events: readonly SyncEvent[];
  /** The naras that lived it. */
  readonly names: readonly string[];
}

/** PKCS #8 of Ed25519 before the 32 bytes of the seed (RFC 8410, §7). */
const pkcs8Head = Buffer.from("302e020100300506032b657004220420", "hex");

const citizens = 40;
/** One says something else than all the others. */
export const liar = "citizen-39";
const nsPerMs = 1_000_000n;

/**
 * `count` events of forty naras, one every 30 seconds up to an hour ago, all worth keeping to
 * everybody. Each of them saw `subject` restart for the fourth time, but the liar, who counts 900.
 */
export function livedLife(count: number, subject: string, nowMs: number): Life {
  const voices = Array.from({ length: citizens }, (_, at) => createVoice(`citizen-${at}`));
  const voiceAt = (at: number) => voices[at % citizens]!;
  const first = BigInt(nowMs - 3_600_000 - count * 30_000) * nsPerMs;
  const events = Array.from({ length: count }, (_, at): SyncEvent => {
    const tsNs = first + BigInt(at) * 30_000n * nsPerMs;
    const voice = voiceAt(at);
    if (at < citizens) {
      return voice.say("hey-there", tsNs, { From: voice.name, PublicKey: voice.publicKey });
    }
    if (at < 2 * citizens) {
      return voice.say("observation", tsNs, {
        observer: voice.name,
        subject,
        type: "restart",
        importance: 3n,
        start_time: BigInt(Math.floor(nowMs / 1000) - 9_000_000),
        restart_num: voice.name === liar ? 900n : 4n,
        last_restart: BigInt(Math.floor(nowMs / 1000) - 8_000_000),
      });
    }
    const target = voiceAt(at * 7 + 1).name;
    return at % 3 === 0
      ? voice.say("social", tsNs, { type: "tease", actor: voice.name, target, reason: "comeback" })
      : voice.say("seen", tsNs, { observer: voice.name, subject: target, via: "mesh" });
  });
  return { dump: [...dumpLines(events)].join(""), events, names: voices.map(({ name }) => name) };
}

function createVoice(name: string) {
  const seed = createHash("sha256").update(name).digest();
  const der = Buffer.concat([pkcs8Head, seed]);
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const spki = createPublicKey(key).export({ format: "der", type: "spki" });
  return {
    name,
    publicKey: spki.subarray(-32).toString("base64"),
    say: <Svc extends EventService>(
      svc: Svc,
      tsNs: bigint,
      payload: Partial<Payloads[Svc]>,
    ): SyncEvent =>
      signSyncEvent(newSyncEvent(svc, tsNs, payload) as SyncEvent, name, {
        sign: (message) => sign(null, message, key),
      }),
  };
}
