/** How postcards are put into words. Pure. */
import type { PostcardHome, PostcardHop, PostcardUnderWay } from "../../nara/view.ts";
import { longestPostcard } from "../../worker/protocol.ts";
import { span } from "../words.ts";

/** Code points, as the nara counts them; blanks around the words do not travel. */
export const lengthOf = (message: string): number => [...message.trim()].length;

/** Undefined when it will do. */
export const messageTrouble = (message: string): string | undefined => {
  const length = lengthOf(message);
  if (length === 0) return "an empty postcard tells nobody anything.";
  const over = length - longestPostcard;
  if (over <= 0) return undefined;
  return over === 1 ? "one letter too many for a postcard." : `${over} letters too many.`;
};

/** What its sender can know of a postcard before it is home. */
export const whereabouts = (card: PostcardUnderWay, nowMs: number): string => {
  const { sentAtMs, takenBy, seenBy, isLost } = card;
  const since = span(nowMs - sentAtMs);
  if (isLost) {
    return `nobody has brought it home for ${since}. lost, perhaps; it may turn up all the same.`;
  }
  if (seenBy.length > 0) return `under way for ${since}; seen by ${listed(seenBy)}.`;
  if (takenBy !== "") return `under way for ${since}; ${takenBy} took it along.`;
  return `under way for ${since}; nobody has said yet who took it.`;
};

/** "4 hops in 12 s". */
export const journeyLine = ({ hops, sentAtMs, homeAtMs }: PostcardHome): string => {
  const count = hops.length === 1 ? "one hop" : `${hops.length} hops`;
  if (sentAtMs === 0) return count;
  const tookMs = homeAtMs - sentAtMs;
  return `${count} in ${tookMs < 1000 ? "a blink" : span(tookMs)}`;
};

/** "alice", "alice and bob", "alice, bob and 3 more". */
export const listed = (names: readonly string[]): string => {
  const [first = "", second] = names;
  if (second === undefined) return first;
  if (names.length === 2) return `${first} and ${second}`;
  return `${first}, ${second} and ${names.length - 2} more`;
};

/** The first character of a stamp, whatever somebody put there. */
export const stampOf = ({ stamp }: Pick<PostcardHop, "stamp">): string => {
  const [first] = new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(stamp);
  return first?.segment ?? "";
};

/** A name that fits round a postmark. */
export const nameForMark = (name: string): string =>
  name.length <= nameFits ? name : `${name.slice(0, nameFits - 1)}…`;

const nameFits = 17;
