import { expect, test } from "vitest";
import { zeroStatus } from "../presence/status.ts";
import { emojiOf, isTrend, trendEmojis, trendOf, withoutBadTrend } from "./words.ts";

const wearing = (trend: string, trendEmoji: string) => ({ ...zeroStatus, trend, trendEmoji });

test("a trend is called after a name that a nara may carry", () => {
  for (const founder of ["bob", "日本語", "a.b_c-9"]) expect(isTrend(trendOf(founder))).toBe(true);
  for (const trend of ["", "-style", "bob", "<b>-style", "a b-style", `${"x".repeat(64)}-style`]) {
    expect(isTrend(trend)).toBe(false);
  }
});

test("every mark that we hand out is one that we take", () => {
  for (const emoji of trendEmojis) expect(emojiOf(emoji)).toBe(emoji);
  for (const worn of ["", "x", "<b>", "🎷<", "🎷".repeat(20)]) expect(emojiOf(worn)).toBe("🕶️");
});

test("a Status with a sound trend, or none, is left as it is", () => {
  const sound = wearing("bob-style", "🎷");
  expect(withoutBadTrend(sound)).toBe(sound);
  expect(withoutBadTrend(zeroStatus)).toBe(zeroStatus);
});

test("of a trend that nobody could have founded nothing is left, of a bad mark the usual one", () => {
  expect(withoutBadTrend(wearing("<i>-style", "🎷"))).toEqual(wearing("", ""));
  expect(withoutBadTrend(wearing("", "🎷"))).toEqual(wearing("", ""));
  expect(withoutBadTrend(wearing("bob-style", "<i>"))).toEqual(wearing("bob-style", "🕶️"));
});
