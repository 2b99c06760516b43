import { expect, test } from "vitest";
import { keepingLine, safetyLine, tooManyBytes } from "./notebook-words.ts";

const friends = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ name: `friend-${at}`, keptAtMs: 1 }));
const kept = (count: number, savedAtMs = 1) => ({
  savedAtMs,
  search: "found" as const,
  confidants: friends(count),
  wanted: 3,
});

test("how safe a note is, is said without comfort", () => {
  expect(safetyLine({ ...kept(0, 0), search: "searching" })).toContain("asking your friends");
  expect(safetyLine({ ...kept(0, 0), search: "nothing" })).toContain("nobody keeps anything");
  expect(safetyLine(kept(0))).toContain("gone when this page closes");
  expect(safetyLine(kept(1))).toBe("1 of 3 friends keeps it. more are looked for.");
  expect(safetyLine(kept(2))).toContain("2 of 3 friends keep it");
  expect(safetyLine(kept(3))).toContain("safe with your friends");
});

test("what I keep for others is counted", () => {
  expect(keepingLine({ owners: 0, bytes: 0, room: 5 })).toContain("nothing for others");
  expect(keepingLine({ owners: 1, bytes: 90, room: 5 })).toContain("for somebody");
  expect(keepingLine({ owners: 4, bytes: 90, room: 5 })).toContain("for 4 others");
});

test("a note's size is counted as it travels", () => {
  expect(tooManyBytes("abc", 3)).toBe(0);
  expect(tooManyBytes("ünü", 3)).toBe(2);
});
