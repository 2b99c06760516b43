/** Hearing a chau, verified under the speaker's pinned key (presence-and-life.md §2). */
import type { Neighbour } from "./neighbourhood.ts";
import { isReplay, type Listener, type PresenceChange } from "./presence-change.ts";

export interface ChauHeard {
  readonly from: string;
  /** Not covered by the signature: it fills a blank and changes nothing. */
  readonly id: string;
  /** Base64, under which it was verified. */
  readonly publicKey: string;
  /** The event's time, Unix seconds. */
  readonly saidAtS: number;
}

export interface ChauChange extends PresenceChange {
  /** It was here until now: worth a signed social observation `offline`. */
  readonly leftNow: boolean;
}

/** What any chau adds to buzz (docs/protocol/presence-and-life.md §2). */
const buzzOfChau = 2;

/**
 * The speaker is OFFLINE. A name I do not know stays unknown, and a chau from well before the
 * speaker's last sign of life, sent again by somebody, changes nothing. The event belongs in the
 * ledger in any case. (docs/protocol/presence-and-life.md §2, Chau in; docs/differences.md)
 */
export function hearChau(
  known: Neighbour | undefined,
  chau: ChauHeard,
  listener: Listener,
): ChauChange {
  if (known === undefined) {
    return { neighbour: undefined, buzz: buzzOfChau, reports: [], leftNow: false };
  }
  const { observation } = known;
  const isOld = isReplay(chau.saidAtS, known);
  return {
    neighbour: {
      ...known,
      isMet: true,
      status: { ...known.status, publicKey: chau.publicKey, id: known.status.id || chau.id },
      observation: isOld
        ? observation
        : { ...observation, online: "OFFLINE", lastSeenS: listener.nowS },
    },
    buzz: buzzOfChau,
    reports: [],
    leftNow: !isOld && observation.online === "ONLINE" && !listener.booting,
  };
}
