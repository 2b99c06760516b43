import { expect, test } from "vitest";
import { createSeededRandom } from "../../testing/seeded-random.ts";
import { chooseHand, compare, hands, sealOf, unseal } from "./rules.ts";

const opened = { game: "g", hand: "paper", nonce: "n" };

test("paper covers rock, rock blunts scissors, scissors cut paper", () => {
  const table = hands.map((mine) => hands.map((theirs) => compare(mine, theirs)));
  expect(table).toEqual([
    ["drawn", "lost", "won"],
    ["won", "drawn", "lost"],
    ["lost", "won", "drawn"],
  ]);
});

test("a seal opens to the hand that was sealed, and to no other", () => {
  const seal = sealOf("alice-id", opened);
  expect(seal).toMatch(/^[0-9a-f]{64}$/);
  expect(unseal("alice-id", seal, opened)).toBe("paper");
  for (const changed of [{ game: "h" }, { hand: "rock" }, { nonce: "m" }]) {
    expect(unseal("alice-id", seal, { ...opened, ...changed })).toBeUndefined();
  }
  expect(unseal("bob-id", seal, opened)).toBeUndefined();
});

test("what is sealed and is no hand is none", () => {
  const well = { ...opened, hand: "well" };
  expect(unseal("alice-id", sealOf("alice-id", well), well)).toBeUndefined();
});

test("every nara plays every hand, and its character shows in how often", () => {
  const random = createSeededRandom(7);
  const calm = { chill: 99, agreeableness: 0, sociability: 0 };
  const count = { rock: 0, paper: 0, scissors: 0 };
  for (let game = 0; game < 1000; game += 1) count[chooseHand(calm, random.fraction())] += 1;
  expect(count.rock).toBeGreaterThan(count.paper + 100);
  expect(count.rock).toBeGreaterThan(count.scissors + 100);
  expect(Math.min(count.paper, count.scissors)).toBeGreaterThan(100);
});
