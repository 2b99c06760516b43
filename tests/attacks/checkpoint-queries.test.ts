/** A checkpoint that nobody proved, had it come into the ledger as hearsay, anchors and serves nothing. */
import { expect, test } from "vitest";
import { utf8 } from "../../src/nara/codec/utf8.ts";
import { newSyncEvent, type SyncEvent } from "../../src/nara/events/sync-event.ts";
import { latestCheckpointOf, provenOnly, restartsOf } from "../../src/nara/ledger/queries.ts";
import { createProjections } from "../../src/nara/projections/projections.ts";
import { createMeshNara, textOf } from "../../src/nara/testing/mesh-nara.ts";
import { createVirtualClock } from "../../src/nara/testing/virtual-clock.ts";
import { alice, bob, carol, checkpointOf, dave, mallory, nowNs, nowS } from "./besieged.ts";

const told = (payload: ReturnType<typeof checkpointOf>): SyncEvent =>
  newSyncEvent("checkpoint", nowNs, payload);

function home() {
  const nara = createMeshNara({
    me: alice,
    keyPair: alice.keyPair,
    clock: createVirtualClock({ startNs: nowNs }),
    known: [bob, carol, dave, mallory],
  });
  const judge = { soulText: "", personality: { agreeableness: 50, sociability: 50, chill: 50 } };
  const { opinions } = createProjections(nara.ledger, judge, { nowNs: () => nowNs });
  const served = async (): Promise<{ total: number; text: string }> => {
    const target = "/api/checkpoints/all";
    const answer = await nara.ask({ method: "GET", target, headers: new Map(), body: utf8("") });
    const text = textOf(answer);
    return { total: Number(/"total":(\d+)/.exec(text)?.[1]), text };
  };
  return { nara, served, opinion: () => opinions.opinionOf("bob", Number(nowS)) };
}

test("hearsay of a later checkpoint is neither the latest, nor an anchor, nor served", async () => {
  const { nara, served, opinion } = home();
  const proven = told(checkpointOf(bob, [carol, dave], { as_of_time: nowS - 500n }));
  const { added } = await nara.intake.take([proven], { path: "sync", from: "mallory" });
  expect(added).toBe(1);
  const before = opinion();
  const { observation } = checkpointOf(bob, []);
  const rumour = told(checkpointOf(bob, [], { observation: { ...observation, restarts: 900n } }));
  expect(nara.ledger.add(rumour, { tier: "vouched", voucher: "mallory" }).ok).toBe(true);
  expect(opinion()).toEqual(before);
  expect(latestCheckpointOf(provenOnly(nara.ledger), "bob")?.id).toBe(proven.id);
  expect(restartsOf(provenOnly(nara.ledger), "bob")).toBe(7n);
  const { total, text } = await served();
  expect(total).toBe(1);
  expect(text).toContain(proven.id);
  expect(text).not.toContain(rumour.id);
});

test("no path takes a checkpoint in as hearsay, whoever vouches for it", async () => {
  for (const path of ["zine", "sync", "import"] as const) {
    const { nara, served } = home();
    const alone = told(checkpointOf(bob, [mallory]));
    const { dropped } = await nara.intake.take([alone], { path, from: "mallory" });
    expect(Object.fromEntries(dropped)).toEqual({ too_few_voters: 1 });
    expect((await served()).total).toBe(0);
    expect(nara.ledger.byService("checkpoint")).toEqual([]);
  }
});
