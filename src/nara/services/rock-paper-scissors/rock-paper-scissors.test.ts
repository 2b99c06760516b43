/** The game on the mock runtime: alice is the nara under test, bob whatever a test makes of him. */
import { expect, test } from "vitest";
import { createNobleCrypto } from "../../../adapters/crypto/noble-crypto.ts";
import { createMockRuntime, type MockPeer } from "../../testing/mock-runtime.ts";
import { challenge, commit, gamesPerMinute, type Opened, result, reveal } from "./messages.ts";
import {
  answerMs,
  createRockPaperScissors,
  maxTables,
  type Played,
} from "./rock-paper-scissors.ts";
import { sealOf } from "./rules.ts";

function scene({ mood = true } = {}) {
  const told: Played[] = [];
  const game = createRockPaperScissors({
    personality: { chill: 50, agreeableness: 50, sociability: 50 },
    isInTheMood: () => mood,
    onPlayed: (played) => void told.push(played),
  });
  const mock = createMockRuntime({ services: [game.service], crypto: createNobleCrypto() });
  const said = () => mock.sent.map(({ text }) => JSON.parse(text));
  const last = (kind: string) => said().findLast((message) => message.kind === kind);
  /** Lets everything that is under way arrive. */
  const pass = () => mock.clock.advance(1);
  return { mock, game, told, said, last, pass, bob: mock.peer("bob") };
}

type Scene = ReturnType<typeof scene>;

/** Bob answers alice's challenge with a sealed hand, and her reveal with what he says it was. */
async function answered({ mock, last, pass, bob }: Scene, sealed: string, shown?: Partial<Opened>) {
  await pass();
  const { id, payload } = last("rps:challenge");
  const opened = { game: payload.game, hand: sealed, nonce: "bob's nonce" };
  const seal = sealOf(bob.id, opened);
  await mock.deliver(bob, commit, { game: payload.game, seal }, { inReplyTo: id });
  await pass();
  if (shown === undefined) return;
  const inReplyTo = last("rps:reveal").id;
  await mock.deliver(bob, result, { ...opened, ...shown }, { inReplyTo });
}

/** Bob lays a sealed hand on alice's table. */
function challenged({ mock }: Scene, by: MockPeer, hand = "rock", game = "a game") {
  const opened = { game, hand, nonce: "a nonce" };
  const seal = sealOf(by.id, opened);
  return { opened, heard: mock.deliver(by, challenge, { game, seal }) };
}

test("both seal a hand, then both open it, and the better one wins", async () => {
  const its = scene();
  const playing = its.game.play("bob", "rock");
  await answered(its, "scissors", {});
  const played = { name: "bob", mine: "rock", theirs: "scissors", outcome: "won" };
  expect(await playing).toEqual({ ok: true, value: played });
  expect(its.told).toEqual([played]);
  expect(its.game.view()).toEqual({ won: 1, lost: 0, drawn: 0 });
});

test("before the other has sealed its hand, nothing tells mine", async () => {
  const its = scene();
  void its.game.play("bob", "rock");
  await its.pass();
  expect(its.said()).toHaveLength(1);
  expect(its.mock.sent[0]?.text).not.toMatch(/rock|nonce/);
  const { game } = its.last("rps:challenge").payload;
  const curious = { game, hand: "paper", nonce: "" };
  await its.mock.deliver(its.bob, reveal, curious);
  expect(its.said()).toHaveLength(1);
  expect(its.mock.runtime.drops.of("stale")).toBe(1);
});

test("who opens another hand than it sealed forfeits, and it is counted", async () => {
  const its = scene();
  const playing = its.game.play("bob", "rock");
  await answered(its, "scissors", { hand: "paper" });
  expect(await playing).toMatchObject({ value: { theirs: undefined, outcome: "forfeited" } });
  expect(its.mock.runtime.drops.of("broken_seal")).toBe(1);
  expect(its.game.view()).toEqual({ won: 1, lost: 0, drawn: 0 });
});

test("a copy of my seal opens to nothing", async () => {
  const its = scene();
  const playing = its.game.play("bob", "rock");
  await its.pass();
  const { id, payload } = its.last("rps:challenge");
  await its.mock.deliver(its.bob, commit, payload, { inReplyTo: id });
  await its.pass();
  const mine = its.last("rps:reveal");
  await its.mock.deliver(its.bob, result, mine.payload, { inReplyTo: mine.id });
  expect(await playing).toMatchObject({ value: { outcome: "forfeited" } });
});

test("who never opens its hand forfeits", async () => {
  const its = scene();
  const playing = its.game.play("bob", "rock");
  await answered(its, "paper");
  await its.mock.clock.advance(answerMs);
  expect(await playing).toMatchObject({ value: { theirs: undefined, outcome: "forfeited" } });
  expect(its.mock.runtime.drops.of("broken_seal")).toBe(0);
});

test("who goes to sleep in the middle of a game has won nothing", async () => {
  const its = scene();
  const playing = its.game.play("bob", "rock");
  await answered(its, "paper");
  await its.mock.runtime.stop();
  expect(await playing).toEqual({ ok: false, refusal: "this nara goes to sleep" });
  expect(its.told).toEqual([]);
});

test("an answer to another game is none", async () => {
  const its = scene();
  const playing = its.game.play("bob", "rock");
  await its.pass();
  const inReplyTo = its.last("rps:challenge").id;
  await its.mock.deliver(its.bob, commit, { game: "another", seal: "x" }, { inReplyTo });
  expect(await playing).toEqual({
    ok: false,
    refusal: "bob does not feel like playing just now",
  });
});

test("who does not answer does not seem to know the game; who is away cannot be reached", async () => {
  const its = scene();
  const playing = its.game.play("bob", "rock");
  await its.mock.clock.advance(answerMs);
  expect(await playing).toEqual({
    ok: false,
    refusal: "bob does not answer; it does not seem to know the game",
  });
  expect(await its.game.play("nobody", "rock")).toEqual({
    ok: false,
    refusal: "you do not know nobody well enough yet",
  });
  expect(its.game.view()).toEqual({ won: 0, lost: 0, drawn: 0 });
});

test("a nara that does not know the game drops it with a reason and says nothing", async () => {
  const { runtime, sent, deliver, peer } = createMockRuntime({
    services: [],
    crypto: createNobleCrypto(),
  });
  const verdict = await deliver(peer("bob"), challenge, { game: "a game", seal: "a seal" });
  expect(verdict).toMatchObject({ type: "dropped", reason: "unknown_kind" });
  expect(runtime.drops.of("unknown_kind")).toBe(1);
  expect(sent).toEqual([]);
});

test("challenged, a nara plays by itself and opens what it sealed", async () => {
  const its = scene();
  const { opened, heard } = challenged(its, its.bob);
  await heard;
  await its.pass();
  const { seal } = its.last("rps:commit").payload;
  expect(its.last("rps:result")).toBeUndefined();
  await its.mock.deliver(its.bob, reveal, opened);
  await its.pass();
  const shown = its.last("rps:result").payload;
  expect(sealOf(its.mock.me.id, shown)).toBe(seal);
  expect(its.told).toMatchObject([{ name: "bob", mine: shown.hand, theirs: "rock" }]);
});

test("a challenger that opens another hand than it sealed forfeits", async () => {
  const its = scene();
  const { opened, heard } = challenged(its, its.bob);
  await heard;
  await its.mock.deliver(its.bob, reveal, { ...opened, hand: "paper" });
  expect(its.told).toMatchObject([{ theirs: undefined, outcome: "forfeited" }]);
  expect(its.mock.runtime.drops.of("broken_seal")).toBe(1);
});

test("a hand is opened once, and not after the table was cleared", async () => {
  const its = scene();
  const { opened, heard } = challenged(its, its.bob);
  await heard;
  await its.mock.clock.advance(2 * answerMs);
  await its.mock.deliver(its.bob, reveal, opened);
  expect(its.mock.runtime.drops.of("stale")).toBe(1);
  const again = challenged(its, its.bob, "rock", "a later game");
  await again.heard;
  await its.mock.deliver(its.bob, reveal, again.opened);
  await its.mock.clock.advance(1);
  await its.mock.deliver(its.bob, reveal, again.opened);
  expect(its.told).toHaveLength(1);
  expect(its.mock.runtime.drops.of("stale")).toBe(2);
});

test("one game with each neighbour at a time, whoever began", async () => {
  const its = scene();
  void its.game.play("bob", "rock");
  expect(await its.game.play("bob", "paper")).toEqual({
    ok: false,
    refusal: "you and bob are in the middle of a game",
  });
  await challenged(its, its.bob).heard;
  await its.pass();
  expect(its.last("rps:commit").payload.seal).toBe("");
  expect(its.mock.runtime.drops.of("rate_limited")).toBe(1);
});

test("only so many tables are set at a time", async () => {
  const its = scene();
  for (let guest = 0; guest <= maxTables; guest += 1) {
    await challenged(its, its.mock.peer(`guest-${guest}`)).heard;
  }
  await its.pass();
  const seals = its.said().map(({ payload }) => payload.seal);
  expect(seals.filter((seal) => seal !== "")).toHaveLength(maxTables);
  expect(seals.at(-1)).toBe("");
});

test("challenges at machine speed are dropped, and my own are held back", async () => {
  const its = scene({ mood: false });
  for (let game = 0; game < 50; game += 1) {
    await challenged(its, its.bob, "rock", `game ${game}`).heard;
  }
  await its.pass();
  expect(its.said()).toHaveLength(gamesPerMinute);
  expect(its.mock.runtime.drops.of("rate_limited")).toBe(50 - gamesPerMinute);

  const mine = scene();
  for (let game = 0; game < gamesPerMinute; game += 1) {
    const playing = mine.game.play("bob", "rock");
    await mine.pass();
    const { id, payload } = mine.last("rps:challenge");
    await mine.mock.deliver(mine.bob, commit, { ...payload, seal: "" }, { inReplyTo: id });
    await playing;
  }
  expect(await mine.game.play("bob", "rock")).toMatchObject({
    refusal: "so many games? take a breath",
  });
});

test("strangers, words for others and challenges of yesterday are refused with a reason", async () => {
  const its = scene();
  await challenged(its, its.mock.stranger("mallory")).heard;
  const forCarol = { toId: "carol-id-0000" };
  await its.mock.deliver(its.bob, challenge, { game: "g", seal: "s" }, forCarol);
  const tsNs = its.mock.clock.nowNs() - 86_400_000_000_000n;
  await its.mock.deliver(its.bob, challenge, { game: "g", seal: "s" }, { tsNs });
  const reasons = its.mock.runtime.drops.all().map(({ reason }) => reason);
  expect(reasons.toSorted()).toEqual(["not_for_me", "stale", "unknown_sender"]);
  expect(its.said()).toEqual([]);
});

test("who wants quiet declines", async () => {
  const its = scene({ mood: false });
  await challenged(its, its.bob).heard;
  await its.pass();
  expect(its.last("rps:commit").payload.seal).toBe("");
});
