/** Hearing a hey_there, verified under the speaker's pinned key (presence-and-life.md §2). */
import type { Neighbour } from "./neighbourhood.ts";
import {
  isReplay,
  type Listener,
  type PresenceChange,
  seenAlive,
  stranger,
} from "./presence-change.ts";

export interface HeyThereHeard {
  readonly from: string;
  /** Base64 */
  readonly publicKey: string;
  /** "" leaves what is known. */
  readonly meshIp: string;
  /** Not covered by the signature: it fills a blank and changes nothing. */
  readonly id: string;
  /** The event's time, Unix seconds. */
  readonly saidAtS: number;
}

/** What any hey_there adds to buzz (docs/protocol/presence-and-life.md §2). */
const buzzOfHeyThere = 1;

/**
 * Whether or not the name becomes known, the event belongs in the ledger and deserves a howdy. One
 * from well before the speaker's last sign of life, sent again by somebody, changes nothing.
 * (docs/protocol/presence-and-life.md §2, hey_there in; docs/differences.md)
 */
export function hearHeyThere(
  known: Neighbour | undefined,
  heyThere: HeyThereHeard,
  listener: Listener,
): PresenceChange {
  if (known?.isMet === true && isReplay(heyThere.saidAtS, known)) {
    return { neighbour: known, buzz: buzzOfHeyThere, reports: [] };
  }
  const before = known ?? stranger(heyThere.from);
  const speaker: Neighbour = {
    ...before,
    isMet: true,
    status: {
      ...before.status,
      publicKey: heyThere.publicKey,
      id: idOf(before, heyThere.id),
      meshIp: heyThere.meshIp || before.status.meshIp,
      meshEnabled: heyThere.meshIp !== "" || before.status.meshEnabled,
    },
  };
  const change = seenAlive(speaker, known !== undefined, heyThere.saidAtS, listener);
  return { ...change, buzz: change.buzz + buzzOfHeyThere };
}

/** Hearsay counts for nothing against the nara's own word. */
const idOf = (before: Neighbour, said: string): string =>
  before.isMet ? before.status.id || said : said || before.status.id;
