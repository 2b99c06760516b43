/** Checkpoints that are not what they say (docs/protocol/mesh-runtime-checkpoints.md §5, Weaknesses 1, 2). */
import { expect, test } from "vitest";
import { newSyncEvent, type SyncEvent } from "../../src/nara/events/sync-event.ts";
import type { DropReason } from "../../src/nara/runtime/drops.ts";
import {
  alice,
  besieged,
  bob,
  carol,
  checkpointOf,
  dave,
  everyPath,
  mallory,
  nara,
  nowNs,
  nowS,
  seconds,
  stranger,
} from "./besieged.ts";
import { attest, besiegedVoter, openVote, proposalBy, voteBy } from "./besieged-voter.ts";

const told = (payload: ReturnType<typeof checkpointOf>, tsNs = nowNs): SyncEvent =>
  newSyncEvent("checkpoint", tsNs, payload);
const honest = checkpointOf(bob, [bob, carol, dave]);

async function refusedEverywhere(event: SyncEvent, reason: DropReason): Promise<void> {
  for (const source of everyPath) {
    const nara = besieged();
    expect(await nara.take([event], source)).toEqual({ added: 0, dropped: { [reason]: 1 } });
    expect(nara.ledger.count()).toBe(0);
  }
}

test("an honest checkpoint is proven on every path, whoever carries it", async () => {
  for (const source of everyPath) {
    const nara = besieged();
    expect(await nara.take([told(honest)], source)).toEqual({ added: 1, dropped: {} });
    expect(nara.ledger.standingOf(told(honest).id)).toMatchObject({ tier: "proven" });
  }
});

test("one key cannot mint a checkpoint by voting again and again", async () => {
  const minted = checkpointOf(bob, Array(5).fill(mallory));
  await refusedEverywhere(told(minted), "repeated_voter");
});

test("one key cannot vote under several names and ids", async () => {
  const event = told(
    checkpointOf(bob, [], {
      voter_ids: ["mallory-id-0000", "mallory-too-id"],
      signatures: [mallory.attests(honest), mallory.attests(honest)],
    }),
  );
  for (const source of everyPath) {
    const nara = besieged();
    nara.keyring.pin("mallory-too", "mallory-too-id", mallory.publicKey);
    expect((await nara.take([event], source)).dropped).toEqual({ repeated_voter: 1 });
  }
});

test("no votes, or one, make no checkpoint, and neither does the carrier's signature", async () => {
  await refusedEverywhere(told(checkpointOf(bob, [])), "too_few_voters");
  await refusedEverywhere(told(checkpointOf(bob, [bob])), "too_few_voters");
  await refusedEverywhere(
    mallory.says("checkpoint", checkpointOf(bob, [mallory])),
    "too_few_voters",
  );
});

test("naras that nobody knows bear no witness", async () => {
  const sybils = ["sybil-1", "sybil-2", "sybil-3"].map(nara);
  await refusedEverywhere(told(checkpointOf(bob, sybils)), "unknown_voter");
  await refusedEverywhere(told(checkpointOf(bob, [carol, dave, stranger])), "unknown_voter");
});

test("a vote in another's name is none, and one bad vote spoils all", async () => {
  const forged = { ...honest, signatures: [bob, carol, mallory].map((by) => by.attests(honest)) };
  await refusedEverywhere(told(forged), "invalid_signature");
  const garbage = { ...honest, signatures: [...(honest.signatures ?? []).slice(0, 2), "????"] };
  await refusedEverywhere(told(garbage), "invalid_signature");
});

test("votes for other facts are worth nothing", async () => {
  const { observation } = honest;
  await refusedEverywhere(
    told({ ...honest, observation: { ...observation, restarts: 0n } }),
    "invalid_signature",
  );
  await refusedEverywhere(told({ ...honest, as_of_time: nowS }), "invalid_signature");
  await refusedEverywhere(
    told({ ...honest, previous_checkpoint_id: "ab".repeat(16) }),
    "invalid_signature",
  );
  await refusedEverywhere(told({ ...honest, version: 1n }), "invalid_signature");
});

test("votes about one nara cannot be put under another's name", async () => {
  await refusedEverywhere(told({ ...honest, subject: "carol" }), "id_conflict");
  await refusedEverywhere(told({ ...honest, subject: "unheard-of" }), "id_conflict");
  await refusedEverywhere(told({ ...honest, subject_id: carol.id }), "id_conflict");
});

test("without an id that we know, nobody can tell whom it is about", async () => {
  await refusedEverywhere(told(checkpointOf(stranger, [bob, carol])), "unknown_subject");
  await refusedEverywhere(told(checkpointOf(bob, [bob, carol], { subject_id: "" })), "id_conflict");
});

test("told again under another time, it is not another checkpoint", async () => {
  const nara = besieged();
  expect((await nara.take([told(honest)])).added).toBe(1);
  const again = told(honest, nowNs - seconds(1));
  expect(again.id).not.toBe(told(honest).id);
  expect((await nara.take([again], { path: "sync", from: "mallory" })).dropped).toEqual({
    another_account: 1,
  });
  const later = checkpointOf(bob, [bob, carol], { as_of_time: nowS - 30n });
  expect((await nara.take([told(later)])).added).toBe(1);
});

test("told under a time far from what it speaks of, it is impossible", async () => {
  await refusedEverywhere(told(honest, nowNs - seconds(86_400)), "out_of_range");
  const old = checkpointOf(bob, [bob, carol], { as_of_time: nowS - 86_400n });
  await refusedEverywhere(told(old), "out_of_range");
});

test("what no vote covers is not believed: looks, pings, round", async () => {
  const nara = besieged();
  const { observation } = honest;
  const dressed = { ...observation, online: "OFFLINE", last_seen: nowS, avg_ping_rtt: 1e300 };
  const event = told({ ...honest, observation: dressed, round: 99n });
  expect((await nara.take([{ ...event, emitter: "mallory", sig: "AAAA" }])).added).toBe(1);
  expect(nara.ledger.get(event.id)).toMatchObject({
    emitter: "",
    sig: "",
    payload: { round: 0n, observation },
  });
});

test("checkpoints that are known to be wrong stay away", async () => {
  const r2d2 = nara("r2d2");
  const cutoffS = 1_768_774_453n;
  const { observation } = honest;
  const at = (asOfS: bigint): SyncEvent =>
    told(
      checkpointOf(r2d2, [bob, carol], {
        as_of_time: asOfS,
        observation: { ...observation, start_time: 0n },
      }),
      (asOfS + 60n) * 1_000_000_000n,
    );
  const home = besieged();
  home.keyring.pin(r2d2.name, r2d2.id, r2d2.publicKey);
  expect((await home.take([at(cutoffS)])).dropped).toEqual({ invalid: 1 });
  expect((await home.take([at(cutoffS + 1n)])).added).toBe(1);
});

// ── Votes under way (Weaknesses 3, and what the service itself must refuse) ────────────────────

const voters = ["carol", "dave", "erin", "frank", "grace", "heidi"].map(nara);

test("a repeated vote counts once, whatever it says the second time", async () => {
  const { proposed, village } = await openVote([bob, ...voters]);
  const honestVote = voteBy(bob, proposed);
  await village.hear("vote", honestVote);
  await village.hear("vote", honestVote);
  await village.hear("vote", voteBy(bob, proposed, { observation: { restarts: 9n } }));
  expect(village.votes()).toBe(1);
  expect(village.dropped("repeated_voter")).toBe(2);
});

test("one key has one vote, under whatever name and id", async () => {
  const { proposed, village } = await openVote([bob, mallory]);
  const double = { ...mallory, name: "mallory-too", id: "mallory-too-id" };
  village.knows(double);
  await village.hear("vote", voteBy(mallory, proposed));
  await village.hear("vote", voteBy(double, proposed));
  expect(village.votes()).toBe(1);
  expect(village.dropped("repeated_voter")).toBe(1);
});

test("a stranger's vote is none, and neither is one in another's name", async () => {
  const { proposed, village } = await openVote([bob, ...voters, mallory]);
  await village.hear("vote", voteBy(stranger, proposed));
  expect(village.dropped("unknown_sender")).toBe(1);
  await village.hear("vote", { ...voteBy(mallory, proposed), attester: "bob" });
  await village.hear("vote", { ...voteBy(mallory, proposed), attester_id: bob.id });
  expect(village.dropped("id_conflict")).toBe(2);
  await village.hear("vote", attest(mallory, { ...voteBy(bob, proposed) }));
  expect(village.dropped("invalid_signature")).toBe(1);
  expect(village.votes()).toBe(0);
});

test("a vote for another moment, subject or round is not counted", async () => {
  const { proposed, village } = await openVote([bob, ...voters]);
  const { as_of_time } = proposed;
  await village.hear("vote", voteBy(bob, proposed, { as_of_time: as_of_time - 1n }));
  await village.hear("vote", voteBy(bob, proposed, { proposal_ts: as_of_time - 1n }));
  await village.hear("vote", voteBy(bob, proposed, { round: 2n }));
  expect(village.dropped("stale")).toBe(3);
  await village.hear("vote", voteBy(bob, proposed, { round: 77n }));
  expect(village.dropped("out_of_range")).toBe(1);
  await village.hear("vote", voteBy(bob, proposed, { subject_id: carol.id }));
  expect(village.dropped("id_conflict")).toBe(1);
  expect(village.votes()).toBe(0);
});

test("five junk votes void no round: those who agree still do", async () => {
  const { proposed, village } = await openVote([bob, mallory, ...voters]);
  for (let junk = 1; junk <= 5; junk++) {
    await village.hear(
      "vote",
      voteBy(mallory, proposed, { observation: { restarts: BigInt(junk) } }),
    );
  }
  for (const voter of voters.slice(0, 5)) await village.hear("vote", voteBy(voter, proposed));
  await village.pass(1);
  expect(village.checkpoints()).toHaveLength(1);
  expect(village.checkpoints()[0]?.voters.map(({ name }) => name)).not.toContain("mallory");
});

test("absurd observations are neither voted on nor counted", async () => {
  const { proposed, village } = await openVote([bob, ...voters]);
  const absurd = [
    { restarts: 1_000_001n },
    { total_uptime: nowS * 2n },
    { start_time: nowS * 2n },
    { start_time: -1n },
  ];
  for (const observation of absurd) {
    await village.hear("vote", voteBy(bob, proposed, { observation }));
    await village.hear("propose", proposalBy(carol, { observation }));
  }
  await village.hear("vote", voteBy(bob, proposed, { observation: { restarts: -1n } }));
  expect(village.dropped("out_of_range")).toBe(8);
  expect(village.dropped("invalid")).toBe(1);
  await village.pass(5);
  expect(village.votes()).toBe(0);
  expect(village.said("vote")).toEqual([]);
});

test("nobody proposes for another, under another's name, or for another time", async () => {
  const village = await besiegedVoter([bob, carol, mallory]);
  const forBob = { subject: "bob", subject_id: bob.id };
  await village.hear("propose", attest(mallory, { ...proposalBy(mallory), ...forBob }));
  expect(village.dropped("not_its_author")).toBe(1);
  const asBob = { ...forBob, attester: "bob", attester_id: bob.id };
  await village.hear("propose", attest(mallory, { ...proposalBy(mallory), ...asBob }));
  expect(village.dropped("invalid_signature")).toBe(1);
  const named = { subject: "bob", attester: "bob" };
  await village.hear("propose", { ...proposalBy(mallory), ...named });
  expect(village.dropped("id_conflict")).toBe(1);
  await village.hear("propose", proposalBy(stranger));
  expect(village.dropped("unknown_sender")).toBe(1);
  await village.hear("propose", proposalBy(carol, { as_of_time: nowS - 1000n }));
  expect(village.dropped("stale")).toBe(1);
  await village.hear("propose", proposalBy(carol, { as_of_time: nowS + 1000n }));
  expect(village.dropped("future")).toBe(1);
  await village.pass(5);
  expect(village.said("vote")).toEqual([]);
});

test("who has heard nothing of a nara keeps quiet about its claims", async () => {
  const village = await besiegedVoter([bob, carol]);
  await village.hear("propose", proposalBy(bob, { observation: { restarts: 7n } }));
  await village.hear("propose", proposalBy(carol));
  await village.pass(5);
  expect(village.said("vote")).toHaveLength(1);
  expect(village.said("vote")[0]).toContain('"subject":"carol"');
});

test("a storm of proposals is answered a few times a minute", async () => {
  const village = await besiegedVoter([bob, mallory]);
  for (let at = 0n; at < 50n; at++) {
    await village.hear("propose", proposalBy(mallory, { as_of_time: nowS - at }));
  }
  await village.pass(5);
  expect(village.said("vote").length).toBeLessThanOrEqual(6);
  expect(village.dropped("rate_limited")).toBe(44);
  await village.hear("propose", proposalBy(bob));
  await village.pass(5);
  expect(village.said("vote").at(-1)).toContain('"subject":"bob"');
});

test("a final needs five signatures on the plaza, and the gate's word", async () => {
  const village = await besiegedVoter([bob, ...voters, mallory]);
  await village.hearFinal(told(checkpointOf(bob, voters.slice(0, 4))));
  expect(village.dropped("too_few_voters")).toBe(1);
  await village.hearFinal(told(checkpointOf(bob, Array(5).fill(mallory))));
  expect(village.dropped("repeated_voter")).toBe(1);
  await village.hearFinal(told(checkpointOf(alice, voters)));
  expect(village.dropped("own_echo")).toBe(1);
  expect(village.chain("bob")).toEqual([]);
  await village.hearFinal(told(checkpointOf(bob, voters.slice(0, 5))));
  expect(village.chain("bob")).toHaveLength(1);
});

test("who slept neither votes nor proposes until it has listened again", async () => {
  const village = await besiegedVoter([bob, ...voters]);
  await village.sleep(8 * 3600);
  await village.hear("propose", proposalBy(bob, { as_of_time: village.nowS() }));
  await village.pass(10);
  expect(village.said("vote")).toEqual([]);
  expect(village.ask()).toEqual({
    ok: false,
    refusal: "you were away; listen for some minutes first.",
  });
  await village.pass(330);
  await village.hear("propose", proposalBy(bob, { as_of_time: village.nowS() }));
  await village.pass(5);
  expect(village.said("vote")).toHaveLength(1);
});
