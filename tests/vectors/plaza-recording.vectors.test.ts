/**
 * Real traffic of the reference's programs, replayed into a nara that stands on the same plaza
 * under virtual time. Whatever was recorded: each message must be read, get the verdict that the
 * protocol's pages and docs/differences.md give it, and move the nara as the rules say.
 */
import { beforeAll, expect, test } from "vitest";
import { ledgerRequest, ledgerResponse } from "../../src/nara/events/carriers.ts";
import { decodeSyncEvent, encodeSyncEvent } from "../../src/nara/events/sync-event.ts";
import { decodeHowdy, encodeHowdy } from "../../src/nara/services/presence/howdy.ts";
import { decodeNewspaper, encodeNewspaper } from "../../src/nara/services/presence/newspaper.ts";
import { encodeStatus } from "../../src/nara/services/presence/status.ts";
import type { NaraView, TimelineEntry } from "../../src/nara/view.ts";
import { statusTextIn, tsIn } from "../support/documented.ts";
import {
  accepted,
  events,
  find,
  type Heard,
  howdyTopic,
  isLedger,
  isNewspaper,
  isSignOfLife,
  printedAgain,
  type Recorded,
  replay,
} from "./plaza-replay.ts";
import { coverSections } from "./support.ts";

for (const file of ["plaza-recording.jsonl", "plaza-mesh-recording.jsonl"]) {
  coverSections(file, { lines: replayed });
}

function replayed(lines: readonly string[]) {
  const recording = lines.map((line) => JSON.parse(line) as Recorded);
  const spoken = recording.filter(({ topic }) => isSignOfLife(topic));
  let heard: readonly Heard[];
  let end: NaraView;
  let told: readonly TimelineEntry[];

  beforeAll(async () => {
    const lived = await replay(recording);
    ({ heard, end, told } = lived);
    expect(lived.errors).toEqual([]);
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
    expect(end.drops.map(({ reason }) => reason).filter((reason) => !said.has(reason))).toEqual([]);
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
}
