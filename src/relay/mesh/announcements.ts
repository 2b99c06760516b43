/**
 * Where naras say they live: the mesh addresses of hey_theres that were heard on the plaza and
 * verified, each under the first key that its name showed. (docs/protocol/presence-and-life.md §2)
 */
import { decodeBase64 } from "../../nara/codec/base64.ts";
import { fromUtf8 } from "../../nara/codec/utf8.ts";
import {
  decodeSyncEvent,
  eventId,
  isSigned,
  refusalOf,
  signedDigest,
} from "../../nara/events/sync-event.ts";
import { isNameWeAccept } from "../../nara/identity/names.ts";
import type { MeshHint } from "../../nara/mesh/http.ts";
import type { Cancel, Clock, Crypto, Plaza, PlazaFrame, Random } from "../../nara/ports.ts";
import { createTokenBucket } from "../token-bucket.ts";
import { authorityOfMeshIp } from "./authority.ts";
import {
  heyTheresPerSecond,
  maxAnnouncements,
  maxHeyThereBytes,
  nameKeptMs,
  oldestHeyThereS,
} from "./limits.ts";

export interface Announcements {
  /** @param authority as `parseAuthority` writes it. */
  has(authority: string): boolean;
  /** It was of use: such ones stay longest. */
  touch(authority: string): void;
  /** All who said where they live, and under which key. */
  all(): Iterable<MeshHint>;
  named(name: string): MeshHint | undefined;
  count(): number;
  /** Whether the plaza can be heard. */
  isHearing(): boolean;
  stop(): Promise<void>;
}

export interface AnnouncementsParts {
  readonly plaza: Plaza;
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly random: Random;
  /** Naras remembered. */
  readonly most?: number;
}

interface Announcement {
  readonly key: string;
  readonly authority: string;
  readonly tsNs: bigint;
  readonly heardAtMs: number;
}

const topic = "nara/plaza/hey_there";
const nsPerS = 1_000_000_000n;
/** What naras accept of a clock that is ahead (design: "What we accept", 5). */
const aheadNs = 60n * nsPerS;
/** Pause between two tries to reach the plaza (docs/protocol/presence-and-life.md §1). */
const retry = { shortestMs: 5_000, spreadMs: 29_000 };

/** Joins the plaza as a listener and comes back whenever it is lost. */
export function createAnnouncements(parts: AnnouncementsParts): Announcements {
  const { plaza, clock, crypto, random } = parts;
  const most = parts.most ?? maxAnnouncements;
  const nowMs = (): number => clock.monotonicMs();
  // In order of use: the first is the one of no use for longest.
  const byName = new Map<string, Announcement>();
  /** Names by address; several may say the same. */
  const namesAt = new Map<string, Set<string>>();
  const pace = createTokenBucket(heyTheresPerSecond, 10 * heyTheresPerSecond, nowMs);
  let stopped = false;
  let hearing = false;
  let stopRetry: Cancel = () => {};

  const drop = (name: string): void => {
    const before = byName.get(name);
    if (before === undefined) return;
    byName.delete(name);
    const names = namesAt.get(before.authority);
    names?.delete(name);
    if (names?.size === 0) namesAt.delete(before.authority);
  };
  const keep = (name: string, announcement: Announcement): void => {
    drop(name);
    byName.set(name, announcement);
    const names = namesAt.get(announcement.authority) ?? new Set();
    namesAt.set(announcement.authority, names.add(name));
    for (const [oldest, { heardAtMs }] of byName) {
      if (byName.size <= most && nowMs() - heardAtMs <= nameKeptMs) break;
      drop(oldest);
    }
  };

  const hear = async ({ payload, retained }: PlazaFrame): Promise<void> => {
    if (retained || payload.length > maxHeyThereBytes || !pace.take(1)) return;
    const decoded = decodeSyncEvent(fromUtf8(payload));
    if (!decoded.ok || decoded.value.svc !== "hey-there") return;
    const event = decoded.value;
    const { From: name, PublicKey: key, MeshIP: meshIp } = event.payload;
    const publicKey = decodeBase64(key);
    const signature = decodeBase64(event.sig);
    const ageNs = clock.nowNs() - event.tsNs;
    const isLive = ageNs >= -aheadNs && ageNs <= BigInt(oldestHeyThereS) * nsPerS;
    if (!isSigned(event) || !isLive || refusalOf(event) !== undefined) return;
    if (event.emitter !== name || !isNameWeAccept(name) || event.id !== eventId(event)) return;
    if (publicKey?.length !== 32 || signature?.length !== 64) return;
    const [proven] = await crypto.verify([{ publicKey, message: signedDigest(event), signature }]);
    if (proven !== true) return;
    const before = byName.get(name);
    const isOurs = before === undefined || nowMs() - before.heardAtMs > nameKeptMs;
    if (!isOurs && (before.key !== key || event.tsNs < before.tsNs)) return;
    const authority = authorityOfMeshIp(meshIp)?.text ?? "";
    keep(name, { key, authority, tsNs: event.tsNs, heardAtMs: nowMs() });
  };

  const listed = (name: string, said: Announcement | undefined): MeshHint | undefined =>
    said === undefined || said.authority === ""
      ? undefined
      : { name, publicKey: said.key, meshIp: said.authority };

  const listen = () => {
    const link = plaza.connect({
      clientId: `nara-relay-${Buffer.from(random.bytes(6)).toString("hex")}`,
      onOpen: () => {
        void link.subscribe(topic).then((subscribed) => {
          hearing = subscribed;
          if (!subscribed) void link.close();
        });
      },
      onFrame: (frame) => {
        if (frame.topic === topic) void hear(frame);
      },
      onClosed: () => {
        hearing = false;
        if (stopped) return;
        const pauseMs = retry.shortestMs + random.fraction() * retry.spreadMs;
        stopRetry = clock.after(pauseMs, () => {
          current = listen();
        });
      },
    });
    return link;
  };
  let current = listen();

  return {
    has: (authority) => namesAt.has(authority),
    touch: (authority) => {
      for (const name of namesAt.get(authority) ?? []) {
        const announcement = byName.get(name);
        if (announcement === undefined) continue;
        byName.delete(name);
        byName.set(name, announcement);
      }
    },
    *all() {
      for (const [name, said] of byName) {
        const one = listed(name, said);
        if (one !== undefined) yield one;
      }
    },
    named: (name) => listed(name, byName.get(name)),
    count: () => byName.size,
    isHearing: () => hearing,
    stop: async () => {
      stopped = true;
      stopRetry();
      await current.close();
    },
  };
}
