/**
 * Staying evident: a nara that nobody can ping must put signed evidence on the plaza more often
 * than every 300 s, or others call it MISSING and its next newspaper a restart.
 * (docs/protocol/presence-and-life.md §5; docs/decisions/staying-evident.md)
 */

/** Others call a nara MISSING when its evidence is older (docs/protocol/presence-and-life.md §5). */
export const missingAfterS = 300;
/**
 * Time between two pieces of evidence: one may be lost on its way, and 30 s are left for slow timers
 * and slow wires.
 */
export const evidencePeriodMs = 125_000;
/** Either way, so that naras that woke together drift apart. */
const jitterMs = 10_000;

/**
 * How long to wait, in ms, before the next evidence is due; 0 when it is due now.
 *
 * @param lastMs monotonic time of my last signed hey_there or social; undefined for none
 * @param fraction random in [0, 1), drawn once per piece of evidence
 */
export function evidenceDelayMs(
  lastMs: number | undefined,
  nowMs: number,
  fraction: number,
): number {
  if (lastMs === undefined) return 0;
  return Math.max(0, lastMs + evidencePeriodMs + (2 * fraction - 1) * jitterMs - nowMs);
}

/**
 * Payload of the evidence: a social event about nobody but me. Its type `observation` with a
 * reason of no special meaning is kept by naras of every personality and moves nobody's clout;
 * as its actor I am ONLINE in everyone's projection.
 * (docs/protocol/events-and-ledger.md §5 social filter, §8 online and clout)
 */
export function evidencePayload(myName: string): {
  readonly type: "observation";
  readonly actor: string;
  readonly target: string;
  readonly reason: string;
  readonly witness: "";
} {
  return { type: "observation", actor: myName, target: myName, reason: stillHere, witness: "" };
}

const stillHere = "still-here";

/** Whether a social event is such evidence, mine or another's: it tells nothing but presence. */
export const isEvidence = (payload: {
  readonly type: string;
  readonly actor: string;
  readonly target: string;
  readonly reason: string;
}): boolean =>
  payload.type === "observation" &&
  payload.actor === payload.target &&
  payload.reason === stillHere;
