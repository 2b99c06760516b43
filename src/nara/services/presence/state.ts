/** What the parts of presence share. Each thing in it has one file that changes it. */
import type { ServiceContext } from "../../runtime/service.ts";
import type { HowdyCoordinator } from "./howdy-coordinator.ts";
import type { Neighbour, Neighbourhood } from "./neighbourhood.ts";
import type { OwnState } from "./self.ts";
import type { VoteBox } from "./votes.ts";

/** Something worth a line in the timeline that is no event of the ledger. */
export interface PresenceNote {
  readonly kind: "howdy" | "howdied" | "newspaper" | "met" | "trend" | "game";
  readonly about: string;
  readonly icon: string;
  readonly text: string;
  readonly detail: string;
  /** It was said with a signature that was verified. */
  readonly signed: boolean;
}

/** Who is told of changes. */
export interface PresenceListener {
  onMe(): void;
  onNeighbour(name: string): void;
  onGone(name: string): void;
  onNote(note: PresenceNote): void;
  /** I slept, by one of the clocks. @param sinceNs Unix nanoseconds. */
  onWoke(sinceNs: bigint): void;
  /** Seen alive, however: what I knew of it until then, and know now. */
  onAlive(before: Neighbour | undefined, after: Neighbour): void;
}

export interface PresenceState {
  readonly nara: ServiceContext;
  readonly own: OwnState;
  readonly neighbourhood: Neighbourhood;
  readonly listener: PresenceListener;
  readonly coordinator: HowdyCoordinator;
  readonly votes: VoteBox;
  readonly shortMemory: boolean;
  /** I stay away from the plaza: what I say goes with zines alone. */
  readonly gossipsOnly: boolean;
  /** I tell no details of myself, and none of others. */
  readonly isStealthy: boolean;
}

/** Wall clock in whole Unix seconds. */
export const nowS = ({ nara }: Pick<PresenceState, "nara">): number =>
  Number(nara.clock.nowNs() / 1_000_000_000n);
