import { expect, test } from "vitest";
import { createSeededRandom } from "../../testing/seeded-random.ts";
import { type Candidate, inOrderOfTrust, reliability } from "./confidants.ts";

const nowS = 1_767_225_600;
const dayS = 86_400;

const who = (
  name: string,
  changes: Partial<Candidate["observation"]> = {},
  memoryMode = "medium",
) =>
  ({
    name,
    id: `${name}-id`,
    memoryMode,
    observation: {
      startTimeS: nowS - 30 * dayS,
      lastRestartS: nowS - dayS,
      restarts: 3,
      ...changes,
    },
  }) satisfies Candidate;

const scoreOf = (candidate: Candidate): number => reliability(candidate, nowS);

test("who is longer up is more reliable", () => {
  expect(scoreOf(who("old"))).toBeGreaterThan(scoreOf(who("new", { lastRestartS: nowS - 60 })));
});

test("who restarts often is less reliable than who is up as long and does not", () => {
  expect(scoreOf(who("steady"))).toBeGreaterThan(scoreOf(who("shaky", { restarts: 300 })));
});

test("a short memory counts half", () => {
  expect(scoreOf(who("page", {}, "short"))).toBe(scoreOf(who("server")) / 2);
});

test("times from the future and never told ones make nobody reliable", () => {
  const ahead = who("ahead", { lastRestartS: nowS + dayS });
  const untold = who("untold", { startTimeS: 0, lastRestartS: 0, restarts: 0 });
  expect(scoreOf(ahead)).toBeLessThan(2);
  expect(scoreOf(untold)).toBe(1);
});

test("the most reliable comes first, then the better half by chance, then the others", () => {
  const candidates = Array.from({ length: 10 }, (_, at) =>
    who(`nara-${at}`, { lastRestartS: nowS - (at + 1) * 3600 }),
  );
  const orders = [1, 2, 3, 4].map((seed) =>
    inOrderOfTrust(candidates, nowS, createSeededRandom(seed)).map(({ name }) => name),
  );
  for (const order of orders) {
    expect(order[0]).toBe("nara-9");
    expect(order.slice(0, 5).toSorted()).toEqual([
      "nara-5",
      "nara-6",
      "nara-7",
      "nara-8",
      "nara-9",
    ]);
    expect(order.slice(5)).toEqual(["nara-4", "nara-3", "nara-2", "nara-1", "nara-0"]);
  }
  expect(new Set(orders.map((order) => order.join())).size).toBeGreaterThan(1);
});
