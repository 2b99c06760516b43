/** Saying hey_there: at boot, on every connection, and to strangers (presence-and-life.md §2). */

/** What my own hey_there adds to buzz (docs/protocol/presence-and-life.md §2). */
export const buzzOfMyHeyThere = 2;
/** The last one must be longer ago than this, ms (same place). */
const shortestPauseMs = 5_000;

/** @param lastMs monotonic time of my last hey_there; undefined for none */
export function maySayHeyThere(lastMs: number | undefined, nowMs: number): boolean {
  return lastMs === undefined || nowMs - lastMs > shortestPauseMs;
}

/** The event's payload: ID and inner Signature are there, and covered by nothing. */
export function heyTherePayload(me: {
  readonly name: string;
  readonly publicKey: string;
  readonly id: string;
  /** "" unless it answers pings (docs/protocol/presence-and-life.md, Traps). */
  readonly meshIp: string;
}): {
  readonly From: string;
  readonly PublicKey: string;
  readonly MeshIP: string;
  readonly ID: string;
  readonly Signature: "";
} {
  return { From: me.name, PublicKey: me.publicKey, MeshIP: me.meshIp, ID: me.id, Signature: "" };
}
