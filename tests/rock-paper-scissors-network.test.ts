/** Rock-paper-scissors between whole naras. */
import { expect, test } from "vitest";
import { openManners } from "../src/nara/manners.ts";
import type { Nara } from "../src/nara/nara.ts";
import type { Hand } from "../src/nara/services/rock-paper-scissors/rules.ts";
import { createNetwork } from "./support/network.ts";

async function neighbours() {
  const network = createNetwork({ meshLatencyMs: 40 });
  const alice = network.join("alice", { meshIp: "100.64.0.1" });
  const bob = network.join("bob", { meshIp: "100.64.0.2" });
  await network.clock.advance(30_000);
  const play = async (by: Nara, name: string, hand: Hand) => {
    const playing = by.play(name, hand);
    await network.clock.advance(20_000);
    return playing;
  };
  return { network, alice, bob, play };
}

const lines = (nara: Nara) => nara.view().timeline.filter(({ kind }) => kind === "game");

test("two naras play, agree on who won, and both remember", async () => {
  const { network, alice, bob, play } = await neighbours();
  const hands = ["rock", "paper", "scissors", "rock", "rock", "paper"] as const;
  for (const hand of hands) {
    expect(await play(alice, "bob", hand)).toMatchObject({ ok: true, value: { mine: hand } });
  }
  const [ours, theirs] = [alice.view().games, bob.view().games];
  expect(ours.won + ours.lost + ours.drawn).toBe(hands.length);
  expect(theirs).toEqual({ won: ours.lost, lost: ours.won, drawn: ours.drawn });
  expect(lines(alice)).toHaveLength(hands.length);
  expect(lines(bob)[0]).toMatchObject({ about: "alice", signed: true });
  expect(network.errors).toEqual([]);
});

test("two that challenge each other at the same moment both decline, and can play right after", async () => {
  const { network, alice, bob, play } = await neighbours();
  const both = [alice.play("bob", "rock"), bob.play("alice", "paper")];
  await network.clock.advance(20_000);
  for (const said of await Promise.all(both)) {
    expect(said).toMatchObject({ refusal: expect.stringContaining("does not feel like playing") });
  }
  expect(await play(alice, "bob", "rock")).toMatchObject({ ok: true });
});

test("nobody plays with who has left, and who only listens challenges nobody", async () => {
  const { network, alice, bob, play } = await neighbours();
  const stopping = bob.stop();
  await network.clock.advance(5000);
  await stopping;
  expect(await play(alice, "bob", "rock")).toEqual({
    ok: false,
    refusal: "bob cannot be reached just now",
  });
  alice.setManners({ ...openManners, readOnly: true });
  expect(await play(alice, "bob", "rock")).toEqual({
    ok: false,
    refusal: "you only listen just now",
  });
  expect(alice.view().games).toEqual({ won: 0, lost: 0, drawn: 0 });
});
