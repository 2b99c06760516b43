/**
 * Whose signatures make an event true: the payload's own key for hey-there and chau, two voters
 * for checkpoints, the emitter for all others (events-and-ledger §3).
 */
import { decodeBase64 } from "../codec/base64.ts";
import { utf8 } from "../codec/utf8.ts";
import type { SignatureClaim } from "../ports.ts";
import { attestationText, type CheckpointPayload } from "./checkpoint.ts";
import { isSigned, kindOf, type SyncEvent, signedDigest } from "./sync-event.ts";

/** Finds a 32-byte public key by id, by name, or both; either may be "". */
export type KeyLookup = (id: string, name: string) => Uint8Array | undefined;

export interface Proof {
  /** Signatures to check; one that cannot be checked is not among them. */
  readonly claims: readonly SignatureClaim[];
  /** How many of them must hold. */
  readonly needed: number;
}

export interface Vote {
  readonly voterId: string;
  /** We have the voter's key. */
  readonly known: boolean;
  /** Undefined when the key is not known or the signature is no base64. */
  readonly claim: SignatureClaim | undefined;
}

/** Valid signatures that a checkpoint needs (events-and-ledger §3). */
export const minCheckpointVotes = 2;

/** The envelope's signature under `publicKey`; undefined when there is none that could be checked. */
export const signatureClaim = (
  event: SyncEvent,
  publicKey: Uint8Array | undefined,
): SignatureClaim | undefined =>
  isSigned(event) ? claimOf(publicKey, signedDigest(event), event.sig) : undefined;

/** What the reference's inspector would check: the event holds if `needed` claims do. */
export function proofOf(event: SyncEvent, lookup: KeyLookup): Proof {
  if (!isSigned(event)) return { claims: [], needed: 1 };
  if (event.svc === "checkpoint") {
    return { claims: present(votesOf(event.payload, lookup)), needed: minCheckpointVotes };
  }
  const publicKey =
    kindOf(event).embeddedKey === undefined
      ? lookup(event.emitterId, event.emitter)
      : embeddedKeyOf(event);
  const claim = signatureClaim(event, publicKey);
  return { claims: claim === undefined ? [] : [claim], needed: 1 };
}

/** The key that a hey-there or chau brings along, when it is one. */
export function embeddedKeyOf(event: SyncEvent): Uint8Array | undefined {
  const publicKey = decodeBase64(kindOf(event).embeddedKey?.(event.payload) ?? "");
  return publicKey?.length === 32 ? publicKey : undefined;
}

/**
 * The votes in a checkpoint, repeated voters included; none when voters and signatures differ in
 * number. Whoever believes a checkpoint must count distinct voters.
 */
export function votesOf(checkpoint: CheckpointPayload, lookup: KeyLookup): readonly Vote[] {
  const voterIds = checkpoint.voter_ids ?? [];
  const signatures = checkpoint.signatures ?? [];
  if (voterIds.length !== signatures.length) return [];
  return voterIds.map((voterId, index) => {
    const publicKey = lookup(voterId, "");
    const message = utf8(attestationText(checkpoint, voterId));
    const claim = claimOf(publicKey, message, signatures[index] ?? "");
    return { voterId, known: publicKey !== undefined, claim };
  });
}

function claimOf(
  publicKey: Uint8Array | undefined,
  message: Uint8Array,
  base64: string,
): SignatureClaim | undefined {
  const signature = decodeBase64(base64);
  if (publicKey === undefined || signature === undefined) return undefined;
  return { publicKey, message, signature };
}

const present = (votes: readonly Vote[]): readonly SignatureClaim[] =>
  votes.flatMap(({ claim }) => (claim === undefined ? [] : [claim]));
