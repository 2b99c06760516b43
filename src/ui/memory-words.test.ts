import { expect, test } from "vitest";
import { amountWord, shownWord, valueWord, witnessWord } from "./memory-words.ts";
import { sampleMemory, sampleNeighbour } from "./testing/sample-view.ts";
import { counted, forgottenIn, memoryLine } from "./words.ts";

const nowMs = 1e12;
const nowS = nowMs / 1000;

test("large numbers are set in threes", () => {
  expect([7, 4211, 320_000].map(counted)).toEqual(["7", "4\u202f211", "320\u202f000"]);
});

test("what is kept and what is gone is one line", () => {
  const memory = sampleMemory(1);
  expect(forgottenIn(memory)).toBe(9161);
  expect(memoryLine(memory)).toBe("short memory: 1\u202f550 events, 9\u202f161 forgotten");
  expect(memoryLine({ ...memory, mode: "hog", held: 1, kinds: [] })).toBe(
    "hog memory: one event, 0 forgotten",
  );
});

test("a belief's value reads in its own unit", () => {
  expect(valueWord("restarts", 7, nowMs)).toBe("7");
  expect(valueWord("start-time", nowS - 7200, nowMs)).toBe("2 h ago");
  expect(valueWord("last-restart", 0, nowMs)).toBe("nobody remembers");
  expect(valueWord("uptime", 7200, nowMs)).toBe("2 h");
  expect(valueWord("clout", 3.06, nowMs)).toBe("+3.1");
  expect(valueWord("clout", -0.5, nowMs)).toBe("-0.5");
  expect(valueWord("online", 0, nowMs)).toBe("not here");
});

test("a witness is named with what it says; a checkpoint has many", () => {
  expect(witnessWord("restarts", { voice: "bob", value: 7 }, nowMs)).toBe("bob: 7");
  expect(witnessWord("restarts", { voice: "", value: 7 }, nowMs)).toBe("many witnesses: 7");
  expect(witnessWord("uptime", { voice: "bob", value: nowS }, nowMs)).toBe("bob");
});

test("what events amount to about presence is a state, and clout is shown nowhere else", () => {
  const online = { belief: "online", value: 0, online: "MISSING", evidence: [], total: 1 } as const;
  expect(amountWord(online, nowMs)).toBe("missing");
  const one = sampleNeighbour(1, nowMs);
  expect(shownWord("restarts", one, nowMs)).toBe("3");
  expect(shownWord("clout", one, nowMs)).toBeUndefined();
});
