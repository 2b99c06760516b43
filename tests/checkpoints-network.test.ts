/**
 * Eight naras agree on how one of them has lived, under virtual time
 * (docs/protocol/mesh-runtime-checkpoints.md §5, Weaknesses 1 to 3).
 */
import { expect, test } from "vitest";
import { encodeBase64 } from "../src/nara/codec/base64.ts";
import { fromUtf8, utf8 } from "../src/nara/codec/utf8.ts";
import { newSyncEvent, type SyncEvent, signSyncEvent } from "../src/nara/events/sync-event.ts";
import type { Nara } from "../src/nara/nara.ts";
import type { KeyPair, Plaza } from "../src/nara/ports.ts";
import { signedText, type Vote } from "../src/nara/services/checkpoints/messages.ts";
import type { CheckpointView } from "../src/nara/view.ts";
import { faultsOf } from "./support/fit-to-send.ts";
import { createNetwork, type Network, realCrypto, seedOf } from "./support/network.ts";

const others = ["bob", "carol", "dave", "erin", "frank", "grace"];
const startS = 1_800_000_000n;
/** When alice was born, as honest neighbours tell, each by its own watch. */
const aliceStartS = startS - 5_000_000n;
const keyPairOf = (name: string): KeyPair => realCrypto.keyPair(seedOf(`${name} of the seed`));

interface Village {
  readonly network: Network;
  readonly alice: Nara;
  readonly all: readonly Nara[];
}

/** Alice and seven others, long enough together to vote; `last` is the eighth. */
async function village(last: (network: Network) => Nara = joins("heidi")): Promise<Village> {
  const network = createNetwork({ startNs: startS * 1_000_000_000n });
  const alice = network.join("alice");
  const all = [alice, ...others.map((name) => network.join(name)), last(network)];
  await network.clock.pass({ minutes: 8 });
  return { network, alice, all };
}

const joins =
  (name: string) =>
  (network: Network): Nara =>
    network.join(name);

/** What `by` saw of alice, told to everybody. */
async function everybodyHears({ all }: Village, by: string, seen: object): Promise<void> {
  const event = newSyncEvent("observation", startS * 1_000_000_000n, {
    ...{ observer: by, subject: "alice", importance: 3n },
    ...seen,
  });
  const signed = signSyncEvent(event as SyncEvent, by, keyPairOf(by));
  for (const nara of all) await nara.runtime.intake.take([signed], { path: "sync", from: by });
}

/** Six watches, ten seconds apart, and seven restarts. */
async function tellOfAlice(village: Village): Promise<void> {
  for (const [at, by] of others.entries()) {
    const start_time = aliceStartS + BigInt(at * 2);
    await everybodyHears(village, by, { type: "restart", start_time, restart_num: 7n });
  }
}

const chain = (nara: Nara): readonly CheckpointView[] => nara.checkpoints.chain("alice");
const votersOf = (checkpoint: CheckpointView | undefined): readonly string[] =>
  checkpoint?.voters.filter(({ isSubject }) => !isSubject).map(({ name }) => name) ?? [];

test("eight naras reach a checkpoint about one, with five distinct verified voters", async () => {
  const { network, alice, all } = await village();
  await tellOfAlice({ network, alice, all });
  expect(alice.checkpoints.ask()).toEqual({ ok: true, value: undefined });
  await network.clock.pass({ minutes: 1 });
  for (const nara of all) {
    expect(chain(nara)).toHaveLength(1);
    const [checkpoint] = chain(nara);
    expect(new Set(votersOf(checkpoint)).size).toBeGreaterThanOrEqual(5);
    expect(checkpoint?.figures.restarts).toBe(7);
    const startedAtS = BigInt((checkpoint?.figures.startedAtMs ?? 0) / 1000);
    expect(startedAtS - aliceStartS).toBeLessThanOrEqual(60n);
  }
  expect(alice.view().checkpoints.ballot?.outcome).toEqual({
    is: "agreed",
    id: chain(alice)[0]?.id,
  });
  expect(all[1]?.view().checkpoints.answers).toMatchObject([{ subject: "alice", agreed: true }]);
  expect(network.said("nara/checkpoint/propose")).toHaveLength(1);
  expect(network.said("nara/checkpoint/final")).toHaveLength(1);
  const traffic = network.broker.traffic.filter(({ topic }) => topic.startsWith("nara/checkpoint"));
  expect(new Set(traffic.map(({ qos }) => qos))).toEqual(new Set([1]));
  expect(traffic.length).toBeGreaterThanOrEqual(8);
  expect(traffic.flatMap(faultsOf)).toEqual([]);
  expect(network.errors).toEqual([]);
});

test("the next checkpoint refers to the one before it", async () => {
  const { network, alice, all } = await village();
  alice.checkpoints.ask();
  await network.clock.pass({ minutes: 11 });
  const [first] = chain(alice);
  expect(alice.checkpoints.ask().ok).toBe(true);
  await network.clock.pass({ minutes: 1 });
  const [second, before] = chain(alice);
  expect(before).toEqual(first);
  expect(second?.previousId).toBe(first?.id);
  expect(second?.voters[0]).toMatchObject({ name: "alice", isSubject: true });
  expect(chain(all[3]!)).toEqual(chain(alice));
});

test("watches that differ come together in a second round", async () => {
  const { network, alice, all } = await village();
  for (const [at, by] of others.entries()) {
    const start_time = aliceStartS + BigInt(at * 15);
    const only = { network, alice, all: all.filter(({ name }) => name === by) };
    await everybodyHears(only, by, { type: "restart", start_time, restart_num: 7n });
    // Nobody has a word for it but its own.
    await everybodyHears(only, by, { type: "first-seen", start_time });
  }
  alice.checkpoints.ask();
  await network.clock.pass({ minutes: 2 });
  expect(alice.view().checkpoints.ballot).toMatchObject({ round: 2, outcome: { is: "agreed" } });
  const [checkpoint] = chain(alice);
  expect(checkpoint?.figures.restarts).toBe(7);
  expect(votersOf(checkpoint).length).toBeGreaterThanOrEqual(5);
  expect(network.said("nara/checkpoint/propose").map(({ round }) => round)).toEqual([1, 2]);
  expect(chain(all[4]!)).toEqual(chain(alice));
});

test("a liar among eight changes nothing beyond the tolerance", async () => {
  const honest = await village();
  await tellOfAlice(honest);
  honest.alice.checkpoints.ask();
  await honest.network.clock.pass({ minutes: 2 });
  const truth = chain(honest.alice)[0]?.figures;

  const lied = await village(joinsLying("mallory"));
  await tellOfAlice(lied);
  await everybodyHears(lied, "mallory", { type: "first-seen", start_time: 400_000_000n });
  for (let at = 1n; at < 30n; at++) {
    const start_time = startS - at;
    await everybodyHears(lied, "mallory", { type: "restart", start_time, restart_num: 900n });
  }
  lied.alice.checkpoints.ask();
  await lied.network.clock.pass({ minutes: 2 });
  const [checkpoint] = chain(lied.alice);
  expect(lied.network.said("nara/checkpoint/vote", "mallory").length).toBeGreaterThan(0);
  expect(votersOf(checkpoint)).not.toContain("mallory");
  expect(checkpoint?.figures.restarts).toBe(truth?.restarts);
  const offMs = (checkpoint?.figures.startedAtMs ?? 0) - (truth?.startedAtMs ?? 0);
  expect(Math.abs(offMs)).toBeLessThanOrEqual(60_000);
  expect(Math.abs((checkpoint?.figures.uptimeS ?? 0) - (truth?.uptimeS ?? 0))).toBeLessThan(61);
});

test("a partition in the middle of a vote leads to no checkpoint, and to one when it is over", async () => {
  const { network, alice, all } = await village();
  alice.checkpoints.ask();
  await network.clock.advance(500);
  network.broker.down();
  await network.clock.pass({ seconds: 20 });
  network.broker.up();
  await network.clock.pass({ minutes: 3 });
  for (const nara of all) expect(chain(nara)).toEqual([]);
  expect(alice.view().checkpoints.ballot?.outcome).toEqual({
    is: "failed",
    why: "the plaza could not be heard in the middle of the vote",
  });
  const asked = alice.checkpoints.ask();
  expect(asked).toEqual({ ok: false, refusal: "you were away; listen for some minutes first." });
  await network.clock.pass({ minutes: 10 });
  expect(alice.checkpoints.ask().ok).toBe(true);
  await network.clock.pass({ minutes: 2 });
  for (const nara of all) expect(chain(nara)).toHaveLength(1);
}, 60_000);

test("where fewer vote than it takes, it is said how many", async () => {
  const { network, alice, all } = await village();
  for (const nara of all.slice(5)) nara.runtime.keepToPlaza(false, "the way there is broken");
  expect(alice.checkpoints.ask().ok).toBe(true);
  await network.clock.pass({ minutes: 5 });
  expect(alice.view().checkpoints.ballot?.outcome).toEqual({
    is: "failed",
    why: "only 4 voted, and it takes 5",
  });
});

test("who is cut off in the middle settles nothing with the votes that came before", async () => {
  const { network, alice, all } = await village();
  alice.checkpoints.ask();
  await network.clock.advance(1200);
  network.broker.cut("alice");
  await network.clock.pass({ minutes: 3 });
  for (const nara of all) expect(chain(nara)).toEqual([]);
});

test("it takes six neighbours who are here, and two minutes of listening", async () => {
  const network = createNetwork();
  const alice = network.join("alice");
  for (const name of others.slice(0, 5)) network.join(name);
  await network.clock.pass({ minutes: 1 });
  expect(alice.checkpoints.ask()).toEqual({
    ok: false,
    refusal: "you woke a moment ago; listen for two minutes first.",
  });
  await network.clock.pass({ minutes: 5 });
  expect(alice.checkpoints.ask()).toEqual({
    ok: false,
    refusal: "it takes 6 neighbours, and 5 are here.",
  });
  expect(network.said("nara/checkpoint")).toEqual([]);
});

test("one vote at a time, and no new one while the last checkpoint is fresh", async () => {
  const { network, alice } = await village();
  expect(alice.checkpoints.ask().ok).toBe(true);
  expect(alice.checkpoints.ask()).toEqual({
    ok: false,
    refusal: "a vote about you is under way.",
  });
  await network.clock.pass({ minutes: 1 });
  expect(alice.checkpoints.ask()).toEqual({
    ok: false,
    refusal: "your last checkpoint is still fresh.",
  });
});

/** Signs other figures than it was asked for, and far ones, at once. */
function joinsLying(name: string) {
  const keyPair = keyPairOf(name);
  const lie = (payload: Uint8Array): Uint8Array => {
    const said = JSON.parse(fromUtf8(payload));
    said.observation = { restarts: 900_000, total_uptime: 90_000_000, start_time: 400_000_000 };
    const { observation, as_of_time, version } = said;
    const vote = {
      ...said,
      version: BigInt(version),
      as_of_time: BigInt(as_of_time),
      last_seen_checkpoint_id: said.last_seen_checkpoint_id ?? "",
      observation: {
        restarts: BigInt(observation.restarts),
        total_uptime: BigInt(observation.total_uptime),
        start_time: BigInt(observation.start_time),
      },
    } as Vote;
    said.signature = encodeBase64(keyPair.sign(utf8(signedText(vote))));
    return utf8(JSON.stringify(said));
  };
  return (network: Network): Nara => {
    const { plaza } = network.broker;
    const lying: Plaza = {
      ...plaza,
      connect(attempt) {
        const link = plaza.connect(attempt);
        return {
          ...link,
          publish: (topic, payload, qos) =>
            link.publish(topic, topic.endsWith("/vote") ? lie(payload) : payload, qos),
        };
      },
    };
    return network.join(name, { plaza: lying });
  };
}
