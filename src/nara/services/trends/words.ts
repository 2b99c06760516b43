/** How trends are called and marked (docs/protocol/tables/trends.json; identity.md §8). */
import { isNameWeAccept } from "../../identity/names.ts";
import type { NaraStatus } from "../presence/status.ts";

export interface Trend {
  /** "" for none. */
  readonly name: string;
  readonly emoji: string;
}

export const noTrend: Trend = { name: "", emoji: "" };

const suffix = "-style";
export const trendEmojis = [
  ...["✨", "🌈", "🔥", "💎", "🍄", "☄️", "🎨", "🎭", "🧶"],
  ...["🎬", "🎤", "🎧", "🎹", "🎷", "🎸", "🎻", "🎺", "🥁"],
] as const;
const fallbackEmoji = "🕶️";
/** UTF-8 code units of the longest emoji anybody uses, with joiners. */
const longestEmoji = 16;

export const trendOf = (founder: string): string => `${founder}${suffix}`;

/** What a step reads like in the timeline. */
export const trendNote = (step: "join" | "start" | "leave", { name, emoji }: Trend) => ({
  kind: "trend" as const,
  about: "",
  icon: emoji,
  text: { join: `you follow ${name}`, start: `you start ${name}`, leave: `you leave ${name}` }[
    step
  ],
  detail: {
    join: "everybody seems to wear it",
    start: "somebody has to begin",
    leave: "it was nice while it lasted",
  }[step],
  signed: false,
});

/** A trend is called after its founder, and so by a name that a nara may carry. */
export const isTrend = (trend: string): boolean =>
  trend.endsWith(suffix) && isNameWeAccept(trend.slice(0, -suffix.length));

/** The mark that a follower wears, or the usual one where that is none. */
export const emojiOf = (worn: string): string => (isMark(worn) ? worn : fallbackEmoji);

const isMark = (worn: string): boolean =>
  worn.length <= longestEmoji &&
  /^\p{Extended_Pictographic}/u.test(worn) &&
  !/[\p{L}<>&"'\s]/u.test(worn);

/** A Status with a trend that nobody could have founded tells none. */
export function withoutBadTrend(status: NaraStatus): NaraStatus {
  if (status.trend === "") return status.trendEmoji === "" ? status : { ...status, trendEmoji: "" };
  if (!isTrend(status.trend)) return { ...status, trend: "", trendEmoji: "" };
  const trendEmoji = emojiOf(status.trendEmoji);
  return trendEmoji === status.trendEmoji ? status : { ...status, trendEmoji };
}
