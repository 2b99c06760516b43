import { expect, test } from "vitest";
import { keptLine, postcardsLine } from "./door-words.ts";

test("the door of postcards tells what there is, and nothing when there is nothing", () => {
  expect(postcardsLine(0, 0)).toBe("");
  expect(postcardsLine(3, 1)).toBe("3 home, 1 under way");
  expect(postcardsLine(0, 2)).toBe("2 under way");
});

test("the notebook's door tells how many keep the note", () => {
  const friend = { name: "fox", keptAtMs: 1 };
  expect(keptLine({ confidants: [], wanted: 3 })).toBe("kept by nobody yet");
  expect(keptLine({ confidants: [friend, friend], wanted: 3 })).toBe("kept by 2");
});
