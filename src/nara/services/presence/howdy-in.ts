/**
 * Hearing a howdy, verified under its sender's pinned key. Only From, To and Seq are covered by
 * the signature, so its Me never moves what the sender's own signed words established, and its
 * neighbours are hearsay. (docs/protocol/presence-and-life.md §1, §2; docs/differences.md)
 */
import type { Howdy, HowdyNeighbour } from "./howdy.ts";
import { mergeStatus } from "./merge-status.ts";
import type { Neighbour } from "./neighbourhood.ts";
import { fillObservation, mergeObservation, plausible } from "./observation.ts";
import { type Listener, type PresenceChange, seenAlive, stranger } from "./presence-change.ts";
import type { NaraStatus } from "./status.ts";
import type { StartTimeVote } from "./votes.ts";

export interface HowdyChange extends PresenceChange {
  /** What the sender says of my start time; undefined when it says nothing, or not to me. */
  readonly vote: StartTimeVote | undefined;
  /** Records of others, as they are after the hearsay that I was told. */
  readonly hearsay: readonly Neighbour[];
}

/** What any howdy adds to buzz (docs/protocol/presence-and-life.md §2). */
const buzzOfHowdy = 1;

/** @param lookUp the record of a name, as it is before this howdy */
export function hearHowdy(
  howdy: Howdy,
  listener: Listener,
  lookUp: (name: string) => Neighbour | undefined,
): HowdyChange {
  const known = lookUp(howdy.from);
  const before = known ?? stranger(howdy.from);
  const toMe = howdy.to === listener.myName;
  const sender: Neighbour = {
    ...before,
    isMet: true,
    greetedMe: before.greetedMe || toMe,
    status: statusFromHowdy(before, howdy.me),
  };
  const change = seenAlive(sender, known !== undefined, listener.nowS, listener);
  return {
    ...change,
    buzz: change.buzz + buzzOfHowdy,
    vote: toMe ? voteOf(howdy) : undefined,
    hearsay: toMe ? hearsayOf(howdy, listener, lookUp) : [],
  };
}

function statusFromHowdy(before: Neighbour, me: NaraStatus): NaraStatus {
  const merged = mergeStatus(before.status, { ...me, observations: null });
  const { id, meshIp, meshEnabled } = before.status;
  if (!before.isMet) return merged;
  return {
    ...merged,
    id: id || merged.id,
    ...(meshIp === "" ? {} : { meshIp, meshEnabled }),
  };
}

function voteOf({ you, me }: Howdy): StartTimeVote | undefined {
  if (you.startTimeS === 0) return undefined;
  return { startTimeS: you.startTimeS, weightS: me.hostStats.uptimeS };
}

function hearsayOf(
  howdy: Howdy,
  listener: Listener,
  lookUp: (name: string) => Neighbour | undefined,
): readonly Neighbour[] {
  return howdy.neighbours
    .filter(({ name }) => name !== listener.myName && name !== howdy.from)
    .map((told) => withHearsay(lookUp(told.name) ?? stranger(told.name), told, listener.nowS));
}

function withHearsay(before: Neighbour, told: HowdyNeighbour, nowS: number): Neighbour {
  const theirs = plausible(told.observation, nowS);
  if (before.isMet) {
    return { ...before, observation: fillObservation(before.observation, theirs) };
  }
  const { status } = before;
  return {
    ...before,
    observation: mergeObservation(before.observation, theirs),
    status: {
      ...status,
      publicKey: status.publicKey || told.publicKey,
      id: status.id || told.id,
      meshIp: status.meshIp || told.meshIp,
      meshEnabled: status.meshEnabled || told.meshIp !== "",
    },
  };
}
