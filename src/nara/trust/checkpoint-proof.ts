/**
 * What makes a checkpoint true: at least two naras, and all that it names, each known, each
 * counted once, each having signed these very facts about a subject that carries this name and id.
 * (design "What we accept" 2; docs/protocol/mesh-runtime-checkpoints.md §5, Weaknesses 1)
 */
import { decodeBase64 } from "../codec/base64.ts";
import { utf8 } from "../codec/utf8.ts";
import { attestationText, type CheckpointPayload } from "../events/checkpoint.ts";
import { minCheckpointVotes } from "../events/verification.ts";
import { accept, type Outcome, refuse } from "../outcome.ts";
import type { SignatureClaim } from "../ports.ts";
import type { DropReason } from "../runtime/drops.ts";
import type { Keyring } from "../runtime/keyring.ts";

type Pins = Pick<Keyring, "keyOfId" | "nameOfId" | "idOf">;

/** The signatures that must hold, all of them. */
export function checkpointClaims(
  checkpoint: CheckpointPayload,
  keyring: Pins,
  keyBytes: (base64: string) => Uint8Array | undefined,
): Outcome<readonly SignatureClaim[], DropReason> {
  const { subject, subject_id } = checkpoint;
  const voterIds = checkpoint.voter_ids ?? [];
  if (voterIds.length < minCheckpointVotes) return refuse("too_few_voters");
  const unbound = whyUnbound(subject, subject_id, keyring);
  if (unbound !== undefined) return refuse(unbound);

  const keys = new Set<string>();
  const claims: SignatureClaim[] = [];
  for (const [index, voterId] of voterIds.entries()) {
    const key = keyring.keyOfId(voterId);
    if (key === undefined) return refuse("unknown_voter");
    // Ids can be invented for one key, so keys are what is counted.
    if (keys.has(key)) return refuse("repeated_voter");
    keys.add(key);
    const publicKey = keyBytes(key);
    const signature = decodeBase64(checkpoint.signatures?.[index] ?? "");
    if (publicKey === undefined || signature?.length !== 64) return refuse("invalid_signature");
    claims.push({ publicKey, signature, message: utf8(attestationText(checkpoint, voterId)) });
  }
  return accept(claims);
}

/** Attestations cover the id alone, so the name is worth what we know of it. */
function whyUnbound(name: string, id: string, keyring: Pins): DropReason | undefined {
  const known = keyring.idOf(name);
  if (id !== "" && known === id) return undefined;
  const isElsewhere = known !== "" || keyring.nameOfId(id) !== undefined;
  return isElsewhere ? "id_conflict" : "unknown_subject";
}
