/**
 * What a page may know of a nara: plain data, derived from projections, structured-cloneable.
 * Times are milliseconds of wall clock (`…AtMs`), so that a page can count from them.
 */

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
      readonly nextTryAtMs: number;
    };

/** How often something was refused, by reason. */
export interface DropCount {
  readonly reason: string;
  /** One sentence for a person. */
  readonly meaning: string;
  readonly count: number;
}

export interface NaraView {
  readonly me: MeView;
  /** One per name, in no particular order. */
  readonly neighbours: readonly NeighbourView[];
  /** Oldest first, at most 100. */
  readonly timeline: readonly TimelineEntry[];
  readonly plaza: PlazaView;
  readonly drops: readonly DropCount[];
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
  /** Reasons whose count changed. */
  readonly drops?: readonly DropCount[];
  readonly clockSkewMs?: number | null;
}
