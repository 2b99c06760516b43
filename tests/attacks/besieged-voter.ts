/** Alice among neighbours who vote, one of whom may be up to no good. */
import { encodeBase64 } from "../../src/nara/codec/base64.ts";
import { utf8 } from "../../src/nara/codec/utf8.ts";
import { encodeSyncEvent, type SyncEvent } from "../../src/nara/events/sync-event.ts";
import type { Outcome } from "../../src/nara/outcome.ts";
import type { DropReason } from "../../src/nara/runtime/drops.ts";
import {
  type Attestation,
  observationOf,
  type Proposal,
  proposal,
  signedText,
  type Vote,
  vote,
} from "../../src/nara/services/checkpoints/messages.ts";
import type { CheckpointView } from "../../src/nara/view.ts";
import { createVoter } from "../vectors/checkpoint-voter.ts";
import { alice, type Nara, nowNs, nowS } from "./besieged.ts";

export interface BesiegedVoter {
  hear(kind: "propose" | "vote", said: Proposal | Vote): Promise<void>;
  hearFinal(event: SyncEvent): Promise<void>;
  /** It comes with somebody's memories. */
  takes(event: SyncEvent): Promise<void>;
  knows(somebody: Nara): void;
  ask(): Outcome<void>;
  /** Votes that were counted. */
  votes(): number;
  chain(name: string): readonly CheckpointView[];
  /** About alice. */
  checkpoints(): readonly CheckpointView[];
  dropped(reason: DropReason): number;
  /** What alice said, as text. */
  said(kind: "propose" | "vote" | "final"): readonly string[];
  pass(seconds: number): Promise<void>;
  sleep(seconds: number): Promise<void>;
  nowS(): bigint;
}

export async function besiegedVoter(known: readonly Nara[]): Promise<BesiegedVoter> {
  const voter = await createVoter({
    who: alice,
    keyPair: alice.keyPair,
    knows: known,
    startNs: nowNs,
  });
  const { checkpoints, clock, runtime } = voter;
  return {
    hear: (kind, said) => voter.hear(`nara/checkpoint/${kind}`, textOf(said)),
    hearFinal: (event) => voter.hear("nara/checkpoint/final", encodeSyncEvent(event)),
    async takes(event) {
      await runtime.intake.take([event], { path: "sync", from: "bob" });
    },
    knows: ({ name, id, publicKey }) => void runtime.keyring.pin(name, id, publicKey),
    ask: checkpoints.ask,
    votes: () => checkpoints.view().ballot?.votes.length ?? 0,
    chain: checkpoints.chain,
    checkpoints: () => checkpoints.chain(alice.name),
    dropped: (reason) => runtime.drops.of(reason),
    said: (kind) => voter.said(`nara/checkpoint/${kind}`).map(({ wire }) => wire),
    pass: (seconds) => clock.pass({ seconds }),
    sleep: (seconds) => clock.sleep({ seconds }),
    nowS: () => clock.nowNs() / 1_000_000_000n,
  };
}

/** Alice has asked for a checkpoint about herself. */
export async function openVote(
  known: readonly Nara[],
): Promise<{ readonly village: BesiegedVoter; readonly proposed: Proposal }> {
  const village = await besiegedVoter(known);
  const asked = village.ask();
  if (!asked.ok) throw new Error(asked.refusal);
  return { village, proposed: proposalIn(village.said("propose")[0] ?? "") };
}

export function proposalIn(wire: string): Proposal {
  const decoded = proposal.envelope.decode(wire, here);
  if (!decoded.ok) throw new Error(decoded.refusal);
  return decoded.value.message.payload;
}

type Changes<Said> = Partial<Omit<Said, "observation">> & {
  readonly observation?: Partial<Attestation["observation"]>;
};

/** A vote that approves, but for the changes. */
export function voteBy(voter: Nara, proposed: Proposal, changes: Changes<Vote> = {}): Vote {
  return attest(voter, {
    ...proposed,
    ...{ attester: voter.name, attester_id: voter.id, proposal_ts: proposed.as_of_time },
    approved: true,
    ...changes,
    observation: { ...proposed.observation, ...changes.observation },
  });
}

/** A nara proposes what everybody believes of it, nothing, but for the changes. */
export function proposalBy(subject: Nara, changes: Changes<Proposal> = {}): Proposal {
  const nothing = observationOf({ restarts: 0n, totalUptimeS: 0n, startTimeS: 0n });
  return attest(subject, {
    ...{ version: 2n, subject: subject.name, subject_id: subject.id },
    ...{ attester: subject.name, attester_id: subject.id, last_seen_checkpoint_id: "" },
    ...{ as_of_time: nowS, signature: "", round: 1n },
    ...changes,
    observation: { ...nothing, ...changes.observation },
  });
}

/** With this nara's signature in place of whatever is there. */
export const attest = <Said extends Attestation>(by: Nara, said: Said): Said => ({
  ...said,
  signature: encodeBase64(by.keyPair.sign(utf8(signedText(said)))),
});

const textOf = (said: Proposal | Vote): string => {
  const message = {
    ...{ kind: "", version: 1, id: "", contentKey: "", tsNs: 0n, from: "", fromId: "" },
    ...{ to: "", toId: "", inReplyTo: "", signature: said.signature },
  };
  return "approved" in said
    ? vote.envelope.encode({ ...message, payload: said })
    : proposal.envelope.encode({ ...message, payload: said });
};

const here = { topic: "", atNs: 0n };
