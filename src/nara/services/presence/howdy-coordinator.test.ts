import { expect, test } from "vitest";
import { answerDelayMs, createHowdyCoordinator } from "./howdy-coordinator.ts";

const howdyFrom = (from: string, to = "bob") => ({ from, to, neighbours: [{ name: `${from}2` }] });

test("everyone answers within three seconds", () => {
  expect(answerDelayMs(0)).toBe(0);
  expect(answerDelayMs(0.999)).toBeLessThan(3000);
});

test("I answer with the number after those I heard, and once", () => {
  const coordinator = createHowdyCoordinator();
  const greeting = coordinator.open("bob", 0);
  coordinator.hear(howdyFrom("alice"), 10);
  coordinator.hear(howdyFrom("carol"), 20);
  expect(coordinator.answer(greeting, 30)).toBe(3);
  expect(coordinator.answer(greeting, 40)).toBeUndefined();
});

test("after ten howdys I keep silent", () => {
  const coordinator = createHowdyCoordinator();
  const greeting = coordinator.open("bob", 0);
  for (let index = 0; index < 10; index++) coordinator.hear(howdyFrom(`n${index}`), 10);
  expect(coordinator.answer(greeting, 20)).toBeUndefined();
});

test("one voice counts once", () => {
  const coordinator = createHowdyCoordinator();
  const greeting = coordinator.open("bob", 0);
  expect(coordinator.hear(howdyFrom("alice"), 10)).toBe("counted");
  expect(coordinator.hear(howdyFrom("alice"), 11)).toBe("duplicate");
  expect(coordinator.answer(greeting, 20)).toBe(2);
});

test("those who answered and those they named need no further mention", () => {
  const coordinator = createHowdyCoordinator();
  const greeting = coordinator.open("bob", 0);
  coordinator.hear(howdyFrom("alice"), 10);
  expect([...greeting.mentioned]).toEqual(["alice", "alice2"]);
});

test("a howdy nobody asked for is stale", () => {
  const coordinator = createHowdyCoordinator();
  coordinator.open("bob", 0);
  expect(coordinator.hear(howdyFrom("alice", "dave"), 10)).toBe("stale");
  expect(coordinator.hear(howdyFrom("alice"), 30_000)).toBe("stale");
});

test("a second hey_there begins anew, and its old turn is void once answered", () => {
  const coordinator = createHowdyCoordinator();
  const first = coordinator.open("bob", 0);
  coordinator.hear(howdyFrom("alice"), 10);
  const second = coordinator.open("bob", 1_000);
  expect(coordinator.answer(second, 1_500)).toBe(1);
  expect(coordinator.answer(first, 2_000)).toBeUndefined();
});

test("an old turn does not answer for the greeting that replaced it", () => {
  const coordinator = createHowdyCoordinator();
  const first = coordinator.open("bob", 0);
  const second = coordinator.open("bob", 1_000);
  expect(coordinator.answer(first, 1_500)).toBeUndefined();
  expect(coordinator.answer(second, 2_000)).toBe(1);
});

test("after half a minute it is too late to answer", () => {
  const coordinator = createHowdyCoordinator();
  const greeting = coordinator.open("bob", 0);
  expect(coordinator.answer(greeting, 30_000)).toBeUndefined();
});

test("a flood of hey_theres does not grow without end", () => {
  const coordinator = createHowdyCoordinator();
  for (let index = 0; index < 2_001; index++) coordinator.open(`n${index}`, index);
  expect(coordinator.hear(howdyFrom("alice", "n0"), 2_001)).toBe("stale");
  expect(coordinator.hear(howdyFrom("alice", "n2000"), 2_001)).toBe("counted");
});

test("a howdy that I say for reasons of my own is my answer to a hey_there", () => {
  const coordinator = createHowdyCoordinator();
  expect(coordinator.introduce("alice", 0)).toBe(1);
  const greeting = coordinator.open("alice", 0);
  coordinator.hear({ from: "bob", to: "alice", neighbours: [] }, 1);
  expect(coordinator.introduce("alice", 2)).toBe(2);
  expect(coordinator.answer(greeting, 3)).toBeUndefined();
  expect(coordinator.introduce("alice", 30_000)).toBe(1);
});
