/**
 * What a page may know of a nara: plain data, derived from projections, structured-cloneable.
 * Times are milliseconds of wall clock (`…AtMs`), so that a page can count from them.
 */
import type { MemoryMode } from "./identity/memory-mode.ts";
import type { ForgetReason } from "./ledger/ledger-types.ts";
import type { Belief, Share } from "./projections/provenance.ts";

export interface Aura {
  /** `#RRGGBB`, upper case; "" while unknown. */
  readonly primary: string;
  readonly secondary: string;
}

/** Each 0–99 (docs/protocol/identity.md §3); a peer may claim 0–100. */
export interface Personality {
  readonly agreeableness: number;
  readonly sociability: number;
  readonly chill: number;
}

export interface Barrio {
  readonly name: string;
  readonly emoji: string;
}

export type OnlineState = "ONLINE" | "OFFLINE" | "MISSING" | "";

/** What is drawn of any nara, mine or another's. */
export interface NaraLooks {
  readonly name: string;
  /** Empty while not known. */
  readonly id: string;
  readonly aura: Aura;
  readonly personality: Personality;
  readonly flair: string;
  readonly barrio: Barrio;
  readonly trend: string;
  readonly trendEmoji: string;
  /** 0–182. */
  readonly buzz: number;
  /** 0–100. */
  readonly chattiness: number;
}

export interface MeView extends NaraLooks {
  readonly gemstone: string;
  readonly publicKey: string;
  /** The soul was minted for this very name. */
  readonly bondValid: boolean;
  /** True for the first 120 s (docs/protocol/presence-and-life.md §3). */
  readonly booting: boolean;
  readonly bornAtMs: number;
}

export interface NeighbourView extends NaraLooks {
  readonly publicKey: string;
  readonly online: OnlineState;
  /** 0 while never seen. */
  readonly lastSeenAtMs: number;
  readonly startedAtMs: number;
  readonly lastRestartAtMs: number;
  readonly restarts: number;
  readonly version: string;
  readonly memoryMode: string;
  /** They sent me a howdy since I was born. */
  readonly greetedMe: boolean;
  /** Somebody used this name or id with another key; their claims were refused. */
  readonly keyConflicts: number;
}

/** One line of the timeline (docs/protocol/ui-and-api.md §b, event table). */
export interface TimelineEntry {
  readonly id: string;
  /** Event service (`hey-there`, `social`, …) or a local kind (`howdy`, `newspaper`, `born`, `met`, `plaza`). */
  readonly kind: string;
  readonly atMs: number;
  readonly icon: string;
  readonly text: string;
  readonly detail: string;
  /** The nara it is about, for a link and a colour; "" when none. */
  readonly about: string;
  /** Carries a signature that was verified. */
  readonly signed: boolean;
}

export type PlazaView =
  | { readonly state: "connecting"; readonly address: string; readonly attempt: number }
  | { readonly state: "open"; readonly address: string; readonly sinceMs: number }
  | {
      readonly state: "offline";
      readonly address: string;
      readonly sinceMs: number;
      readonly reason: string;
      /** 0 when it is left alone by choice (`MeshView.mode` "gossip"). */
      readonly nextTryAtMs: number;
    };

/**
 * How a nara talks (docs/protocol/presence-and-life.md §1, Modes): on the plaza alone, from nara to
 * nara alone, or both ways.
 */
export type TransportMode = "mqtt" | "gossip" | "hybrid";

/** `auto` is hybrid while others can call me, and mqtt while they cannot. */
export type TransportChoice = TransportMode | "auto";

/** The way from nara to nara, past the plaza. */
export interface MeshView {
  /** Where others call me, as my hey_there says it; "" for nowhere. */
  readonly address: string;
  /** Why nobody can call me just now, a sentence for a person; "" while they can. */
  readonly trouble: string;
  readonly chosen: TransportChoice;
  /** What came of the choice. */
  readonly mode: TransportMode;
  /** Whoever calls may look at what I know, by the web API. */
  readonly letsLookIn: boolean;
  /** What goes undone just now, by the mode or for want of an address. */
  readonly missing: readonly MeshAbility[];
  /** Neighbours whose address is proven. */
  readonly peers: number;
  readonly zines: ZineCounts;
  /** Memories being fetched from neighbours; null while none are. */
  readonly remembering: RememberingView | null;
  /** What the last fetching brought, once it is over; null before. */
  readonly remembered: RememberedView | null;
}

/**
 * | ability | without it |
 * |---|---|
 * | calls | nobody can call me |
 * | zines | no news go from hand to hand |
 * | memories | of what I missed neighbours tell on the plaza alone, which is little |
 * | messages | nobody gets a word from me alone |
 * | plaza | I neither hear nor speak on the plaza |
 */
export type MeshAbility = "calls" | "zines" | "memories" | "messages" | "plaza";

/** Since this nara woke. Times are 0 for never. */
export interface ZineCounts {
  /** Zines of mine that others took, each counted once per taker. */
  readonly given: number;
  /** Zines of others that I took. */
  readonly taken: number;
  readonly lastGivenAtMs: number;
  readonly lastTakenAtMs: number;
}

/** Remembering… `got` of `wanted` events from `from.length` neighbours. */
export interface RememberingView {
  /** Events that are new to me and proved themselves. */
  readonly got: number;
  /** Events that there is room for; those who are asked may know fewer. */
  readonly wanted: number;
  /** Neighbours who told something so far. */
  readonly from: readonly string[];
  /** Neighbours given up: they lied, never ended, or did not answer. */
  readonly givenUp: readonly string[];
  /** Nobody can be asked just now; it goes on by itself. */
  readonly isWaiting: boolean;
}

export interface RememberedView {
  readonly got: number;
  readonly from: readonly string[];
  readonly givenUp: readonly string[];
  readonly endedAtMs: number;
}

/** My own postcards, as far as their sender knows (docs/protocol/mesh-runtime-checkpoints.md §2). */
export interface PostcardsView {
  /** Not home yet, the newest first. */
  readonly underWay: readonly PostcardUnderWay[];
  /** The latest comes first; at most 100. */
  readonly home: readonly PostcardHome[];
  /** Postcards of others that I handed on since I woke. */
  readonly carried: number;
}

/** Of its way nothing is known for sure before it is home. */
export interface PostcardUnderWay {
  readonly id: string;
  readonly message: string;
  readonly sentAtMs: number;
  /** Who took it first; "" until that one has answered. */
  readonly takenBy: string;
  /** Who told since of a postcard of mine that came by. */
  readonly seenBy: readonly string[];
  /** Under way for more than 300 s; it may turn up all the same. */
  readonly isLost: boolean;
}

export interface PostcardHome {
  readonly id: string;
  readonly message: string;
  readonly sentAtMs: number;
  readonly homeAtMs: number;
  /** In order, every signature of them verified; the last one is mine. */
  readonly hops: readonly PostcardHop[];
}

export interface PostcardHop {
  readonly nara: string;
  /** An emoji, or whatever the nara put there. */
  readonly stamp: string;
  /** By that nara's clock. */
  readonly atMs: number;
}

/** Votes about my life, and mine about others' (docs/protocol/mesh-runtime-checkpoints.md §5). */
export interface CheckpointsView {
  /** The vote about me that is under way, or the last one since I woke. */
  readonly ballot: BallotView | null;
  /** How I voted about others, the latest first; at most 20. */
  readonly answers: readonly AnswerView[];
}

export interface BallotView {
  readonly round: number;
  readonly proposed: FiguresView;
  readonly proposedAtMs: number;
  readonly endsAtMs: number;
  /** Neighbours who might vote. */
  readonly expected: number;
  /** One of each voter, verified, in order of arrival. */
  readonly votes: readonly BallotVoteView[];
  /** Null while it is under way. */
  readonly outcome: BallotOutcome | null;
}

export type BallotOutcome =
  | { readonly is: "agreed"; readonly id: string }
  /** `why` is a sentence for a person. */
  | { readonly is: "failed"; readonly why: string };

export interface BallotVoteView {
  readonly name: string;
  /** It signed the very figures that I proposed. */
  readonly agrees: boolean;
  readonly signed: FiguresView;
}

export interface AnswerView {
  readonly subject: string;
  readonly atMs: number;
  readonly round: number;
  /** I signed what was proposed; else my own figures. */
  readonly agreed: boolean;
  readonly signed: FiguresView;
}

/** How a nara has lived, as far as a checkpoint tells. */
export interface FiguresView {
  readonly restarts: number;
  readonly uptimeS: number;
  /** 0 while unknown. */
  readonly startedAtMs: number;
}

/** A checkpoint that proved itself. */
export interface CheckpointView {
  readonly id: string;
  readonly asOfMs: number;
  readonly figures: FiguresView;
  /** The one that its voters had seen before; "" for none. */
  readonly previousId: string;
  /** All different, with a key each; every signature was verified. */
  readonly voters: readonly VoterView[];
}

export interface VoterView {
  /** "" when I do not know it any more. */
  readonly name: string;
  readonly id: string;
  /** It is the nara that the checkpoint is about. */
  readonly isSubject: boolean;
}

/**
 * What friends keep for me, and what I keep for them (docs/protocol/mesh-runtime-checkpoints.md §4).
 * The note itself is asked for (commands of the page protocol).
 */
export interface StashView {
  /** Whether anybody keeps something for me: looked for after waking. */
  readonly search: "searching" | "found" | "nothing";
  /** When the note was written; 0 while there is none. */
  readonly savedAtMs: number;
  /** Something older came back after something newer was written. */
  readonly hasEarlier: boolean;
  /** Those who keep the note as it is, by name. */
  readonly confidants: readonly ConfidantView[];
  /** How many should. */
  readonly wanted: number;
  /** Why fewer do; "" while enough do, or there is no note. */
  readonly trouble: string;
  /** For others; `room` is for so many owners in all. */
  readonly keeping: { readonly owners: number; readonly bytes: number; readonly room: number };
}

export interface ConfidantView {
  readonly name: string;
  /** When it took the note last, or was known to have it. */
  readonly keptAtMs: number;
}

/** Games of rock-paper-scissors since this nara woke, whoever challenged. */
export interface GamesView {
  /** Those forfeited by the other among them. */
  readonly won: number;
  readonly lost: number;
  readonly drawn: number;
}

/** How often something was refused, by reason. */
export interface DropCount {
  readonly reason: string;
  /** One sentence for a person. */
  readonly meaning: string;
  readonly count: number;
}

/** How much is remembered and how much was forgotten since this nara woke. */
export interface MemoryView {
  readonly mode: MemoryMode;
  /** Events that are kept at most. */
  readonly capacity: number;
  readonly held: number;
  /** How many of them nobody signed: somebody vouches for them. */
  readonly hearsay: number;
  /** Kinds of which something is held or was forgotten, in alphabetical order. */
  readonly kinds: readonly MemoryOfKind[];
}

export interface MemoryOfKind {
  /** Event service. */
  readonly kind: string;
  readonly held: number;
  /** Reasons that never happened are left out. */
  readonly forgotten: { readonly [Reason in ForgetReason]?: number };
}

/** What to look for in the memory. */
export interface MemoryQuery {
  /** Event services; none for all. */
  readonly kinds: readonly string[];
  /** A part of the name of who did it, of whom it is about or of who signed; "" for everybody. */
  readonly name: string;
  /** Of the page before; "" for the first. */
  readonly cursor: string;
  /** Lines at most. */
  readonly limit: number;
}

export interface MemoryPage {
  /** Newest first, by the time that the events tell. */
  readonly entries: readonly TimelineEntry[];
  /** For the next page; "" when there is no older event. */
  readonly cursor: string;
  /** Events that fit now, on all pages. */
  readonly total: number;
}

/** What is believed of a nara, and the events behind it. */
export interface BeliefView {
  readonly belief: Belief;
  /**
   * What the events amount to: Unix seconds for times, seconds for uptime, points for clout, a
   * count for restarts; 0 while they tell nothing. For "online" 1 while they show it online.
   */
  readonly value: number;
  /** For "online" what the events show, "" else. */
  readonly online: OnlineState;
  /** The newest first, but for a checkpoint, which leads. At most {@link evidenceShown}. */
  readonly evidence: readonly EvidenceView[];
  /** Events behind it, shown or not; whoever counts stops at 200. */
  readonly total: number;
}

/** Lines of evidence that a page gets for one belief. */
export const evidenceShown = 60;

export interface EvidenceView extends TimelineEntry {
  readonly share: Share;
  /** Who says it; "" for checkpoints, which many sign. */
  readonly voice: string;
  /** What it says, in the unit of the belief's value. */
  readonly value: number;
}

/** Lines of the timeline that are kept (docs/protocol/ui-and-api.md §a, Timeline). */
export const timelineLength = 100;

export interface NaraView {
  readonly me: MeView;
  /** One per name, in no particular order. */
  readonly neighbours: readonly NeighbourView[];
  /** Oldest first, at most `timelineLength`. */
  readonly timeline: readonly TimelineEntry[];
  readonly plaza: PlazaView;
  readonly mesh: MeshView;
  readonly postcards: PostcardsView;
  readonly stash: StashView;
  readonly checkpoints: CheckpointsView;
  readonly games: GamesView;
  readonly drops: readonly DropCount[];
  readonly memory: MemoryView;
  /** My clock minus the neighbours' median, ms; null while nobody was heard. */
  readonly clockSkewMs: number | null;
}

/** What changed since the last snapshot or delta. Absent keys are unchanged. */
export interface NaraViewDelta {
  readonly me?: MeView;
  /** Neighbours that are new or changed, whole. */
  readonly neighbours?: readonly NeighbourView[];
  /** Names that are no longer known. */
  readonly gone?: readonly string[];
  /** New entries, oldest first. */
  readonly timeline?: readonly TimelineEntry[];
  readonly plaza?: PlazaView;
  /** Whole; told at most twice a second. */
  readonly mesh?: MeshView;
  /** Whole; told at most twice a second. */
  readonly postcards?: PostcardsView;
  /** Whole; told at most twice a second. */
  readonly stash?: StashView;
  /** Whole; told at most twice a second. */
  readonly checkpoints?: CheckpointsView;
  readonly games?: GamesView;
  /** Reasons whose count changed. */
  readonly drops?: readonly DropCount[];
  /** Whole; told at most twice a second. */
  readonly memory?: MemoryView;
  readonly clockSkewMs?: number | null;
}
