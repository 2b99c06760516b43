import { expect, test } from "vitest";
import { legendOf } from "./flair-words.ts";

const meaningsIn = (flair: string, trend = "", trendEmoji = "") =>
  legendOf({ flair, trend, trendEmoji }).map(({ mark, meaning }) => `${mark} ${meaning}`);

test("each mark of a flair is explained once, in order", () => {
  expect(meaningsIn("🐚🪟🎷🍕🍕🐦🆒📡", "bob-style", "🎷")).toEqual([
    "🐚 the gem of a soul that wears its own name",
    "🪟 lives in a window of a browser",
    "🎷 follows bob-style",
    "🍕 what it likes",
    "🐦 the youngest of its barrio",
    "🆒 its machine has nothing to do",
    "📡 just woke, and listens before it judges",
  ]);
});

test("marks made of several characters stay whole, and no soul's name is told as such", () => {
  expect(meaningsIn("👤🧑‍🚀❄️")).toEqual([
    "👤 wears a name its soul was not born with",
    "🧑‍🚀 is called like its machine",
    "❄️ lives on NixOS",
  ]);
});

test("nothing is explained where there is nothing, and a page of marks only so far", () => {
  expect(meaningsIn("")).toEqual([]);
  expect(meaningsIn("<b>x</b>")[0]).toMatch(/^</);
  expect(legendOf({ flair: "🍕🍔🍦".repeat(500), trend: "", trendEmoji: "" })).toHaveLength(3);
});
