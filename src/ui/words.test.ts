import { expect, test } from "vitest";
import { sampleNeighbour } from "./testing/sample-view.ts";
import {
  ago,
  characterOf,
  fingerprint,
  inRosterOrder,
  nameTrouble,
  offlineLine,
  onlineWord,
  patted,
  plazaTrouble,
  skewLine,
  span,
} from "./words.ts";

test("a character is told in three words, at the ends of the scale too", () => {
  expect(characterOf({ agreeableness: 0, sociability: 0, chill: 0 })).toEqual([
    "contrary",
    "a hermit",
    "a live wire",
  ]);
  expect(characterOf({ agreeableness: 100, sociability: 100, chill: 100 })).toEqual([
    "sweet-tempered",
    "the life of the plaza",
    "unbothered",
  ]);
  expect(characterOf({ agreeableness: 61, sociability: 62, chill: 63 })).toEqual([
    "easy-going",
    "chatty",
    "calm",
  ]);
});

test("times are told in their largest unit", () => {
  expect(ago(10_000, 9_000)).toBe("just now");
  expect(ago(200_000, 20_000)).toBe("3 min ago");
  expect(ago(0, 60_000)).toBe("in a moment");
  expect(span(59_999)).toBe("59 s");
  expect(span(3 * 3_600_000)).toBe("3 h");
  expect(span(49 * 3_600_000)).toBe("2 days");
  expect(span(3 * 365 * 86_400_000)).toBe("3 years");
});

test("who is off the plaza says for how long, and what it waits for", () => {
  const plaza = { sinceMs: 1_000_000, nextTryAtMs: 1_100_000 };
  expect(offlineLine(1_090_000, plaza)).toBe("offline for 1 min, next try in 10 s.");
  expect(offlineLine(1_100_000, plaza)).toBe("offline for 1 min, next try now.");
  expect(offlineLine(1_100_000, { ...plaza, nextTryAtMs: 0 })).toBe("by your own choice.");
});

test("those who are home come first, strangers to the clock last", () => {
  const now = 1e12;
  const street = inRosterOrder(Array.from({ length: 14 }, (_, at) => sampleNeighbour(at, now)));
  const states = street.map(({ online }) => onlineWord(online));
  expect(states.slice(0, 8)).toEqual(Array(8).fill("online"));
  expect(states.at(-1)).toBe("offline");
});

test("a newspaper does not reshuffle the street", () => {
  const now = 1e12;
  const before = Array.from({ length: 6 }, (_, at) => sampleNeighbour(at, now));
  const after = before.map((one, at) => (at === 2 ? { ...one, lastSeenAtMs: now + 5000 } : one));
  expect(inRosterOrder(after).map(({ name }) => name)).toEqual(
    inRosterOrder(before).map(({ name }) => name),
  );
});

test("a name is refused with the reason, or not at all", () => {
  expect(nameTrouble("noisy-bear-189")).toBeUndefined();
  expect(nameTrouble("0")).toBeUndefined();
  expect(nameTrouble("")).toBeDefined();
  expect(nameTrouble("-bear")).toBeDefined();
  expect(nameTrouble("Bear")).toMatch(/small letters/);
  expect(nameTrouble("noisy bear")).toMatch(/spaces/);
  expect(nameTrouble("bär")).toBeDefined();
  expect(nameTrouble("b".repeat(63))).toBeUndefined();
  expect(nameTrouble("b".repeat(64))).toBeDefined();
});

test("a plaza is a WebSocket address, or the page's own", () => {
  expect(plazaTrouble("")).toBeUndefined();
  expect(plazaTrouble("wss://plaza.example/mqtt")).toBeUndefined();
  expect(plazaTrouble("ws://localhost:9001")).toBeUndefined();
  expect(plazaTrouble("mqtt://plaza.example")).toMatch(/WebSocket/);
  expect(plazaTrouble("https://plaza.example")).toMatch(/wss:/);
  expect(plazaTrouble("plaza")).toMatch(/no address/);
});

test("a clock is mentioned only when it strays", () => {
  expect(skewLine(null)).toBeUndefined();
  expect(skewLine(-900)).toBeUndefined();
  expect(skewLine(125_000)).toMatch(/2 min ahead of/);
  expect(skewLine(-125_000)).toMatch(/2 min behind/);
});

test("a pat always finds an answer", () => {
  for (let count = 0; count < 30; count++) {
    expect(patted({ agreeableness: 10, sociability: 90, chill: 50 }, count)).not.toBe("");
  }
});

test("a fingerprint keeps both ends", () => {
  expect(fingerprint("r8uXyMiSrvEVD/ZQYBG8lbNOzwk9FQ+5X9emkjTVRCQ=")).toBe("r8uXyMiS…kjTVRCQ=");
  expect(fingerprint("short")).toBe("short");
});
