/** When a nara proposes by itself (docs/protocol/mesh-runtime-checkpoints.md §5, Propose, Round 2). */
import { expect, test } from "vitest";
import { newSyncEvent } from "../src/nara/events/sync-event.ts";
import type { Proposal } from "../src/nara/services/checkpoints/messages.ts";
import { bob, checkpointOf, nara, nowS } from "./attacks/besieged.ts";
import { besiegedVoter, proposalIn, voteBy } from "./attacks/besieged-voter.ts";

const voters = ["carol", "dave", "erin", "frank", "grace", "heidi"].map(nara);
const daySeconds = 86_400;
const lookSeconds = 900;

type Village = Awaited<ReturnType<typeof besiegedVoter>>;
const proposals = (village: Village): readonly Proposal[] =>
  village.said("propose").map(proposalIn);

test("it proposes a day after it woke, at the next look, and again until somebody votes", async () => {
  const village = await besiegedVoter(voters);
  await village.pass(daySeconds - lookSeconds);
  expect(proposals(village)).toEqual([]);
  await village.pass(lookSeconds);
  expect(proposals(village)).toHaveLength(1);
  await village.pass(lookSeconds);
  expect(proposals(village).map(({ round }) => round)).toEqual([1n, 1n]);
});

test("a checkpoint that others tell of counts from its own time", async () => {
  const village = await besiegedVoter([bob, ...voters]);
  const asOfS = nowS - 80_000n;
  const about = { name: "alice", id: "alice-id-0000" };
  const known = checkpointOf({ ...bob, ...about }, voters, { as_of_time: asOfS });
  const told = newSyncEvent("checkpoint", (asOfS + 60n) * 1_000_000_000n, known);
  await village.takes(told);
  await village.pass(5 * lookSeconds);
  expect(proposals(village)).toEqual([]);
  await village.pass(3 * lookSeconds);
  expect(proposals(village)).toHaveLength(1);
  expect(proposals(village)[0]?.last_seen_checkpoint_id).toBe(told.id);
});

test("two rounds without agreement are followed by a day of rest", async () => {
  const village = await besiegedVoter(voters);
  await village.pass(daySeconds);
  for (const round of [1, 2]) {
    const proposed = proposals(village).at(-1);
    expect(proposed?.round).toBe(BigInt(round));
    for (const [at, voter] of voters.entries()) {
      const observation = { restarts: BigInt(round * 1000 * (at + 1)) };
      if (proposed !== undefined) {
        await village.hear("vote", voteBy(voter, proposed, { observation }));
      }
    }
    await village.pass(1);
  }
  expect(proposals(village)).toHaveLength(2);
  await village.pass(daySeconds - lookSeconds);
  expect(proposals(village)).toHaveLength(2);
  await village.pass(2 * lookSeconds);
  expect(proposals(village)).toHaveLength(3);
});
