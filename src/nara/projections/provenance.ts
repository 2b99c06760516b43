/** Why a nara believes what it believes: the events behind it, and what became of each. */

/** What can be asked about a nara. */
export type Belief = "online" | "start-time" | "restarts" | "last-restart" | "uptime" | "clout";

/**
 * `kept`: it is part of the answer. `outlier`: too far from what the others say to be heard.
 * `superseded`: the same voice said something better since, or a checkpoint covers it.
 */
export type Share = "kept" | "outlier" | "superseded";

export interface Reason {
  /** Of the event in the ledger. */
  readonly id: string;
  readonly share: Share;
  /** Whose voice it is: the observer, or who vouches for what nobody signed; "" for checkpoints. */
  readonly voice: string;
  /**
   * What it says: Unix seconds for times, seconds for uptime, points for clout; for "online" 1
   * while it shows the nara online, else 0.
   */
  readonly value: number;
}
