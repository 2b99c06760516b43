/**
 * What I keep for others: one sealed text per owner, in memory alone, bounded in number and size.
 * (docs/protocol/mesh-runtime-checkpoints.md §4; Weaknesses 5)
 */
import { maxFutureNs } from "../../limits.ts";
import { accept, type Outcome, refuse } from "../../outcome.ts";
import type { DropReason } from "../../runtime/drops.ts";
import type { Addressee } from "../../runtime/service.ts";
import { maxStashBytes, type StorePayload, whyNoStore } from "./messages.ts";
import type { Sealed } from "./vault.ts";

export interface Kept extends Sealed {
  readonly owner: Addressee;
  /** By its owner's clock, Unix seconds. */
  readonly ts: number;
  /** When I took it, Unix seconds. */
  readonly storedAtS: number;
}

export interface NotKept {
  /** For the owner. */
  readonly why: string;
  readonly reason: DropReason;
}

export interface Keeper {
  /** @param owner who asks; it proved to be that. @returns whether it is new to me. */
  store(
    owner: Addressee,
    payload: StorePayload,
    nowS: number,
  ): Outcome<{ isNew: boolean }, NotKept>;
  of(ownerId: string): Kept | undefined;
  all(): readonly Kept[];
  readonly count: number;
  /** Of all nonces and ciphertexts. */
  readonly bytes: number;
}

/** Owners that are held (§4): the names of modes are those that the reference tests for. */
export function ownersHeld(memoryMode: string): number {
  switch (memoryMode) {
    case "medium":
      return 20;
    case "high":
      return 50;
    default:
      return 5;
  }
}

/** @param limit of owners. Those who are held when it falls stay, and may still store anew. */
export function createKeeper(limit: () => number): Keeper {
  const kept = new Map<string, Kept>();

  return {
    store(owner, payload, nowS) {
      const invalid = whyNoStore(payload);
      if (invalid !== undefined) return no(invalid, "invalid");
      const { nonce, ciphertext, ts } = payload;
      if (nonce === null || ciphertext === null) return no("ciphertext required", "invalid");
      if (payload.owner_id !== owner.id) {
        return no("owner_id is not who asks", "not_its_author");
      }
      if (ciphertext.length > maxStashBytes) {
        return no(`a stash may have at most ${maxStashBytes} bytes`, "too_large");
      }
      if (ts > nowS + maxFutureS) return no("ts lies in the future", "future");
      const before = kept.get(owner.id);
      if (before !== undefined && ts < before.ts) return no("older than what is kept", "stale");
      if (before === undefined && kept.size >= limit()) {
        return no("storage limit reached", "stash_full");
      }
      // Copies: a message's bytes may be a view of something larger.
      const sealed = { nonce: nonce.slice(), ciphertext: ciphertext.slice() };
      kept.set(owner.id, { ...sealed, owner, ts, storedAtS: nowS });
      return accept({ isNew: before === undefined });
    },
    of: (ownerId) => kept.get(ownerId),
    all: () => [...kept.values()],
    get count() {
      return kept.size;
    },
    get bytes() {
      let sum = 0;
      for (const { nonce, ciphertext } of kept.values()) sum += nonce.length + ciphertext.length;
      return sum;
    },
  };
}

const maxFutureS = Number(maxFutureNs / 1_000_000_000n);

const no = (why: string, reason: DropReason) => refuse<NotKept>({ why, reason });
