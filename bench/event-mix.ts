/**
 * What a busy plaza says in 30 days: events of many naras, the same for the same seed. Of a hundred
 * 48 are social, 30 status changes, 8 seen, 5 pings, 4 hey-there, 2 chau, 2 restarts and one a first
 * sighting, in order of time, all signed.
 */
import { createNobleCrypto } from "../src/adapters/crypto/noble-crypto.ts";
import { encodeBase64 } from "../src/nara/codec/base64.ts";
import {
  decodeSyncEvent,
  encodeSyncEvent,
  newSyncEvent,
  type SyncEvent,
  signedDigest,
} from "../src/nara/events/sync-event.ts";
import { formatPublicKey } from "../src/nara/identity/keys.ts";
import { mintSoul, naraId } from "../src/nara/identity/soul.ts";
import { createSeededRandom, type SeededRandom } from "../src/nara/testing/seeded-random.ts";

export interface MixedNara {
  readonly name: string;
  readonly id: string;
  /** 32 bytes. */
  readonly seed: Uint8Array;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
}

export interface EventMix {
  readonly naras: readonly MixedNara[];
  /** Oldest first. */
  readonly events: readonly SyncEvent[];
}

export interface MixOptions {
  readonly seed: string;
  readonly count: number;
  readonly naras?: number;
  /** When the newest event happened at the latest, Unix nanoseconds. */
  readonly untilNs?: bigint;
}

const spanNs = 30n * 86_400n * 1_000_000_000n;
const someDayNs = 1_800_000_000_000_000_000n;
const reasons = ["high-restarts", "comeback", "trend-abandon", "random", "nice-number"];
const states = ["ONLINE", "MISSING", "OFFLINE"];
const channels = ["zine", "mesh", "ping", "sync"];

/**
 * Events whose signatures are random bytes: for all that does not verify. They come out of JSON as
 * in life, so that no two of them share a text in memory.
 */
export function scribbledMix(options: MixOptions): EventMix {
  const { naras, drafts, random } = draftedMix(options);
  return { naras, events: drafts.map((draft) => asHeard(draft, random.bytes(64))) };
}

/** The same events, truly signed. */
export async function signedMix(options: MixOptions): Promise<EventMix> {
  const { naras, drafts } = draftedMix(options);
  const keys = new Map(
    await Promise.all(naras.map(async (nara) => [nara.name, await signingKey(nara)] as const)),
  );
  const events: SyncEvent[] = [];
  const atOnce = 1000;
  for (let start = 0; start < drafts.length; start += atOnce) {
    const signing = drafts.slice(start, start + atOnce).map(async (draft) => {
      const key = keys.get(draft.emitter);
      if (key === undefined) throw new Error(`${draft.emitter} has no key`);
      const digest = signedDigest(draft) as Uint8Array<ArrayBuffer>;
      return asHeard(draft, new Uint8Array(await crypto.subtle.sign("Ed25519", key, digest)));
    });
    events.push(...(await Promise.all(signing)));
  }
  return { naras, events };
}

/** The same events, heard once more: equal, but nowhere the same in memory. */
export const reheard = (events: readonly SyncEvent[]): readonly SyncEvent[] =>
  events.map((event) => read(encodeSyncEvent(event)));

interface Drafts {
  readonly naras: readonly MixedNara[];
  readonly drafts: readonly SyncEvent[];
  readonly random: SeededRandom;
}

function draftedMix({ seed, count, naras: crowd = 500, untilNs = someDayNs }: MixOptions): Drafts {
  const naras = mixedNaras(seed, crowd);
  const random = createSeededRandom(seed);
  const stepNs = Number(spanNs) / count;
  const firstNs = untilNs - spanNs;
  const drafts = Array.from({ length: count }, (_, at) => {
    const tsNs = firstNs + BigInt(Math.floor((at + random.fraction()) * stepNs));
    const actor = Math.floor(random.fraction() * crowd);
    const target = (actor + 1 + Math.floor(random.fraction() * (crowd - 1))) % crowd;
    return draft(at % 100, tsNs, firstNs, naraAt(naras, actor), naraAt(naras, target), random);
  });
  return { naras, drafts, random };
}

/** @param kind 0 to 99. */
function draft(
  kind: number,
  tsNs: bigint,
  firstNs: bigint,
  actor: MixedNara,
  other: MixedNara,
  random: SeededRandom,
): SyncEvent {
  const from = (event: SyncEvent): SyncEvent => ({
    ...event,
    emitter: actor.name,
    emitterId: actor.id,
  });
  const observer = { observer: actor.name, observer_id: actor.id };
  const subject = { subject: other.name, subject_id: other.id };
  if (kind < 48) {
    const type = kind < 40 ? "tease" : "observed";
    const who = { actor: actor.name, actor_id: actor.id, target: other.name, target_id: other.id };
    const witness = type === "observed" ? actor.name : "";
    return from(
      newSyncEvent("social", tsNs, { type, ...who, reason: one(reasons, random), witness }),
    );
  }
  if (kind < 78) {
    const change = { type: "status-change", importance: 2n, online_state: one(states, random) };
    return from(newSyncEvent("observation", tsNs, { ...observer, ...subject, ...change }));
  }
  if (kind < 86) {
    const via = one(channels, random);
    return from(newSyncEvent("seen", tsNs, { ...observer, ...subject, via }));
  }
  if (kind < 91) {
    const target = { target: other.name, target_id: other.id };
    const rtt = Math.ceil(random.fraction() * 2000) / 10;
    return from(newSyncEvent("ping", tsNs, { ...observer, ...target, rtt }));
  }
  const own = { From: actor.name, PublicKey: formatPublicKey(actor.publicKey), ID: actor.id };
  if (kind < 95) {
    const block = Math.floor(random.fraction() * 4);
    const MeshIP = `100.64.${block}.${Math.floor(random.fraction() * 254)}`;
    return from(newSyncEvent("hey-there", tsNs, { ...own, MeshIP }));
  }
  if (kind < 97) return from(newSyncEvent("chau", tsNs, own));
  const critical = { importance: 3n, start_time: firstNs / 1_000_000_000n };
  if (kind < 99) {
    const restart_num = BigInt(Math.floor(random.fraction() * 200));
    const restart = { type: "restart", restart_num, last_restart: tsNs / 1_000_000_000n };
    const payload = { ...observer, ...subject, ...critical, ...restart };
    return from(newSyncEvent("observation", tsNs, payload));
  }
  const payload = { ...observer, ...subject, ...critical, type: "first-seen" };
  return from(newSyncEvent("observation", tsNs, payload));
}

function mixedNaras(mixSeed: string, count: number): readonly MixedNara[] {
  const random = createSeededRandom(`naras of ${mixSeed}`);
  const { keyPair } = createNobleCrypto();
  return Array.from({ length: count }, (_, at) => {
    const name = `nara-${String(at).padStart(4, "0")}`;
    const soul = mintSoul(random.bytes(32), name);
    return {
      name,
      id: naraId(soul, name),
      seed: soul.seed,
      publicKey: keyPair(soul.seed).publicKey,
    };
  });
}

function naraAt(naras: readonly MixedNara[], at: number): MixedNara {
  const nara = naras[at];
  if (nara === undefined) throw new Error(`there is no nara ${at}`);
  return nara;
}

const one = (words: readonly string[], random: SeededRandom): string =>
  words[Math.floor(random.fraction() * words.length)] ?? "";

const asHeard = (draft: SyncEvent, signature: Uint8Array): SyncEvent =>
  read(encodeSyncEvent({ ...draft, sig: encodeBase64(signature) }));

function read(text: string): SyncEvent {
  const heard = decodeSyncEvent(text);
  if (!heard.ok) throw new Error(`a mixed event cannot be read: ${heard.refusal}`);
  return heard.value;
}

/** The head of a PKCS #8 Ed25519 key (RFC 8410 §7); the seed follows. */
const pkcs8Head = [48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32];

const signingKey = ({ seed }: MixedNara): Promise<CryptoKey> =>
  crypto.subtle.importKey("pkcs8", Uint8Array.from([...pkcs8Head, ...seed]), "Ed25519", false, [
    "sign",
  ]);
