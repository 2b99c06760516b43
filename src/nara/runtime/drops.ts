/** Why something was refused: every reason there is, what it means, and how often it happened. */
import type { DropCount } from "../view.ts";

/** The reasons, with one sentence each for a person. */
export const dropMeanings = {
  retained: "the broker had kept it from earlier; nara never leaves messages behind",
  too_large: "the message was larger than any nara sends",
  too_deep: "the message was nested deeper than any nara sends",
  too_many_entries: "a list in the message was longer than any nara sends",
  too_long: "a text in the message was longer than any nara sends",
  malformed: "it was not readable as a nara message",
  mistyped: "a field held the wrong sort of value",
  invalid: "it was readable, but says something no nara says",
  out_of_range: "a number in it lies outside what is possible",
  bad_name: "it uses a name that no nara may carry",
  unknown_kind: "a kind of message that I do not know",
  unsupported_version: "a version of the message that I do not know",
  wrong_topic: "it was said in the wrong place",
  unsigned: "nobody signed it",
  invalid_signature: "the signature is not its author's",
  unknown_sender: "I have no key of its author yet",
  unknown_subject: "it is about somebody whose id I do not know yet",
  unknown_voter: "I have no key of one of its witnesses yet",
  too_few_voters: "fewer naras bear witness to it than it takes",
  repeated_voter: "one witness was counted more than once",
  another_account: "I know another account of the same moment",
  not_its_author: "somebody speaks in another nara's name",
  key_conflict: "this name is known to me with another key",
  id_conflict: "this id is known to me with another key or name",
  id_mismatch: "its id is not the one its content has",
  future: "it claims to be from the future",
  stale: "it belongs to something that is over, or older than what I know",
  duplicate: "I have heard exactly this before",
  own_echo: "my own words, come back to me",
  not_for_me: "it was meant for somebody else",
  rate_limited: "too much of this at once",
  filtered: "not to my taste",
  inbox_full: "too much was said at once to hear it all",
  ledger_full: "all that I remember is more precious",
  outlived: "what I know of the same is newer or better proved",
  known_fact: "I know this already from somebody else",
  stash_full: "I keep as much for friends as there is room for",
  broken_seal: "the hand that was shown is not the one that was sealed",
  crowded: "I know as many naras as I can keep in mind",
  too_many_introduced: "one neighbour brought more new naras than I take on one's word",
  no_handler: "nobody here listens to this",
} as const;

export type DropReason = keyof typeof dropMeanings;

export interface DropCounters {
  count(reason: DropReason): void;
  of(reason: DropReason): number;
  /** The reasons that occurred, most frequent first. */
  all(): readonly DropCount[];
  readonly total: number;
}

export function createDropCounters(onCount: (reason: DropReason) => void = () => {}): DropCounters {
  const counts = new Map<DropReason, number>();
  return {
    count(reason) {
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
      onCount(reason);
    },
    of: (reason) => counts.get(reason) ?? 0,
    all: () =>
      [...counts]
        .map(([reason, count]) => ({ reason, meaning: dropMeanings[reason], count }))
        .sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1)),
    get total() {
      let total = 0;
      for (const count of counts.values()) total += count;
      return total;
    },
  };
}
