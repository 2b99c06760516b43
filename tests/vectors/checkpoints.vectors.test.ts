/**
 * Checkpoints as the reference agrees on them (docs/protocol/mesh-runtime-checkpoints.md §5).
 * Where ours are stricter, the expectation is worked out from the messages themselves
 * (docs/differences.md, Checkpoints).
 */
import { expect } from "vitest";
import { decodeBase64 } from "../../src/nara/codec/base64.ts";
import { decodeGo } from "../../src/nara/codec/go-types.ts";
import { utf8 } from "../../src/nara/codec/utf8.ts";
import {
  type CheckpointPayload,
  checkpoint,
  naraObservation,
} from "../../src/nara/events/checkpoint.ts";
import {
  decodeSyncEvent,
  encodeSyncEvent,
  newSyncEvent,
  type SyncEventOf,
} from "../../src/nara/events/sync-event.ts";
import { votesOf } from "../../src/nara/events/verification.ts";
import { trimmedMean, trimmedMeanPositive } from "../../src/nara/projections/trimmed-mean.ts";
import { agreement } from "../../src/nara/services/checkpoints/agreement.ts";
import {
  type Attestation,
  finalCheckpoint,
  observationOf,
  type Proposal,
  proposal,
  vote,
} from "../../src/nara/services/checkpoints/messages.ts";
import { createVoter, startOfVectorsS } from "./checkpoint-voter.ts";
import { holds, keyPairOf, publicKeyOf, type Signer } from "./signers.ts";
import { coverSections, testCases, vectors } from "./support.ts";

interface AttestationVector {
  readonly wire: string;
  readonly signs: string;
  readonly verifies: boolean;
}

interface EventVector {
  readonly wire: string;
  readonly accepted: boolean;
  readonly content?: string;
  readonly recomputedId?: string;
  readonly valid?: boolean;
  readonly verified?: number;
  readonly known?: number;
  readonly total?: number;
}

interface ProposalVector {
  readonly name: string;
  readonly voter: string;
  readonly ownValues: string;
  readonly ownReference: string;
  readonly proposal: string;
  readonly topic?: string;
  readonly qos?: number;
  readonly vote: string | null;
  readonly voteSigns?: string;
  readonly approved?: boolean;
}

interface VoteVector {
  readonly wire: string;
  readonly timesSent: number;
  readonly counted: number;
}

interface Said {
  readonly restarts: number;
  readonly uptime: number;
  readonly start: number;
  readonly reference: string;
  readonly signature: string;
}

interface ConsensusVector {
  readonly asOf: number;
  readonly proposal: Said;
  readonly votes: readonly (Said & { voter: string; approved: boolean; voterUptime: number })[];
  readonly consensus: boolean;
  readonly checkpoint?: string;
  readonly verified?: number;
  readonly total?: number;
}

interface SequenceVector {
  readonly latest: string;
  readonly previous: string;
  readonly voters: number;
  readonly votes: readonly string[] | null;
  readonly published: readonly { qos: number; topic: string; wire: string }[] | null;
}

interface MeanVector {
  readonly values: readonly number[] | null;
  readonly mean: number;
  readonly meanOfPositive: number;
}

const { people = [] } = vectors<{ people?: readonly Signer[] }>("checkpoints.json");
const personNamed = (name: string): Signer => {
  const person = people.find((one) => one.name === name);
  if (person === undefined) throw new Error(`nobody is called ${name}`);
  return person;
};
const personOf = (id: string): Signer | undefined => people.find((one) => one.id === id);
/** "accepted … at a nara that knows voters 0-8 and the subject by id" */
const known = people.filter(({ name }) => /^(subject|voter[0-8])$/.test(name));
const second = 1_000_000_000n;

const voterAtStart = (parts: {
  readonly who: Signer;
  readonly knows: readonly Signer[];
  readonly booting?: boolean;
}) => createVoter({ ...parts, keyPair: keyPairOf(parts.who), startNs: startOfVectorsS * second });

coverSections("checkpoints.json", {
  attestations: (cases: AttestationVector[]) => testCases(cases, checkAttestation),
  events: (cases: EventVector[]) => testCases(cases, checkEvent),
  proposals: (cases: ProposalVector[]) => testCases(cases, checkProposal),
  votes: (cases: VoteVector[]) => testCases(cases, checkVote),
  consensus: (cases: ConsensusVector[]) => testCases(cases, checkConsensus),
  sequences: (cases: SequenceVector[]) => testCases(cases, checkSequence),
  trimmedMean: (cases: MeanVector[]) => testCases(cases, checkMean),
});

function checkAttestation({ wire, signs, verifies }: AttestationVector): void {
  const { message, signedBytes } = proposalIn(wire);
  expect(signedBytes).toEqual(utf8(signs));
  const publicKey = publicKeyOf(personOf(message.payload.attester_id));
  const signature = decodeBase64(message.signature) ?? new Uint8Array();
  expect(holds({ publicKey, signature, message: signedBytes })).toBe(verifies);
}

async function checkEvent(vector: EventVector): Promise<void> {
  const decoded = decodeSyncEvent(vector.wire);
  if (!decoded.ok || decoded.value.svc !== "checkpoint") {
    expect(vector.accepted).toBe(false);
    expect(finalCheckpoint.envelope.decode(vector.wire, { topic: "", atNs: 0n }).ok).toBe(false);
    return;
  }
  const event = decoded.value;
  const { payload } = event;
  expect(checkpoint.content(payload)).toBe(vector.content);
  expect(event.id === newSyncEvent("checkpoint", event.tsNs, payload).id).toBe(
    event.id === vector.recomputedId,
  );
  expect(checkpoint.refuse(payload) === undefined).toBe(vector.valid);
  const lookup = (id: string) => publicKeyFor(known.find((one) => one.id === id));
  const votes = votesOf(payload, lookup);
  if (votes.length > 0) {
    expect(votes.filter((one) => one.known)).toHaveLength(vector.known ?? 0);
    expect(votes.filter(({ claim }) => holds(claim))).toHaveLength(vector.verified ?? 0);
  }

  // Told long after its moment, which nobody signs: never ours.
  expect(await isTaken(vector.wire)).toBe(vector.accepted && isTimely(event) && isStrict(vector));
  if (event.id !== vector.recomputedId || payload.as_of_time <= 0n) return;
  const timely = newSyncEvent("checkpoint", payload.as_of_time * second + 4n * second, payload);
  expect(await isTaken(encodeSyncEvent(timely))).toBe(vector.accepted && isStrict(vector));
}

const isTimely = ({ tsNs, payload }: SyncEventOf<"checkpoint">): boolean =>
  tsNs / second - payload.as_of_time <= 600n;

/** All voters known, each once, each vote good, the name the id's own. */
function isStrict({ wire, verified, total, recomputedId }: EventVector): boolean {
  const event = JSON.parse(wire);
  const voters: readonly string[] = event.checkpoint.voter_ids ?? [];
  return (
    event.id === recomputedId &&
    verified === total &&
    new Set(voters).size === voters.length &&
    personOf(event.checkpoint.subject_id)?.name === event.checkpoint.subject
  );
}

async function isTaken(wire: string): Promise<boolean> {
  const keeper = { ...personNamed("stranger"), name: "keeper", id: "keeper" };
  const voter = await voterAtStart({ who: keeper, knows: known });
  await voter.hear("nara/checkpoint/final", wire);
  return voter.runtime.ledger.byService("checkpoint").length === 1;
}

async function checkProposal(vector: ProposalVector): Promise<void> {
  const asked = proposalIn(vector.proposal).message.payload;
  const voter = await voterAtStart({
    who: personNamed(vector.voter),
    knows: known,
    booting: vector.name.includes("still booting"),
  });
  const own = decodeGo(naraObservation, vector.ownValues);
  if (!own.ok) throw new Error("a voter's own values cannot be read");
  expect(voter.remember("subject", { observation: own.value })).toBe(vector.ownReference);
  await voter.hear("nara/checkpoint/propose", vector.proposal);
  await voter.clock.pass({ seconds: 5 });
  const said = voter.said("nara/checkpoint/vote");
  if (vector.vote === null || !isAnswered(asked)) {
    expect(said).toEqual([]);
    return;
  }
  expect(said).toEqual([{ topic: vector.topic, qos: vector.qos, wire: vector.vote }]);
  const { payload } = voteIn(vector.vote).message;
  expect(payload.approved).toBe(vector.approved);
  expect(voteIn(vector.vote).signedBytes).toEqual(utf8(vector.voteSigns ?? ""));
}

/** Of itself, of now, in a round that there is. */
const isAnswered = (asked: Proposal): boolean =>
  personOf(asked.subject_id)?.name === asked.subject &&
  (asked.round === 1n || asked.round === 2n) &&
  asked.as_of_time - startOfVectorsS <= 60n &&
  startOfVectorsS - asked.as_of_time <= 120n;

async function checkVote({ wire, timesSent, counted }: VoteVector): Promise<void> {
  const subject = personNamed("subject");
  const voter = await voterAtStart({ who: subject, knows: known });
  expect(voter.checkpoints.ask().ok).toBe(true);
  for (let time = 0; time < timesSent; time++) await voter.hear("nara/checkpoint/vote", wire);
  const said = voteIn(wire).message.payload;
  const isOurs =
    said.as_of_time === said.proposal_ts &&
    said.subject_id === subject.id &&
    personOf(said.attester_id)?.name === said.attester;
  const expected = counted > 0 && isOurs ? 1 : 0;
  expect(voter.checkpoints.view().ballot?.votes).toHaveLength(expected);
}

function checkConsensus(vector: ConsensusVector): void {
  const subject = personNamed("subject");
  const attested = (by: Signer, said: Said): Attestation => ({
    version: 2n,
    ...{ subject: subject.name, subject_id: subject.id, attester: by.name, attester_id: by.id },
    observation: observationOf({
      restarts: BigInt(said.restarts),
      totalUptimeS: BigInt(said.uptime),
      startTimeS: BigInt(said.start),
    }),
    ...{ last_seen_checkpoint_id: said.reference, as_of_time: BigInt(vector.asOf) },
    signature: said.signature,
  });
  const uptimes = new Map(vector.votes.map(({ voter, voterUptime }) => [voter, voterUptime]));
  const agreed = agreement(
    { ...attested(subject, vector.proposal), round: 1n },
    vector.votes.map((said) => attested(personNamed(said.voter), said)),
    (name) => BigInt(uptimes.get(name) ?? 0),
  );
  if (vector.consensus && vector.verified === vector.total) {
    expect(agreed && checkpoint.payload.print(agreed)).toBe(vector.checkpoint);
    return;
  }
  // The reference let approvals win whose signatures do not fit together; only equal ones do.
  const equal = [...equalVotes(vector.votes).values()].sort((a, b) => b.length - a.length)[0] ?? [];
  if (equal.length < 5) {
    expect(agreed).toBeUndefined();
    return;
  }
  const signed = new Set([vector.proposal.signature, ...equal.map(({ signature }) => signature)]);
  expect(agreed?.signatures?.length).toBeGreaterThanOrEqual(5);
  expect(agreed?.signatures?.every((signature) => signed.has(signature))).toBe(true);
  expect(
    votesOf(agreed as CheckpointPayload, (id) => publicKeyFor(personOf(id))).every(({ claim }) =>
      holds(claim),
    ),
  ).toBe(true);
}

function equalVotes(votes: ConsensusVector["votes"]) {
  const groups = new Map<string, Said[]>();
  for (const said of votes) {
    const key = [said.restarts, said.uptime, said.start, said.reference].join(" ");
    groups.set(key, [...(groups.get(key) ?? []), said]);
  }
  return groups;
}

async function checkSequence({
  latest,
  previous,
  voters,
  ...vector
}: SequenceVector): Promise<void> {
  const published = vector.published ?? [];
  const first = proposalIn(published[0]?.wire ?? "").message.payload;
  const neighbours = people.filter(({ name }) => name.startsWith("voter")).slice(0, voters);
  const voter = await voterAtStart({ who: personNamed("subject"), knows: neighbours });
  expect(voter.remember("subject", first)).toBe(previous);
  expect(voter.checkpoints.ask().ok).toBe(true);
  const votes = (vector.votes ?? []).map((wire) => ({ wire, said: voteIn(wire).message.payload }));
  for (const round of [1n, 2n]) {
    const ofRound = votes.filter(({ said }) => said.round === round);
    for (const [at, { wire }] of ofRound.entries()) {
      if (at > 0) await voter.clock.pass({ seconds: 1 });
      await voter.hear("nara/checkpoint/vote", wire);
    }
    const asOfS = votes.find(({ said }) => said.round > round)?.said.as_of_time;
    if (asOfS === undefined) continue;
    const leftNs = asOfS * second - voter.clock.nowNs();
    if (leftNs > 0n) await voter.clock.advance(Number(leftNs / 1_000_000n));
  }
  await voter.clock.pass({ minutes: 3 });

  const said = voter.said("nara/checkpoint/");
  expect(said.map(({ topic, qos }) => ({ topic, qos }))).toEqual(
    published.map(({ topic, qos }) => ({ topic, qos })),
  );
  for (const [at, { topic, wire }] of published.entries()) {
    const ours = said[at]?.wire ?? "";
    if (topic.endsWith("/propose")) expect(ours).toBe(wire);
    else expect(inNoOrder(ours)).toEqual(inNoOrder(wire));
  }
  const remembered = voter.runtime.ledger.byService("checkpoint").at(-1)?.id;
  expect(remembered).toBe(JSON.parse(latest).id);
}

/** Signatures stand by the voters' uptimes, which the vectors do not tell; the proposer's leads. */
function inNoOrder(wire: string) {
  const { checkpoint: payload, ...event } = JSON.parse(wire.replace(/"ts":(\d+)/, '"ts":"$1"'));
  const { voter_ids, signatures, ...rest } = payload;
  const pairs = voter_ids.map((id: string, at: number) => `${id} ${signatures[at]}`);
  return { ...event, ...rest, lead: pairs[0].includes(payload.subject_id), pairs: pairs.sort() };
}

function checkMean({ values, mean, meanOfPositive }: MeanVector): void {
  expect(trimmedMean(values ?? []).mean).toBe(mean);
  expect(trimmedMeanPositive(values ?? []).mean).toBe(meanOfPositive);
}

const publicKeyFor = (person: Signer | undefined): Uint8Array | undefined =>
  person === undefined ? undefined : publicKeyOf(person);

const heard = { topic: "", atNs: 0n };
function proposalIn(wire: string) {
  const decoded = proposal.envelope.decode(wire, heard);
  if (!decoded.ok) throw new Error(`no proposal: ${decoded.refusal}`);
  return decoded.value;
}
function voteIn(wire: string) {
  const decoded = vote.envelope.decode(wire, heard);
  if (!decoded.ok) throw new Error(`no vote: ${decoded.refusal}`);
  return decoded.value;
}
