/**
 * A nara stands on a plaza where real traffic of the reference's programs is said again, under
 * virtual time. The verdict that each message should get is worked out here, from the protocol's
 * pages and docs/differences.md, with nothing of the nara's own.
 */
import { decodeGo, encodeGo } from "../../src/nara/codec/go-types.ts";
import { fromUtf8, utf8 } from "../../src/nara/codec/utf8.ts";
import type { Nara } from "../../src/nara/nara.ts";
import type { DropReason } from "../../src/nara/runtime/drops.ts";
import type { NaraView, NeighbourView, TimelineEntry } from "../../src/nara/view.ts";
import { tsIn, type Word, wordOf } from "../support/documented.ts";
import { createNetwork } from "../support/network.ts";

export interface Recorded {
  /** Since the recording began. */
  readonly ms: number;
  /** Wall clock, ms. */
  readonly at: number;
  readonly topic: string;
  readonly retain: boolean;
  readonly payload: string;
}

/** One message and what hearing it did. */
export interface Heard extends Recorded {
  readonly word: Word;
  /** What should become of it: a drop reason, or "accepted". */
  readonly expected: string;
  /** It tells something: a late howdy of somebody I know does not. */
  readonly moves: boolean;
  /** What became of it. */
  readonly verdict: string;
  readonly before: NaraView;
  readonly after: NaraView;
}

export const events = ["nara/plaza/hey_there", "nara/plaza/chau", "nara/plaza/social"];
export const howdyTopic = "nara/plaza/howdy";
export const journeyTopic = "nara/plaza/journey_complete";
export const checkpointTopics = {
  propose: "nara/checkpoint/propose",
  vote: "nara/checkpoint/vote",
  final: "nara/checkpoint/final",
};
export const isNewspaper = (topic: string): boolean => topic.startsWith("nara/newspaper/");
export const isLedger = (topic: string): boolean => topic.startsWith("nara/ledger/");
/** Words in which somebody shows up; the rest speaks of things, or to somebody else. */
export const isSignOfLife = (topic: string): boolean =>
  events.includes(topic) || topic === howdyTopic || isNewspaper(topic);
const isHeard = (topic: string): boolean =>
  isSignOfLife(topic) || topic === journeyTopic || Object.values(checkpointTopics).includes(topic);

/** Older than any nara needs to listen before it judges (docs/protocol/presence-and-life.md §3). */
const upBeforeMs = 600_000;

export async function replay(recording: readonly Recorded[]) {
  const first = recording[0] ?? { at: 0, ms: 0 };
  const network = createNetwork({
    startNs: BigInt(first.at - first.ms - upBeforeMs) * 1_000_000n,
  });
  const { clock, broker } = network;
  const listener = network.join("the-listener");
  const told: TimelineEntry[] = [];
  listener.watch(({ timeline = [] }) => void told.push(...timeline));
  const rules = createRules();
  const heard: Heard[] = [];
  for (const message of recording) {
    await clock.advance(upBeforeMs + message.ms - clock.monotonicMs());
    const before = listener.view();
    const dropsBefore = countsOf(listener);
    broker.inject(message.topic, utf8(message.payload), { retained: message.retain });
    await clock.advance(0);
    const after = listener.view();
    if (!isHeard(message.topic)) {
      if (JSON.stringify(after) !== JSON.stringify(before)) {
        throw new Error(`${message.topic} at ${message.ms} ms was heard by somebody it is not for`);
      }
      continue;
    }
    const word = wordOf(
      message.topic,
      message.payload,
      (name) => keyOf(listener, (one) => one.name === name),
      (id) => keyOf(listener, (one) => one.id === id),
    );
    const { expected, moves } = rules.judge(message, word, before);
    const verdict = newDrops(dropsBefore, countsOf(listener)).join(" and ") || "accepted";
    heard.push({ ...message, word, expected, moves, verdict, before, after });
  }
  const said = (topic: string, from: string): readonly string[] =>
    broker.traffic
      .filter((entry) => entry.topic === topic && entry.from === from)
      .map(({ payload }) => fromUtf8(payload));
  return { heard, end: listener.view(), told, listener, said, errors: network.errors };
}

/** Between two checkpoints about one nara, seconds (docs/differences.md). */
const restS = 600;

/** What becomes of a message, by docs/protocol/presence-and-life.md §2 and docs/differences.md. */
function createRules() {
  const greetings = new Map<string, { atMs: number; answeredBy: Set<string> }>();
  const texts = new Set<string>();
  /** When the last checkpoint about somebody was taken. */
  const settledAtS = new Map<string, number>();

  const reasonFor = (message: Recorded, word: Word, known: NeighbourView | undefined): string => {
    const { ms, at, topic, retain, payload } = message;
    if (retain) return "retained";
    // None of them is mine: neither the postcard nor who is voted about.
    if (topic === journeyTopic || topic === checkpointTopics.vote) return "not_for_me";
    if (!word.holds) return "invalid_signature";
    if (topic === checkpointTopics.final) {
      const { subject, as_of_time: asOfS } = JSON.parse(payload).checkpoint;
      settledAtS.set(subject, asOfS);
      return "accepted";
    }
    if (topic === checkpointTopics.propose) {
      const { subject, as_of_time: asOfS } = JSON.parse(payload);
      return asOfS - (settledAtS.get(subject) ?? 0) < restS ? "rate_limited" : "accepted";
    }
    if (known !== undefined && known.publicKey !== word.publicKey) return "key_conflict";
    if (texts.has(payload)) return "duplicate";
    texts.add(payload);
    if (events.includes(topic)) {
      if (Number(BigInt(tsIn(payload)) / 1_000_000n) > at + 60_000) return "future";
    }
    if (topic === "nara/plaza/hey_there") {
      greetings.set(word.author, { atMs: ms, answeredBy: new Set() });
    }
    if (topic !== howdyTopic) return "accepted";
    const greeting = greetings.get(JSON.parse(payload).To);
    if (greeting === undefined || ms - greeting.atMs >= 30_000) return "stale";
    if (greeting.answeredBy.has(word.author)) return "duplicate";
    greeting.answeredBy.add(word.author);
    return "accepted";
  };

  return {
    judge(message: Recorded, word: Word, before: NaraView): Pick<Heard, "expected" | "moves"> {
      const known = find(before, word.author);
      const reason = reasonFor(message, word, known);
      // Naras make their ids known by a howdy to nobody in need of one: no wrong, and no news.
      const expected = reason === "stale" && known !== undefined ? "accepted" : reason;
      return { expected, moves: reason === "accepted" };
    },
  };
}

/** Those signs of life that were taken in, and told something. */
export const accepted = (heard: readonly Heard[]): readonly Heard[] =>
  heard.filter(
    ({ topic, verdict, moves }) => isSignOfLife(topic) && verdict === "accepted" && moves,
  );

export const find = (view: NaraView, name: string): NeighbourView | undefined =>
  view.neighbours.find((neighbour) => neighbour.name === name);

const keyOf = (nara: Nara, isWanted: (neighbour: NeighbourView) => boolean): string =>
  nara.view().neighbours.find(isWanted)?.publicKey ?? "";

type Counts = ReadonlyMap<DropReason, number>;

/** What was refused so far; my own words, which come back to me, are nobody's news. */
const countsOf = ({ runtime }: Nara): Counts =>
  new Map(
    runtime.drops
      .all()
      .filter(({ reason }) => reason !== "own_echo")
      .map(({ reason, count }) => [reason as DropReason, count]),
  );

/** Reasons counted since, each as often as it was. */
const newDrops = (before: Counts, after: Counts): readonly DropReason[] =>
  [...after].flatMap(([reason, count]) =>
    Array.from({ length: count - (before.get(reason) ?? 0) }, () => reason),
  );

export function printedAgain<Value>(
  type: Parameters<typeof decodeGo<Value>>[0],
  text: string,
): string | false {
  const decoded = decodeGo(type, text);
  return decoded.ok && encodeGo(type, decoded.value);
}
