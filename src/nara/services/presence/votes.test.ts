import { expect, test } from "vitest";
import { createVoteBox, startTimeConsensus } from "./votes.ts";

test("without votes there is no consensus", () => {
  expect(startTimeConsensus([])).toBeUndefined();
});

test("two who agree beat one who is heavier", () => {
  const votes = [
    { startTimeS: 5000, weightS: 1000 },
    { startTimeS: 1010, weightS: 5 },
    { startTimeS: 1000, weightS: 5 },
  ];
  expect(startTimeConsensus(votes)).toBe(1010);
});

test("a peer has one vote, its latest", () => {
  const box = createVoteBox();
  box.cast("alice", { startTimeS: 1000, weightS: 5 }, 9000);
  box.cast("alice", { startTimeS: 2000, weightS: 5 }, 9000);
  expect(box.size).toBe(1);
  expect(box.consensus()).toBe(2000);
});

test("a vote for the future or for no time at all is refused", () => {
  const box = createVoteBox();
  expect(box.cast("alice", { startTimeS: 9001, weightS: 5 }, 9000)).toBe(false);
  expect(box.cast("alice", { startTimeS: 0, weightS: 5 }, 9000)).toBe(false);
  expect(box.cast("alice", { startTimeS: -5, weightS: 5 }, 9000)).toBe(false);
  expect(box.consensus()).toBeUndefined();
});

test("an absurd uptime weighs no more than a month", () => {
  const box = createVoteBox();
  box.cast("mallory", { startTimeS: 1000, weightS: 2 ** 60 }, 9000);
  box.cast("alice", { startTimeS: 5000, weightS: 2_592_001 }, 9000);
  box.cast("bob", { startTimeS: 5000, weightS: 1 }, 9000);
  expect(box.consensus()).toBe(5000);
});
