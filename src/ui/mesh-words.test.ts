import { expect, test } from "vitest";
import { rememberedLine, rememberingLine, talkLine, teasedLine } from "./mesh-words.ts";

const remembering = { got: 0, wanted: 5000, from: [], givenUp: [], isWaiting: false };

test("fetching memories is told in one line, whatever its state", () => {
  expect(rememberingLine({ remembering: null })).toBeUndefined();
  expect(rememberingLine({ remembering })).toBe("remembering… asking the neighbours");
  expect(
    rememberingLine({ remembering: { ...remembering, got: 3200, from: ["a", "b", "c", "d"] } }),
  ).toMatch(/^remembering… 3.200 of 5.000 events from 4 neighbours$/u);
  expect(rememberingLine({ remembering: { ...remembering, got: 7, isWaiting: true } })).toBe(
    "remembering… 7 so far; it asks again soon",
  );
});

test("what fetching brought is told afterwards", () => {
  const remembered = { got: 12, from: ["fox"], givenUp: [], endedAtMs: 1 };
  expect(rememberedLine({ remembered: null })).toBeUndefined();
  expect(rememberedLine({ remembered })).toBe("when it woke, 1 neighbour told it 12 events.");
  expect(rememberedLine({ remembered: { ...remembered, got: 0, from: [] } })).toMatch(/^nobody/);
});

test("a tease says how it travelled", () => {
  const teased = { ok: true, type: "teased", words: "hey, fox", isKept: true } as const;
  expect(teasedLine({ ...teased, way: "hand" }, "fox")).toBe("“hey, fox”, you whisper to fox.");
  expect(teasedLine({ ...teased, way: "hand", isKept: false }, "fox")).toMatch(/shrugs it off/);
  expect(teasedLine({ ...teased, way: "plaza" }, "fox")).toMatch(/across the plaza/);
  expect(teasedLine({ ...teased, way: "zine" }, "fox")).toMatch(/next zine/);
});

test("a way of talking is confirmed in one plain sentence", () => {
  expect(talkLine("mqtt")).toBe("from now on it talks on the plaza alone.");
  expect(talkLine("gossip")).toBe("from now on it talks from nara to nara alone.");
});
