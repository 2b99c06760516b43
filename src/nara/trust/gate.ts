/**
 * The gate: what is believed, on every path alike. It recomputes each id, asks for the signature of
 * the author's pinned key, lets unsigned observations in as hearsay of the peer that signed for
 * telling them, and refuses everything else with a reason.
 * (design "What we accept" 1–5; docs/protocol/events-and-ledger.md §3, §4, Traps)
 */
import { createTextHasher } from "#sha256";
import { decodeBase64, decodeBase64Into, encodeBase64 } from "../codec/base64.ts";
import { whyNotBelievable } from "../events/acceptance.ts";
import { coveredPart } from "../events/covered-part.ts";
import { isSigned, kindOf, type SyncEvent, type SyncEventOf } from "../events/sync-event.ts";
import { alreadyChecked } from "../ledger/checked-event.ts";
import type { Clock, Crypto, SignatureClaim } from "../ports.ts";
import type { DropReason } from "../runtime/drops.ts";
import type { Keyring, PinVerdict } from "../runtime/keyring.ts";
import { checkpointClaims } from "./checkpoint-proof.ts";
import type { Judgement, Source } from "./judgement.ts";

export interface GateParts {
  readonly clock: Pick<Clock, "nowNs">;
  readonly crypto: Pick<Crypto, "verify">;
  readonly keyring: Keyring;
  /** My own name. */
  readonly me: string;
  /** Somebody spoke whose key I lack: whoever can find it out may do so, for the next time. */
  onUnknown?(name: string): void;
}

export interface Gate {
  /**
   * One judgement per event, in their order. The signatures are verified as one batch. Keys that a
   * hey-there or chau among the events brings are pinned, and serve the others. Never rejects.
   */
  judge(events: readonly SyncEvent[], source: Source): Promise<readonly Judgement[]>;
}

const digestBytes = 32;
const signatureBytes = 64;
/** For the digest and the signature of one event. */
const roomBytes = digestBytes + signatureBytes;
/** Keys whose bytes are kept ready. */
const keysKept = 4096;

export function createGate({ clock, crypto, keyring, me, onUnknown }: GateParts): Gate {
  const hasher = createTextHasher();
  const keyBytes = createKeyDecoder();

  /** Whatever can be said before signatures are verified. */
  const open = (event: SyncEvent, source: Source, nowNs: bigint, room: Room): Opened => {
    const kind = kindOf(event);
    const reason = whyNotBelievable(event, nowNs);
    if (reason !== undefined) return { drop: reason };
    if (kind.isSpoilt?.(event.payload) === true) return { drop: "invalid" };
    const said: Said = { tsText: String(event.tsNs), content: kind.content(event.payload) };
    if (!hasher.hasHexStart(`${said.tsText}:${event.svc}:${said.content}`, event.id)) {
      return { drop: "id_mismatch" };
    }
    if (event.svc === "checkpoint") return openCheckpoint(event);
    return isSigned(event) ? openSigned(event, said, room) : openUnsigned(event, source);
  };

  const openCheckpoint = (event: SyncEventOf<"checkpoint">): Opened => {
    const claims = checkpointClaims(event.payload, keyring, keyBytes);
    if (!claims.ok) return { drop: claims.refusal };
    // Who carried it proves nothing.
    return { event: { ...coveredPart(event), emitter: "", sig: "" }, claims: claims.value };
  };

  const openSigned = (event: SyncEvent, { tsText, content }: Said, room: Room): Opened => {
    const { id, svc, emitter, sig } = event;
    const embedded = kindOf(event).embeddedKey?.(event.payload);
    const key = embedded ?? keyring.keyOf(emitter);
    if (key === undefined) {
      onUnknown?.(emitter);
      return { drop: "unknown_sender" };
    }
    const publicKey = keyBytes(key);
    const message = room.bytes.subarray(room.start, room.start + digestBytes);
    const signature = room.bytes.subarray(room.start + digestBytes, room.start + roomBytes);
    if (publicKey === undefined || !decodeBase64Into(sig, signature)) {
      return { drop: "invalid_signature" };
    }
    hasher.digestInto(`${id}:${tsText}:${svc}:${emitter}:${content}`, message);
    return {
      event: coveredPart(event),
      claims: [{ publicKey, signature, message }],
      introduces: embedded,
      signedWith: key,
    };
  };

  /** The reference signs no observations (events-and-ledger §2): they are worth who tells them. */
  const openUnsigned = (event: SyncEvent, source: Source): Opened => {
    if (event.svc !== "observation" || !("from" in source)) return { drop: "unsigned" };
    // I sign all of mine.
    if (event.payload.observer === me && source.from !== me) return { drop: "not_its_author" };
    return { event: { ...event, emitter: "", emitterId: "", sig: "" }, by: source.from };
  };

  /** Whoever brings others' greetings could have made them up; my own memories I did not. */
  const introduce = (name: string, publicKey: string, source: Source): PinVerdict => {
    const comesItself = !("from" in source) || source.from === name || source.from === me;
    return comesItself
      ? keyring.pin(name, "", publicKey)
      : keyring.pinTold(name, publicKey, source.from);
  };

  const settle = (opened: Opened, holds: boolean, source: Source): Judgement => {
    if ("drop" in opened) return opened;
    const event = alreadyChecked(opened.event);
    if (opened.by !== undefined) return { tier: "vouched", event, by: opened.by };
    if (!holds) return { drop: "invalid_signature" };
    if (opened.introduces !== undefined) {
      const pin = introduce(event.emitter, opened.introduces, source);
      if (pin !== "pinned" && pin !== "known") return { drop: pin };
    } else if (opened.signedWith !== undefined) {
      keyring.confirm(event.emitter, opened.signedWith);
    }
    return { tier: "proven", event };
  };

  const round = async (events: readonly SyncEvent[], source: Source) => {
    const nowNs = clock.nowNs();
    const claims: SignatureClaim[] = [];
    // Engines are slow with small arrays of their own: all digests and signatures lie in one.
    const rooms = new Uint8Array(events.length * roomBytes);
    const opened = events.map((event, index) => {
      return open(event, source, nowNs, { bytes: rooms, start: index * roomBytes });
    });
    for (const entry of opened) {
      if ("claims" in entry && entry.claims !== undefined) claims.push(...entry.claims);
    }
    const verdicts = claims.length === 0 ? [] : await crypto.verify(claims);
    let at = 0;
    return opened.map((entry) => {
      const asked = "claims" in entry ? (entry.claims?.length ?? 0) : 0;
      let holds = asked > 0;
      for (const end = at + asked; at < end; at++) holds &&= verdicts[at] === true;
      return settle(entry, holds, source);
    });
  };

  return {
    async judge(events, source) {
      if (!events.some(isIntroduction)) return round(events, source);
      const introductions = (await round(events.filter(isIntroduction), source)).values();
      const others = (
        await round(
          events.filter((event) => !isIntroduction(event)),
          source,
        )
      ).values();
      return events.map(
        (event) =>
          (isIntroduction(event) ? introductions : others).next().value ?? { drop: "invalid" },
      );
    },
  };
}

/** Brings its author's key. */
export const isIntroduction = (event: SyncEvent): boolean =>
  kindOf(event).embeddedKey !== undefined;

/** Where the digest and the signature of one event go. */
interface Room {
  readonly bytes: Uint8Array;
  readonly start: number;
}

interface Said {
  readonly tsText: string;
  readonly content: string;
}

type Opened =
  | { readonly drop: DropReason }
  | {
      /** Its id is its content's, and nothing that nobody signed is in it. */
      readonly event: SyncEvent;
      /** Signatures that must hold, all of them. */
      readonly claims?: readonly SignatureClaim[];
      /** Base64 key to pin once they do. */
      readonly introduces?: string | undefined;
      /** Base64 key under which they must hold. */
      readonly signedWith?: string;
      /** Who vouches for it, where nobody signed it. */
      readonly by?: string;
    };

/** Bytes of base64 keys; undefined for what is none, or is spelled as nobody spells it. */
function createKeyDecoder(): (base64: string) => Uint8Array | undefined {
  const kept = new Map<string, Uint8Array | undefined>();
  return (base64) => {
    const known = kept.get(base64);
    if (known !== undefined || kept.has(base64)) return known;
    const bytes = decodeBase64(base64);
    // Keys are compared as text, and base64 can spell one key in several ways.
    const isKey = bytes?.length === 32 && encodeBase64(bytes) === base64;
    if (kept.size >= keysKept) kept.clear();
    kept.set(base64, isKey ? bytes : undefined);
    return isKey ? bytes : undefined;
  };
}
