/** What can be asked of a ledger, and what it answers. */
import type { EventService } from "../events/event-kinds.ts";
import type { SyncEvent, SyncEventOf } from "../events/sync-event.ts";
import type { Outcome } from "../outcome.ts";
import type { Cancel } from "../ports.ts";
import type { CheckedEvent } from "./checked-event.ts";
import type { Drawable } from "./drawable.ts";

/**
 * Why an event is believed. `proven`: by its author's signature, or as a checkpoint by enough
 * known voters. `vouched`: unsigned, but told by a peer who signed for telling it (design
 * "What we accept" 3): hearsay, kept apart and pruned first.
 */
export type Tier = "proven" | "vouched";

export type AddOptions =
  | {
      readonly tier?: "proven";
      /** I observed it myself just now: refused when the fact is proven already. */
      readonly isOwnObservation?: boolean;
    }
  | {
      readonly tier: "vouched";
      /** Name of the peer who told it. */
      readonly voucher: string;
    };

export interface Standing {
  readonly tier: Tier;
  /** Names of those who vouched, in order of arrival, each once; none for what is proven. */
  readonly vouchers: readonly string[];
}

export interface Added extends Standing {
  readonly event: SyncEvent;
  /** What had to go for it. */
  readonly forgotten: SyncEvent | undefined;
}

/**
 * | reason | an event went because |
 * |---|---|
 * | capacity | the ledger was full, or was made smaller |
 * | ping_retention | a newer ping to the same target came |
 * | compaction | there were too many observations by the same observer about the same subject |
 * | removed | its nara was to be forgotten |
 * | replaced | a proven copy of the same id came |
 */
export type ForgetReason = "capacity" | "ping_retention" | "compaction" | "removed" | "replaced";

export interface Forgotten extends Standing {
  readonly event: SyncEvent;
  readonly reason: ForgetReason;
}

/** Hearsay that one more peer vouches for. */
export interface Vouched extends Standing {
  readonly event: SyncEvent;
}

/** How many events of each kind went for each reason since the ledger was made. */
export type ForgottenCounts = {
  readonly [Svc in EventService]: { readonly [Reason in ForgetReason]: number };
};

/**
 * `ledger_full`: everything that is kept is more precious. `outlived`: newer pings to the same
 * target, or more trusted observations of the same pair, fill its place. `known_fact`: my own
 * observation of what is proven already.
 */
export type AddRefusal =
  | "invalid"
  | "id_mismatch"
  | "duplicate"
  | "ledger_full"
  | "outlived"
  | "known_fact";
export type AddOutcome = Outcome<Added, AddRefusal>;

export interface Merged {
  readonly added: number;
  readonly refused: { readonly [Reason in AddRefusal]?: number };
}

/** What can be told of events without looking at each. */
export interface Narrowing {
  /** Those of this time and before. Unix nanoseconds. */
  readonly upToNs?: bigint | undefined;
  /** Those whose actor, target or emitter has a name that fits; asked of each name once. */
  readonly named?: ((name: string) => boolean) | undefined;
}

/** The questions. Lists are new at each call, in order of arrival where nothing else is said. */
export interface LedgerReader {
  has(id: string): boolean;
  get(id: string): SyncEvent | undefined;
  /** Undefined when there is no such event. */
  standingOf(id: string): Standing | undefined;
  events(): readonly SyncEvent[];
  /** All that is proven, ready to be drawn from. */
  provenToDraw(): Drawable;
  /** One service's events. */
  byService<Svc extends EventService>(svc: Svc): readonly SyncEventOf<Svc>[];
  /** Events whose actor or target has this name. */
  about(name: string): readonly SyncEvent[];
  /** One service's events whose target has this name. */
  targeting<Svc extends EventService>(svc: Svc, name: string): readonly SyncEventOf<Svc>[];
  /** Events after `tsNs`, oldest first; equal times in order of arrival. At most `limit`. */
  since(tsNs: bigint, limit?: number): readonly SyncEvent[];
  /** The events that `wanted` takes, newest first, of equal times the last come; at most `limit`. */
  newest(
    limit: number,
    wanted?: (event: SyncEvent) => boolean,
    narrowing?: Narrowing,
  ): readonly SyncEvent[];
  /** How many of those that `wanted` takes have an actor, target or emitter whose name fits. */
  countNaming(named: (name: string) => boolean, wanted: (event: SyncEvent) => boolean): number;
  count(): number;
  /** How many of them are hearsay. */
  vouchedCount(): number;
  /** Services without events are left out. */
  countsByService(): ReadonlyMap<EventService, number>;
  /** Events of priority 0: checkpoints, restarts, first sightings. */
  criticalCount(): number;
}

export interface Ledger extends LedgerReader {
  /**
   * How many events are kept at most. What came before it was made smaller may still exceed it,
   * until all has been trimmed; nothing that is added makes that more.
   */
  readonly capacity: number;
  /** Changes the capacity and trims once. */
  setCapacity(capacity: number): void;
  /**
   * Lets go of some hundred events at most that exceed the capacity; says whether that was all.
   * A long memory takes many such steps, so that nobody has to wait for it ({@link trimInSteps}).
   */
  trim(): boolean;
  /** Never throws. Listeners have been called when it returns. `proven` where nothing is said. */
  add(event: SyncEvent, options?: AddOptions): AddOutcome;
  /** The same without computing the id anew. */
  addChecked(event: CheckedEvent, options?: AddOptions): AddOutcome;
  /** Adds one after the other. */
  merge(events: readonly CheckedEvent[], options?: AddOptions): Merged;
  /** Forgets whatever names this nara or was signed in its name; says how much that was. */
  removeNara(name: string): number;
  /** Rises with each operation by which events have gone, not when they come. */
  version(): number;
  forgotten(): ForgottenCounts;
  /** Calls `listener` after each event that was added, until cancelled. */
  onAdd(listener: (added: Added) => void): Cancel;
  /** Calls `listener` after each event that went, before `onAdd` tells what it went for. */
  onForget(listener: (forgotten: Forgotten) => void): Cancel;
  /** Calls `listener` when one more peer vouches for an event that is hearsay still. */
  onVouch(listener: (vouched: Vouched) => void): Cancel;
}
