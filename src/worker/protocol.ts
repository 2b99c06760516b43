/**
 * The one protocol between pages and the nara, whatever hosts it.
 *
 * | page says | host answers |
 * |---|---|
 * | `hello` | `welcome`, then one `state` (snapshot) |
 * | `hello` of an older protocol | `welcome` alone: the page reloads |
 * | `hello` of a newer protocol | `welcome` alone, and the newer number to all other pages; then it ends |
 * | `command` | `result` with the same `id` |
 * | `leaving` | nothing; the page's port is forgotten |
 *
 * After the snapshot come `delta`s, at most one a frame, numbered without gaps by `seq`.
 * `epoch` is random per host start: a page that sees another one forgets all and says hello.
 * `protocol` differs after a deploy: old pages reload, an old host makes room.
 */
import type { BroughtBack } from "../nara/backup/bring-back.ts";
import type { MemoryMode } from "../nara/identity/memory-mode.ts";
import type { Manners } from "../nara/manners.ts";
import type { Way } from "../nara/services/gossip/direct.ts";
import type { Played } from "../nara/services/rock-paper-scissors/rock-paper-scissors.ts";
import type { Hand } from "../nara/services/rock-paper-scissors/rules.ts";
import type { Note } from "../nara/services/stash/vault.ts";
import type {
  BeliefView,
  CheckpointView,
  DropCount,
  MemoryPage,
  MemoryQuery,
  NaraView,
  NaraViewDelta,
  TransportChoice,
} from "../nara/view.ts";

/** How a nara behaves while nobody chose. */
export { openManners } from "../nara/manners.ts";
/** Characters of a postcard's message. */
export { maxMessageCharacters as longestPostcard } from "../nara/services/postcards/words.ts";
/** UTF-8 bytes of a note. */
export { maxNoteBytes as longestNoteBytes } from "../nara/services/stash/note-size.ts";
/** Lines of a view's timeline. */
export { timelineLength } from "../nara/view.ts";

export const protocolVersion = 4;

export type ToHost =
  | {
      readonly type: "hello";
      readonly protocol: number;
      /** Name of the Web Lock the page holds while it lives; "" where there are no locks. */
      readonly lifeLock: string;
      /** The worker outlives its last page for a while (`extendedLifetime`). */
      readonly lingers: boolean;
      /** Where the page came from; the same-origin plaza is derived from it. */
      readonly origin: string;
    }
  | { readonly type: "leaving" }
  | { readonly type: "command"; readonly id: number; readonly command: Command };

export type ToPage =
  | { readonly type: "welcome"; readonly protocol: number; readonly epoch: string }
  | {
      readonly type: "state";
      readonly epoch: string;
      readonly seq: number;
      readonly state: HostState;
    }
  | {
      readonly type: "delta";
      readonly epoch: string;
      readonly seq: number;
      readonly delta: NaraViewDelta;
    }
  | { readonly type: "result"; readonly id: number; readonly result: CommandResult };

/** What the host is doing. Sent whole whenever it changes kind; a living view changes by deltas. */
export type HostState =
  | { readonly life: "waking" }
  | { readonly life: "living"; readonly view: NaraView; readonly settings: Settings }
  /** What storage holds is no soul. Nothing is overwritten until the person chose. */
  | { readonly life: "soul-unreadable"; readonly stored: string; readonly why: string }
  /** Another host of this profile holds this identity. */
  | { readonly life: "elsewhere"; readonly name: string };

export interface Settings {
  /** A `wss://` or `ws://` broker; "" for the server this page came from. */
  readonly plazaUrl: string;
  readonly memory: MemoryChoice;
  readonly transport: TransportChoice;
  readonly manners: Manners;
  /** Whoever calls its mesh address may look at what it knows. */
  readonly letsLookIn: boolean;
}

/** Bounds of `MemoryChoice.maxEvents`: fewer would not last an hour, more was never measured. */
export const fewestEvents = 1000;
export const mostEvents = 1_000_000;

/** How much to remember. */
export interface MemoryChoice {
  /** `auto`: as this device allows (memory-choice.ts). */
  readonly mode: MemoryMode | "auto";
  /** Events kept at most in mode `custom`; counts for nothing in the others. */
  readonly maxEvents: number;
}

export type Command =
  /** The same soul seed bound to another name (a new bond). */
  | { readonly type: "rename"; readonly name: string }
  | { readonly type: "export-soul" }
  /** Says what an import would do, and changes nothing. */
  | { readonly type: "inspect-soul"; readonly soul: string; readonly name: string }
  /** Replaces the soul. `name` "" keeps the name the soul generates. */
  | { readonly type: "import-soul"; readonly soul: string; readonly name: string }
  /** Mints a new soul in place of what is stored. */
  | { readonly type: "start-anew" }
  | { readonly type: "set-plaza"; readonly url: string }
  /** Takes effect at once; what no longer fits is forgotten. */
  | { readonly type: "set-memory"; readonly choice: MemoryChoice }
  /** Writes a postcard and hands it to its first carrier. */
  | { readonly type: "send-postcard"; readonly message: string }
  /** Leaves a note with friends, in place of the one before. */
  | { readonly type: "write-note"; readonly text: string }
  /** What friends keep for me. */
  | { readonly type: "read-note" }
  /** Talks another way from now on. */
  | { readonly type: "set-transport"; readonly choice: TransportChoice }
  /** Behaves another way from now on. */
  | { readonly type: "set-manners"; readonly manners: Manners }
  /** Lets others look in from now on, or no more. */
  | { readonly type: "set-look-in"; readonly letsLookIn: boolean }
  /** Teases a neighbour, in words of the nara's own. */
  | { readonly type: "tease"; readonly name: string }
  /** Challenges a neighbour to rock-paper-scissors. */
  | { readonly type: "play"; readonly name: string; readonly hand: Hand }
  /** Proposes a checkpoint about the nara at once; whether one comes of it, the view tells. */
  | { readonly type: "ask-checkpoint" }
  /** The checkpoints about a nara. */
  | { readonly type: "checkpoints"; readonly name: string }
  /** A page of the memory. */
  | { readonly type: "recall"; readonly query: MemoryQuery }
  /** What is believed of a nara, and why. */
  | { readonly type: "why"; readonly name: string }
  /** All it remembers, to be kept in a file. */
  | { readonly type: "export-events" }
  /** Remembers again what such a file holds; one of the reference's backup tool will do too. */
  | { readonly type: "import-events"; readonly dump: Blob };

export type CommandResult =
  | { readonly ok: true; readonly type: "done" }
  | { readonly ok: true; readonly type: "soul"; readonly soul: string; readonly name: string }
  | {
      readonly ok: true;
      readonly type: "soul-inspected";
      readonly name: string;
      readonly id: string;
      readonly bondValid: boolean;
      /** It is the soul that lives here already. */
      readonly same: boolean;
    }
  /** One event a line, as JSON. */
  | {
      readonly ok: true;
      readonly type: "events-exported";
      readonly dump: Blob;
      readonly events: number;
    }
  | {
      readonly ok: true;
      readonly type: "note";
      /** Null while there is none. */
      readonly note: Note | null;
      /** What came back after something newer was written in its place. */
      readonly earlier: Note | null;
    }
  | {
      readonly ok: true;
      readonly type: "teased";
      /** How it reads. */
      readonly words: string;
      /** Brought by hand, said on the plaza, or left for the next zines. */
      readonly way: Way;
      /** Brought by hand, it was to the other's taste. */
      readonly isKept: boolean;
    }
  | { readonly ok: true; readonly type: "played"; readonly played: Played }
  | { readonly ok: true; readonly type: "recalled"; readonly page: MemoryPage }
  /** The latest first. */
  | {
      readonly ok: true;
      readonly type: "checkpoints";
      readonly chain: readonly CheckpointView[];
    }
  | { readonly ok: true; readonly type: "beliefs"; readonly beliefs: readonly BeliefView[] }
  /** Lines that are no events and events that were not believed are told by reason. */
  | {
      readonly ok: true;
      readonly type: "events-imported";
      readonly report: BroughtBack;
      /** All that was not remembered, in words, what was known already among it. */
      readonly refusals: readonly DropCount[];
    }
  | { readonly ok: false; readonly type: "refused"; readonly why: string };
