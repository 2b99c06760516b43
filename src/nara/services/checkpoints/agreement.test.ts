import { expect, test } from "vitest";
import { agreement, means } from "./agreement.ts";
import { type Attestation, observationOf, type Proposal } from "./messages.ts";

const signature = btoa("x".repeat(64));
const said = (by: string, restarts: bigint, reference = ""): Attestation => ({
  ...{
    version: 2n,
    subject: "alice",
    subject_id: "alice-id",
    attester: by,
    attester_id: `${by}-id`,
  },
  observation: observationOf({ restarts, totalUptimeS: 1000n, startTimeS: 5000n }),
  ...{ last_seen_checkpoint_id: reference, as_of_time: 9000n, signature },
});
const proposal: Proposal = { ...said("alice", 10n), round: 1n };
const names = ["bob", "carol", "dave", "erin", "frank", "grace", "heidi"];
const agreed = (votes: readonly Attestation[]) => agreement(proposal, votes, () => 0n);

test("four who agree are too few, five are enough, and the proposer does not count", () => {
  const votes = names.map((name) => said(name, 10n));
  expect(agreed(votes.slice(0, 4))).toBeUndefined();
  expect(agreed(votes.slice(0, 5))?.voter_ids).toHaveLength(6);
  expect(agreed(votes.slice(0, 5))?.voter_ids?.[0]).toBe("alice-id");
});

test("those who agree on other figures make a checkpoint without the proposer", () => {
  const checkpoint = agreed(names.map((name) => said(name, 20n)));
  expect(checkpoint?.observation.restarts).toBe(20n);
  expect(checkpoint?.voter_ids).not.toContain("alice-id");
});

test("votes that refer to different checkpoints do not fit together", () => {
  const votes = names.map((name, at) => said(name, 10n, at < 4 ? "one" : "other"));
  expect(agreed(votes)).toBeUndefined();
});

test("ten signatures are kept, of those who were up longest", () => {
  const many = Array.from({ length: 12 }, (_, at) => said(`v${at}`, 10n));
  const checkpoint = agreement(proposal, many, (name) => BigInt(name.slice(1)));
  expect(checkpoint?.voter_ids).toHaveLength(10);
  expect(checkpoint?.voter_ids?.slice(0, 2)).toEqual(["alice-id", "v11-id"]);
  expect(checkpoint?.voter_ids).not.toContain("v0-id");
});

test("a liar does not move the means of five who are near each other", () => {
  const votes = names.slice(0, 5).map((name, at) => said(name, 10n + BigInt(at)));
  expect(means(votes).restarts).toBe(12n);
  expect(means([...votes, said("mallory", 40n)]).restarts).toBe(12n);
});
