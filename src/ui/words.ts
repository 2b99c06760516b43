/** How the page puts things. Pure; every sentence a person reads that is made of numbers is made here. */
import type {
  MemoryView,
  NeighbourView,
  OnlineState,
  Personality,
  PlazaView,
  TimelineEntry,
} from "../nara/view.ts";

type OfflinePlaza = Extract<PlazaView, { state: "offline" }>;

const agreeable = ["contrary", "stubborn", "fair-minded", "easy-going", "sweet-tempered"];
const sociable = ["a hermit", "shy", "good company", "chatty", "the life of the plaza"];
const chilled = ["a live wire", "restless", "steady", "calm", "unbothered"];

/** Three words for three traits, each 0–100. */
export const characterOf = ({
  agreeableness,
  sociability,
  chill,
}: Personality): readonly string[] => [
  fifth(agreeable, agreeableness),
  fifth(sociable, sociability),
  fifth(chilled, chill),
];

/** What it does when somebody pats it. */
export const patted = (
  { agreeableness, sociability, chill }: Personality,
  count: number,
): string => {
  const calm =
    chill >= 60
      ? ["hums, very low.", "leans into your hand.", "does not even blink."]
      : ["jumps, then glows.", "whirls once around itself.", "fizzes like soda."];
  const social =
    sociability >= 50
      ? ["wants to tell the whole plaza.", "asks you to do that again.", "sings half a song."]
      : ["pretends not to have noticed.", "hides behind its own glow.", "likes it. tells no one."];
  const sweet =
    agreeableness >= 50
      ? ["gives you a warm look, without eyes.", "thinks the world of you."]
      : ["allows it. just this once.", "has an opinion about your hands."];
  const all = [...calm, ...social, ...sweet];
  return all[count % all.length] ?? "hums.";
};

/** "just now", "3 min ago", "2 h ago", "5 days ago"; "in a moment" ahead of time. */
export const ago = (nowMs: number, atMs: number): string => {
  const seconds = Math.floor((nowMs - atMs) / 1000);
  if (seconds < -5) return "in a moment";
  if (seconds < 10) return "just now";
  return `${span(seconds * 1000)} ago`;
};

/** The largest whole unit: "40 s", "3 min", "2 h", "5 days", "2 years". */
export const span = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h`;
  const days = Math.floor(hours / 24);
  if (days < 730) return `${days} days`;
  return `${Math.floor(days / 365)} years`;
};

/** Why nothing is heard from the plaza, and until when. 0 for the next try: it is left alone. */
export const offlineLine = (
  nowMs: number,
  { sinceMs, nextTryAtMs }: Pick<OfflinePlaza, "sinceMs" | "nextTryAtMs">,
): string => {
  if (nextTryAtMs === 0) return "by your own choice.";
  const next = nextTryAtMs > nowMs ? `in ${span(nextTryAtMs - nowMs + 999)}` : "now";
  return `offline for ${span(nowMs - sinceMs)}, next try ${next}.`;
};

export const onlineWord = (online: OnlineState): string =>
  ({ ONLINE: "online", OFFLINE: "offline", MISSING: "missing", "": "only heard of" })[online];

/** The lamp's explanation. */
export const onlineMeaning = (online: OnlineState): string =>
  ({
    ONLINE: "the lights are on",
    OFFLINE: "said chau and went home",
    MISSING: "gone quiet without a chau",
    "": "others have spoken of it",
  })[online];

/** Online first, then missing, heard of, offline; within each the most recently seen, then the name. */
export const inRosterOrder = (neighbours: readonly NeighbourView[]): NeighbourView[] => {
  const rank = { ONLINE: 0, MISSING: 1, "": 2, OFFLINE: 3 };
  // Whole ten minutes, so that a newspaper does not reshuffle the street.
  const seen = ({ online, lastSeenAtMs, startedAtMs }: NeighbourView): number =>
    online === "ONLINE"
      ? -startedAtMs || Number.MIN_SAFE_INTEGER
      : Math.floor(lastSeenAtMs / 600_000);
  return neighbours
    .map((one) => ({ one, rank: rank[one.online], seen: seen(one), name: one.name }))
    .sort((a, b) => a.rank - b.rank || b.seen - a.seen || (a.name < b.name ? -1 : 1))
    .map(({ one }) => one);
};

/** "3 home, 1 missing"; counts of people, in words. */
export const streetLine = (neighbours: readonly NeighbourView[]): string => {
  const home = neighbours.filter(({ online }) => online === "ONLINE").length;
  if (neighbours.length === 0) return "nobody yet";
  return `${home} online of ${neighbours.length} known`;
};

/** "20 000": digits in threes, as a storybook sets them. */
export const counted = (count: number): string =>
  count.toLocaleString("en").replaceAll(",", "\u202f");

/** "short memory: 4 211 events, 12 forgotten". */
export const memoryLine = (memory: MemoryView): string => {
  const events = memory.held === 1 ? "one event" : `${counted(memory.held)} events`;
  return `${memory.mode} memory: ${events}, ${counted(forgottenIn(memory))} forgotten`;
};

/** How many events of any kind are gone, for whatever reason. */
export const forgottenIn = ({ kinds }: Pick<MemoryView, "kinds">): number =>
  kinds.reduce((sum, { forgotten }) => sum + sumOf(forgotten), 0);

export const sumOf = (counts: { readonly [reason: string]: number }): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

export const howBuzzy = (buzz: number): string =>
  buzz < 15 ? "quiet" : buzz < 60 ? "humming" : buzz < 120 ? "buzzing" : "all abuzz";

/** Undefined while the clocks agree well enough (events more than 60 s ahead are refused). */
export const skewLine = (skewMs: number | null): string | undefined => {
  if (skewMs === null || Math.abs(skewMs) < 20_000) return undefined;
  const way = skewMs > 0 ? "ahead of" : "behind";
  return `this clock runs ${span(Math.abs(skewMs))} ${way} the neighbours'`;
};

/** Names of naras we give (design: "What we accept", 8). Undefined when it will do. */
export const nameTrouble = (name: string): string | undefined => {
  if (name === "") return "a nara needs a name.";
  if (name.length > 63) return "63 letters at most; it has to fit on the door.";
  if (/[A-Z]/.test(name)) return "small letters only: naras never shout.";
  if (/\s/.test(name)) return "no spaces; use a - instead.";
  if (name.startsWith("-")) return "it must begin with a letter or a digit.";
  if (!/^[a-z0-9-]+$/.test(name)) return "only a–z, 0–9 and -.";
  return undefined;
};

/** Undefined when it will do; "" is the page's own plaza. */
export const plazaTrouble = (url: string): string | undefined => {
  if (url === "") return undefined;
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return "that is no address; it looks like wss://plaza.example:9001/mqtt";
  }
  if (parsed.protocol === "mqtt:" || parsed.protocol === "mqtts:" || parsed.protocol === "tls:") {
    return "a page can reach a broker only over WebSocket: ask its keeper for the ws:// or wss:// address.";
  }
  if (parsed.protocol !== "ws:" && parsed.protocol !== "wss:") {
    return "it must begin with wss:// or ws://";
  }
  return undefined;
};

/** First and last of a long secretless text, for comparing by eye. */
export const fingerprint = (text: string): string =>
  text.length <= 20 ? text : `${text.slice(0, 8)}…${text.slice(-8)}`;

/** Entries that tell of a greeting to me. */
export const isGreeting = ({ kind }: TimelineEntry): boolean => kind === "howdy";

const fifth = (words: readonly string[], trait: number): string =>
  words[Math.min(4, Math.max(0, Math.floor(trait / 20)))] ?? "";
