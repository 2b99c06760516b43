/**
 * Real traffic of the reference's programs, replayed into a nara that stands on the same plaza
 * under virtual time. Whatever was recorded: each message must be read, get the verdict that the
 * protocol's pages and docs/differences.md give it, and move the nara as the rules say.
 */
import { beforeAll, expect, test } from "vitest";
import { decodeGo, encodeGo } from "../../src/nara/codec/go-types.ts";
import { utf8 } from "../../src/nara/codec/utf8.ts";
import { ledgerRequest, ledgerResponse } from "../../src/nara/events/carriers.ts";
import { decodeSyncEvent, encodeSyncEvent } from "../../src/nara/events/sync-event.ts";
import type { Nara } from "../../src/nara/nara.ts";
import { decodeHowdy, encodeHowdy } from "../../src/nara/services/presence/howdy.ts";
import { decodeNewspaper, encodeNewspaper } from "../../src/nara/services/presence/newspaper.ts";
import { encodeStatus } from "../../src/nara/services/presence/status.ts";
import type { NaraView, NeighbourView, TimelineEntry } from "../../src/nara/view.ts";
import { statusTextIn, tsIn, type Word, wordOf } from "../support/documented.ts";
import { createNetwork } from "../support/network.ts";
import { coverSections } from "./support.ts";

interface Recorded {
  /** Since the recording began. */
  readonly ms: number;
  /** Wall clock, ms. */
  readonly at: number;
  readonly topic: string;
  readonly retain: boolean;
  readonly payload: string;
}

/** One message and what hearing it did. */
interface Heard extends Recorded {
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

const events = ["nara/plaza/hey_there", "nara/plaza/chau", "nara/plaza/social"];
const howdyTopic = "nara/plaza/howdy";
const isNewspaper = (topic: string): boolean => topic.startsWith("nara/newspaper/");
const isLedger = (topic: string): boolean => topic.startsWith("nara/ledger/");
/** The rest belongs to later versions: this one does not listen there. */
const isHeard = (topic: string): boolean =>
  events.includes(topic) || topic === howdyTopic || isNewspaper(topic);

coverSections("plaza-recording.jsonl", {
  lines(lines: readonly string[]) {
    const recording = lines.map((line) => JSON.parse(line) as Recorded);
    const spoken = recording.filter(({ topic }) => isHeard(topic));
    let heard: readonly Heard[];
    let end: NaraView;
    let told: readonly TimelineEntry[];

    beforeAll(async () => {
      ({ heard, end, told } = await replay(recording));
    });

    test("the recording has words of every kind in it", () => {
      expect(spoken.length).toBeGreaterThan(0);
      for (const topic of ["nara/plaza/hey_there", "nara/plaza/chau", howdyTopic]) {
        expect(spoken.some((message) => message.topic === topic)).toBe(true);
      }
      expect(spoken.some(({ topic }) => isNewspaper(topic))).toBe(true);
    });

    test("each message gets the verdict that the documented signature and rules give it", () => {
      expect(heard.map(({ ms, topic, verdict }) => ({ ms, topic, verdict }))).toEqual(
        heard.map(({ ms, topic, expected }) => ({ ms, topic, verdict: expected })),
      );
    });

    test("nothing that real naras say is unreadable, mistyped or invalid to us", () => {
      const said = new Set(["own_echo", ...heard.map(({ expected }) => expected)]);
      expect(end.drops.map(({ reason }) => reason).filter((reason) => !said.has(reason))).toEqual(
        [],
      );
    });

    test("a newspaper's looks are in the view as soon as it was read", () => {
      const papers = accepted(heard).filter(({ topic }) => isNewspaper(topic));
      expect(papers.length).toBeGreaterThan(0);
      for (const { word, payload, before, after } of papers) {
        const { Status } = JSON.parse(payload);
        expect(find(after, word.author)).toMatchObject({
          id: Status.ID,
          publicKey: Status.PublicKey,
          personality: {
            agreeableness: Status.Personality.Agreeableness,
            sociability: Status.Personality.Sociability,
            chill: Status.Personality.Chill,
          },
          aura: Status.Aura,
          flair: Status.Flair || (find(before, word.author)?.flair ?? ""),
          buzz: Status.Buzz,
          chattiness: Status.Chattiness,
          version: Status.Version,
          memoryMode: Status.memory_mode,
          trend: Status.Trend,
        });
      }
    });

    test("a sign of life makes its author ONLINE; after an absence that is a restart", () => {
      const signs = accepted(heard).filter(({ topic }) => topic !== "nara/plaza/chau");
      for (const { ms, at, topic, payload, word, before, after } of signs) {
        if (topic === "nara/plaza/social") continue;
        const was = find(before, word.author);
        const is = find(after, word.author);
        const wasAway = was?.online === "OFFLINE" || was?.online === "MISSING";
        const seenS =
          topic === "nara/plaza/hey_there"
            ? Math.min(Number(BigInt(tsIn(payload)) / 1_000_000_000n), Math.floor(at / 1000))
            : Math.floor(at / 1000);
        expect({ ms, ...is }).toMatchObject({
          ms,
          online: "ONLINE",
          lastSeenAtMs: seenS * 1000,
          restarts: (was?.restarts ?? 0) + (wasAway ? 1 : 0),
          lastRestartAtMs: wasAway ? seenS * 1000 : (was?.lastRestartAtMs ?? 0),
        });
      }
    });

    test("who says chau is OFFLINE at once, and no restart is counted for it", () => {
      const farewells = accepted(heard).filter(({ topic }) => topic === "nara/plaza/chau");
      expect(farewells.length).toBeGreaterThan(0);
      for (const { word, before, after } of farewells) {
        const was = find(before, word.author);
        expect(find(after, word.author)?.online).toBe(was === undefined ? undefined : "OFFLINE");
        expect(find(after, word.author)?.restarts).toBe(was?.restarts);
      }
    });

    test("everybody who spoke is known in the end, with the key, the id and the state of its words", () => {
      const authors = new Map<string, Heard>();
      for (const message of accepted(heard)) {
        if (find(message.after, message.word.author)) authors.set(message.word.author, message);
      }
      expect(end.neighbours.map(({ name }) => name).sort()).toEqual([...authors.keys()].sort());
      for (const [name, last] of authors) {
        const { publicKey, id, online, restarts } = find(end, name) ?? {};
        expect({ name, publicKey, id }).toEqual({
          name,
          publicKey: last.word.publicKey,
          id: last.word.id,
        });
        const mine = accepted(heard).filter(({ word }) => word.author === name);
        const comebacks = mine.filter(
          ({ topic }, index) =>
            topic !== "nara/plaza/chau" && mine[index - 1]?.topic === "nara/plaza/chau",
        );
        expect(restarts).toBeGreaterThanOrEqual(comebacks.length);
        if (last.topic === "nara/plaza/chau") expect(online).toBe("OFFLINE");
        else expect(["ONLINE", "MISSING"]).toContain(online);
      }
    });

    test("every hey_there and chau has its line in the timeline, signed, about its author", () => {
      for (const { topic, payload, word } of accepted(heard)) {
        if (topic !== "nara/plaza/hey_there" && topic !== "nara/plaza/chau") continue;
        const { id, svc } = JSON.parse(payload);
        expect(told.filter((line) => line.id === id)).toMatchObject([
          { kind: svc, about: word.author, signed: true },
        ]);
      }
    });

    test("events, printed again, are what was sent, byte for byte", () => {
      for (const { payload } of spoken.filter(({ topic }) => events.includes(topic))) {
        const decoded = decodeSyncEvent(payload);
        expect(decoded.ok && encodeSyncEvent(decoded.value)).toBe(payload);
      }
    });

    test("howdys, printed again, are what was sent, byte for byte", () => {
      for (const { payload } of spoken.filter(({ topic }) => topic === howdyTopic)) {
        const decoded = decodeHowdy(payload);
        expect(decoded.ok && encodeHowdy(decoded.value)).toBe(payload);
      }
    });

    test("newspapers and the Status in them, printed again, are what was sent, byte for byte", () => {
      for (const { topic, payload } of spoken.filter(({ topic }) => isNewspaper(topic))) {
        const decoded = decodeNewspaper(topic, payload);
        expect(decoded.ok && encodeStatus(decoded.value.status)).toBe(statusTextIn(payload));
        expect(decoded.ok && encodeNewspaper(decoded.value)).toBe(payload);
      }
    });

    test("ledger messages, which nobody here listens to yet, read and print byte for byte", () => {
      for (const { topic, payload } of recording.filter(({ topic }) => isLedger(topic))) {
        const printed = topic.endsWith("/request")
          ? printedAgain(ledgerRequest, payload)
          : printedAgain(ledgerResponse, payload);
        expect(printed).toBe(payload);
      }
    });
  },
});

async function replay(recording: readonly Recorded[]) {
  const first = recording[0] ?? { at: 0, ms: 0 };
  const network = createNetwork({ startNs: BigInt(first.at - first.ms) * 1_000_000n });
  const { clock, broker } = network;
  const listener = network.join("the-listener");
  const told: TimelineEntry[] = [];
  listener.watch(({ timeline = [] }) => void told.push(...timeline));
  const rules = createRules();
  const heard: Heard[] = [];
  for (const message of recording) {
    await clock.advance(message.ms - clock.monotonicMs());
    const before = listener.view();
    broker.inject(message.topic, utf8(message.payload), { retained: message.retain });
    await clock.advance(0);
    const after = listener.view();
    if (!isHeard(message.topic)) {
      expect(after).toEqual(before);
      continue;
    }
    const word = wordOf(message.topic, message.payload, (name) => keyOf(listener, name));
    const { expected, moves } = rules.judge(message, word, before);
    const verdict = newDrops(before, after).join(" and ") || "accepted";
    heard.push({ ...message, word, expected, moves, verdict, before, after });
  }
  expect(network.errors).toEqual([]);
  return { heard, end: listener.view(), told };
}

/** What becomes of a message, by docs/protocol/presence-and-life.md §2 and docs/differences.md. */
function createRules() {
  const greetings = new Map<string, { atMs: number; answeredBy: Set<string> }>();
  const texts = new Set<string>();
  const reasonFor = (message: Recorded, word: Word, known: NeighbourView | undefined): string => {
    const { ms, at, topic, retain, payload } = message;
    if (retain) return "retained";
    if (!word.holds) return "invalid_signature";
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

/** Those that were taken in, and told something. */
const accepted = (heard: readonly Heard[]): readonly Heard[] =>
  heard.filter(({ verdict, moves }) => verdict === "accepted" && moves);

const find = (view: NaraView, name: string): NeighbourView | undefined =>
  view.neighbours.find((neighbour) => neighbour.name === name);

const keyOf = (nara: Nara, name: string): string => find(nara.view(), name)?.publicKey ?? "";

/** Reasons counted since, each as often as it was. */
const newDrops = (before: NaraView, after: NaraView): readonly string[] =>
  after.drops.flatMap(({ reason, count }) => {
    const earlier = before.drops.find((drop) => drop.reason === reason)?.count ?? 0;
    return Array.from({ length: count - earlier }, () => reason);
  });

function printedAgain<Value>(
  type: Parameters<typeof decodeGo<Value>>[0],
  text: string,
): string | false {
  const decoded = decodeGo(type, text);
  return decoded.ok && encodeGo(type, decoded.value);
}
