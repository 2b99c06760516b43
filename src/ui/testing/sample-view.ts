/** A plaza made up for looking at: the same one for the same seed. */
import { openManners } from "../../nara/manners.ts";
import type {
  CheckpointsView,
  CheckpointView,
  MemoryView,
  NaraLooks,
  NaraView,
  NeighbourView,
  OnlineState,
  PostcardsView,
  TimelineEntry,
} from "../../nara/view.ts";
import type { Settings } from "../../worker/protocol.ts";
import { createDraw } from "../avatar/seeds.ts";
import { oklchToHex } from "../theme/oklch.ts";

const first = [
  "mystic",
  "quirky",
  "neon",
  "fuzzy",
  "bouncy",
  "mellow",
  "noisy",
  "brave",
  "dizzy",
  "velvet",
];
const second = [
  "waffle",
  "otter",
  "comet",
  "fern",
  "bear",
  "ghost",
  "moss",
  "donut",
  "panda",
  "moon",
];
const charms = ["🍀", "🌸", "🍕", "🍔", "🍦", "🍩", "🧁", "🍭", "🍬", "🍫", "🍿", "🧂"];
const gems = ["💎", "🔮", "🌈", "🧿", "⛵️", "🧊", "🏮", "🐚", "🪙", "🧧", "🪬"];
const barrios = [
  "🍸 martini",
  "🌊 ocean",
  "🌿 basil",
  "🍉 watermelon",
  "🧙 wizard",
  "🍕 pizza",
  "🛸 ufo",
];
const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

export const sampleLooks = (seed: number): NaraLooks => {
  const draw = createDraw(seed * 7919 + 11);
  const pick = (words: readonly string[]): string => words[Math.floor(draw() * words.length)] ?? "";
  const [emoji = "", name = ""] = pick(barrios).split(" ");
  const trait = (): number => Math.floor(draw() * 100);
  const personality = { agreeableness: trait(), sociability: trait(), chill: trait() };
  const hue = draw() * 360;
  const c = 0.06 + (0.22 * personality.sociability) / 100;
  const l = 0.52 + (0.18 * personality.chill) / 100;
  return {
    name: `${pick(first)}-${pick(second)}-${String(trait() * 10 + (seed % 10)).padStart(3, "0")}`,
    id: Array.from({ length: 44 }, () => alphabet[Math.floor(draw() * 58)]).join(""),
    aura: {
      primary: oklchToHex({ l, c, h: hue }).toUpperCase(),
      secondary: oklchToHex({ l, c, h: hue + 28 + 120 * Math.floor(draw() * 2) }).toUpperCase(),
    },
    personality,
    flair: `${pick(gems)}${pick(charms)}${pick(charms)}👶`,
    barrio: { name, emoji },
    trend: draw() > 0.7 ? `${pick(first)}-${pick(second)}-style` : "",
    trendEmoji: "🌈",
    buzz: Math.floor(draw() * 120),
    chattiness: 50,
  };
};

export const sampleNeighbour = (seed: number, nowMs: number): NeighbourView => {
  const states: readonly OnlineState[] = [
    "ONLINE",
    "ONLINE",
    "ONLINE",
    "OFFLINE",
    "MISSING",
    "ONLINE",
    "",
  ];
  const online = states[seed % states.length] ?? "ONLINE";
  return {
    ...sampleLooks(seed + 1),
    publicKey: "b7mpkEBtaCYqdAUUSPhFjVCiYsR6CDcfAzYBdtpV08U=",
    online,
    lastSeenAtMs: online === "" ? 0 : nowMs - seed * 47_000,
    startedAtMs: nowMs - 86_400_000 * (seed + 1),
    lastRestartAtMs: nowMs - 7_200_000,
    restarts: seed * 3,
    version: "0.2.0",
    memoryMode: "short",
    greetedMe: seed < 4,
    keyConflicts: seed === 3 ? 2 : 0,
  };
};

const happenings: readonly (readonly [string, string, string, string])[] = [
  ["howdy", "👋", "NAME says howdy", "and told me of 3 others"],
  ["newspaper", "📰", "NAME sent its newspaper", "trend: none, buzz 12"],
  ["hey-there", "👋", "NAME came to the plaza", "hello there, everyone"],
  ["social", "😈", "NAME → noisy-bear-189", "back again? we kept your chair warm"],
  ["chau", "👋", "NAME left", "chau, until next time"],
  ["observation:restart", "🔄", "NAME woke up again", "restart number 7"],
];

export const sampleEntry = (at: number, about: string, atMs: number): TimelineEntry => {
  const [kind, icon, text, detail] = happenings[at % happenings.length] ?? ["", "", "", ""];
  return {
    id: `e${at}`,
    kind,
    icon,
    text: text.replace("NAME", about),
    detail,
    about,
    atMs,
    signed: at % 3 !== 0,
  };
};

export const sampleSettings: Settings = {
  plazaUrl: "",
  memory: { mode: "auto", maxEvents: 20_000 },
  transport: "auto",
  manners: openManners,
  letsLookIn: false,
};

export const sampleMemory = (count: number): MemoryView => ({
  mode: "short",
  capacity: 20_000,
  held: count * 1550,
  hearsay: count * 20,
  kinds: [
    { kind: "chau", held: count * 50, forgotten: {} },
    { kind: "checkpoint", held: count * 10, forgotten: {} },
    { kind: "hey-there", held: count * 90, forgotten: { capacity: 12 } },
    { kind: "observation", held: count * 500, forgotten: { compaction: 731 } },
    { kind: "ping", held: count * 300, forgotten: { ping_retention: 4210, capacity: 3310 } },
    { kind: "seen", held: count * 200, forgotten: { capacity: 890 } },
    { kind: "social", held: count * 400, forgotten: { removed: 3, replaced: 5 } },
  ],
});

const greetings: readonly string[] = [
  "greetings from the hill! the sunset has three colours tonight.",
  "who of you has my umbrella?",
  "say hello to the sea from me 🌊",
  "small card, big hug.\nlove, me",
  "I was here. then I was there. now I am a postcard, and I have seen more of the village than my own door; tell the ones at the end of the street that I said so.",
  "testing, testing",
];
const stamps = ["🌟", "🎉", "🚀", "💫", "✨", "🌈", "🎊", "💖", "🌸", "🔥"];

const samplePostcards = (
  neighbours: readonly NeighbourView[],
  mine: number,
  nowMs: number,
): PostcardsView => {
  const me = sampleLooks(mine).name;
  const names = neighbours.map(({ name }) => name);
  if (names.length === 0) return { underWay: [], home: [], carried: 0 };
  return {
    underWay: [
      {
        ...{ id: "p1", message: "is anybody up on the north hill?", sentAtMs: nowMs - 42_000 },
        ...{ takenBy: names[0] ?? "", seenBy: names.slice(0, 2), isLost: false },
      },
      {
        ...{ id: "p0", message: "hello out there", sentAtMs: nowMs - 912_000 },
        ...{ takenBy: names[1] ?? "", seenBy: [], isLost: true },
      },
    ],
    home: greetings.map((message, at) => {
      const sentAtMs = nowMs - (at + 1) * 4_000_000;
      const carriers = [...names.slice(at % 3, (at % 3) + 2 + ((at * 3) % 9)), me];
      return {
        ...{ id: `h${at}`, message, sentAtMs, homeAtMs: sentAtMs + carriers.length * 1000 },
        hops: carriers.map((nara, hop) => ({
          nara,
          stamp: stamps[hop % stamps.length] ?? "",
          atMs: sentAtMs + hop * 1000,
        })),
      };
    }),
    carried: 7,
  };
};

const figures = (restarts: number, nowMs: number) => ({
  ...{ restarts, uptimeS: 1_893_600, startedAtMs: nowMs - 86_400_000 * 40 },
});

const sampleCheckpoints = (
  neighbours: readonly NeighbourView[],
  nowMs: number,
): CheckpointsView => ({
  ballot: {
    ...{ round: 1, proposed: figures(7, nowMs), expected: 9, outcome: null },
    ...{ proposedAtMs: nowMs - 12_000, endsAtMs: nowMs + 48_000 },
    votes: neighbours.slice(0, 4).map(({ name }, at) => ({
      ...{ name, agrees: at !== 2, signed: figures(at === 2 ? 31 : 7, nowMs) },
    })),
  },
  answers: neighbours.slice(0, 3).map(({ name }, at) => ({
    ...{ subject: name, atMs: nowMs - at * 4_000_000, round: 1 + (at % 2), agreed: at !== 1 },
    signed: figures(at * 3, nowMs),
  })),
});

/** Three days of a nara's life, as eight others signed it. */
export const sampleChain = (names: readonly string[], nowMs: number): readonly CheckpointView[] =>
  [0, 1, 2].map((day) => ({
    id: `${day}`.repeat(32),
    asOfMs: nowMs - (day + 1) * 86_400_000,
    figures: { ...figures(7 - day, nowMs), uptimeS: 1_893_600 - day * 80_000 },
    previousId: day === 2 ? "" : `${day + 1}`.repeat(32),
    voters: names.slice(0, 8 - day).map((name, at) => ({
      ...{ name: at === 5 ? "" : name, id: sampleLooks(at).id, isSubject: at === 0 },
    })),
  }));

export const sampleView = (count: number, nowMs: number, mine = 5): NaraView => {
  const neighbours = Array.from({ length: count }, (_, at) => sampleNeighbour(at, nowMs));
  const entries = Math.min(100, count * 3);
  return {
    me: {
      ...sampleLooks(mine),
      gemstone: "🔮",
      publicKey: "r8uXyMiSrvEVD/ZQYBG8lbNOzwk9FQ+5X9emkjTVRCQ=",
      bondValid: true,
      booting: false,
      bornAtMs: nowMs - 260_000,
    },
    neighbours,
    timeline: Array.from({ length: entries }, (_, at) =>
      sampleEntry(at, neighbours[at % count]?.name ?? "", nowMs - (entries - at) * 21_000),
    ),
    plaza: { state: "open", address: "ws://localhost:8080/plaza", sinceMs: nowMs - 255_000 },
    mesh: {
      address: "localhost:7500",
      trouble: "",
      chosen: "auto",
      mode: "hybrid",
      letsLookIn: false,
      missing: [],
      peers: neighbours.length,
      zines: { given: 12, taken: 9, lastGivenAtMs: nowMs - 40_000, lastTakenAtMs: nowMs - 25_000 },
      remembering: null,
      remembered: {
        got: 3200,
        from: neighbours.slice(0, 4).map(({ name }) => name),
        givenUp: [],
        endedAtMs: nowMs - 200_000,
      },
    },
    postcards: samplePostcards(neighbours, mine, nowMs),
    stash: {
      search: "found",
      savedAtMs: nowMs - 90_000,
      hasEarlier: false,
      confidants: neighbours.slice(0, 3).map(({ name }) => ({ name, keptAtMs: nowMs - 60_000 })),
      wanted: 3,
      trouble: "",
      keeping: { owners: 2, bytes: 4100, room: 5 },
    },
    checkpoints: sampleCheckpoints(neighbours, nowMs),
    games: { won: 2, lost: 1, drawn: 1 },
    memory: sampleMemory(count),
    drops: [
      {
        reason: "bad-signature",
        meaning: "somebody signed with a key that is not theirs",
        count: 4,
      },
      {
        reason: "future",
        meaning: "it was dated more than a minute ahead of this clock",
        count: 1,
      },
    ],
    clockSkewMs: 120,
  };
};
