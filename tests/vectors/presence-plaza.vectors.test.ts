/**
 * Howdys and newspapers as the reference recorded them. Where we are stricter on purpose the
 * expectation follows from what the message itself says (docs/differences.md).
 */
import { describe, expect } from "vitest";
import { decodeBase64 } from "../../src/nara/codec/base64.ts";
import { goString } from "../../src/nara/codec/go-json.ts";
import { decodeGo, raw, struct } from "../../src/nara/codec/go-types.ts";
import { utf8 } from "../../src/nara/codec/utf8.ts";
import { isNameWeAccept } from "../../src/nara/identity/names.ts";
import {
  chooseNeighbours,
  decodeHowdy,
  encodeHowdy,
  type Howdy,
  howdyText,
  howdyTopic,
} from "../../src/nara/services/presence/howdy.ts";
import { createHowdyCoordinator } from "../../src/nara/services/presence/howdy-coordinator.ts";
import { hearHowdy } from "../../src/nara/services/presence/howdy-in.ts";
import { noOpinion } from "../../src/nara/services/presence/mark-online.ts";
import { howdy as howdyBehaviour, newspaper } from "../../src/nara/services/presence/messages.ts";
import type { Neighbour } from "../../src/nara/services/presence/neighbourhood.ts";
import {
  encodeNewspaper,
  newspaperStatusText,
  newspaperTopic,
} from "../../src/nara/services/presence/newspaper.ts";
import { readNewspaper } from "../../src/nara/services/presence/newspaper-in.ts";
import {
  mergeObservation,
  noObservation,
  type Observation,
} from "../../src/nara/services/presence/observation.ts";
import { stranger } from "../../src/nara/services/presence/presence-change.ts";
import { decodeStatus, encodeStatus } from "../../src/nara/services/presence/status.ts";
import {
  keyOfNobody,
  listeningAs,
  nowS,
  people,
  personNamed,
  signText,
  verifies,
} from "./presence-listening.ts";
import { type ObservationWire, observed, statusIn } from "./presence-records.ts";
import { coverSections, testCases } from "./support.ts";

interface HowdyCase {
  readonly wire: string;
  readonly verifies: boolean;
  readonly signs?: string;
  readonly signature?: string;
  readonly topic?: string;
}

interface HowdyInCase {
  readonly me: string;
  readonly wire: string;
  readonly queued: boolean;
  readonly votes: readonly (readonly [number, number])[];
  readonly ownObservation: ObservationWire;
  readonly known?: readonly KnownRecord[] | null;
}

interface KnownRecord {
  readonly name: string;
  readonly status: string;
  readonly observation: ObservationWire;
}

interface NeighboursCase {
  readonly target: string;
  readonly known: readonly (readonly [string, Observation["online"], number])[];
  readonly mentioned: readonly string[] | null;
  readonly shortMemory: boolean;
  readonly chosen: readonly string[];
}

interface SeenCase {
  readonly seen: number;
  readonly sent: number;
  readonly seq?: number;
}

interface NewspaperCase {
  readonly topic: string;
  readonly wire: string;
  readonly signs?: string;
  readonly signature?: string;
  readonly qos?: number;
  readonly receiver?: string;
  readonly stored?: boolean;
  readonly storedKey?: string;
  readonly online?: string;
  readonly verifiesWithOwnKey?: boolean;
  readonly verifiesWithSendersKey?: boolean;
}

coverSections("presence.json", {
  howdy: (cases: readonly HowdyCase[]) =>
    testCases(cases, async (vector) => {
      const howdy = anyonesHowdy(vector.wire);
      const { from, to } = howdy;
      const signed = utf8(howdyText(howdy));
      expect(await verifies(howdy.me.publicKey, signed, howdy.signature)).toBe(vector.verifies);
      expect(decodeHowdy(vector.wire).ok).toBe(isNameWeAccept(from) && isNameWeAccept(to));
      if (vector.signs === undefined) return;
      expect(howdyBehaviour.plaza?.filter).toBe(vector.topic);
      expect(encodeHowdy(howdy)).toBe(vector.wire);
      expect(howdyText(howdy)).toBe(vector.signs);
      const sender = personNamed(from);
      expect(sender && signText(sender, vector.signs)).toBe(vector.signature);
    }),

  howdyIn: (cases: readonly HowdyInCase[]) => {
    testCases(cases, checkHowdyIn);
    describe("under another pinned key", () => {
      testCases(cases, async (vector) => {
        const listening = listeningAs(vector.me);
        listening.keyring.pin(JSON.parse(vector.wire).From, "", keyOfNobody);
        expect(await listening.hear(howdyBehaviour, howdyTopic, vector.wire)).toBeUndefined();
      });
    });
  },

  howdyNeighbors: (cases: readonly NeighboursCase[]) =>
    testCases(cases, (vector) => {
      const known = vector.known.map(([name, online, ago]) => ({
        name,
        observation: { ...noObservation, online, lastSeenS: ago },
      }));
      const { target, shortMemory } = vector;
      const mentioned = new Set(vector.mentioned ?? []);
      const chosen = chooseNeighbours(known, { myName: "me", target, mentioned, shortMemory });
      expect(chosen.map(({ name }) => name)).toEqual(vector.chosen);
    }),

  howdySeen: (cases: readonly SeenCase[]) =>
    testCases(cases, (vector) => {
      const coordinator = createHowdyCoordinator();
      const greeting = coordinator.open("target", 0);
      for (let index = 0; index < vector.seen; index++) {
        coordinator.hear({ from: `n${index}`, to: "target", neighbours: [] }, 1);
      }
      const turns = [coordinator.answer(greeting, 2), coordinator.answer(greeting, 3)];
      const sent = turns.filter((seq) => seq !== undefined);
      expect(sent).toHaveLength(vector.sent);
      expect(sent[0]).toBe(vector.seq);
    }),

  newspaper: (cases: readonly NewspaperCase[]) => {
    testCases(cases, (vector) =>
      vector.signs === undefined ? checkNewspaperIn(vector) : checkNewspaperOut(vector),
    );
    describe("under another pinned key", () => {
      testCases(cases, async (vector) => {
        const listening = listeningAs(vector.receiver ?? "bob");
        listening.keyring.pin(authorOf(vector.topic), "", keyOfNobody);
        expect(await listening.hear(newspaper, vector.topic, vector.wire)).toBeUndefined();
      });
    });
  },
});

// ── Howdy ───────────────────────────────────────────────────────────────────────────────────

/** The recordings greet under names that we refuse too: read under others, then renamed. */
function anyonesHowdy(wire: string): Howdy {
  const { From: from, To: to }: { From: string; To: string } = JSON.parse(wire);
  const renamed = wire
    .replace(`"From":${goString(from)}`, '"From":"sender"')
    .replace(`"To":${goString(to)}`, '"To":"greeted"');
  const decoded = decodeHowdy(renamed);
  if (!decoded.ok) throw new Error(decoded.refusal);
  return { ...decoded.value, from, to };
}

async function checkHowdyIn(vector: HowdyInCase): Promise<void> {
  const heard = await listeningAs(vector.me).hear(howdyBehaviour, howdyTopic, vector.wire);
  const sent: { From: string; To: string; Neighbors: { Name: string }[] | null } = JSON.parse(
    vector.wire,
  );
  const sender = vector.known?.find(({ name }) => name === sent.From);
  expect(heard !== undefined).toBe(vector.queued && sender !== undefined);
  if (heard === undefined || sender === undefined) return;

  const howdy = heard.payload;
  const records = new Map(
    vector.known?.flatMap((record) => {
      const before = recordBefore(record, howdy);
      return before === undefined ? [] : [[record.name, before] as const];
    }),
  );
  const change = hearHowdy(
    howdy,
    { myName: vector.me, nowS, booting: false, opinion: noOpinion },
    (name) => records.get(name),
  );

  expect(change.neighbour?.observation).toEqual(observed(sender.observation));
  expect(printed(change.neighbour)).toBe(printedStatus(sender.status));
  expect(change.neighbour?.greetedMe).toBe(howdy.to === vector.me);
  const { vote } = change;
  expect(vote === undefined ? [] : [[vote.startTimeS, vote.weightS]]).toEqual(vector.votes);

  // The reference believes what it is told about itself; we are told about others only.
  const told = howdy.to === vector.me ? (sent.Neighbors ?? []) : [];
  const others = told.map(({ Name }) => Name).filter((name) => name !== vector.me);
  expect(change.hearsay.map(({ name }) => name)).toEqual(others);
  for (const rumour of change.hearsay) {
    const record = vector.known?.find(({ name }) => name === rumour.name);
    if (record === undefined) throw new Error(`${rumour.name} is not in the recording`);
    expect(rumour.observation).toEqual(observed(record.observation));
    const before = records.get(rumour.name);
    expect(rumour.isMet).toBe(before !== undefined);
    // The reference blanks the looks of neighbours that it knows; we keep them.
    if (before === undefined) expect(printed(rumour)).toBe(printedStatus(record.status));
    else expect(rumour.status).toEqual(before.status);
  }
}

/** What the listener knew of a nara before, told by what it knew after; undefined for nothing. */
function recordBefore(record: KnownRecord, howdy: Howdy): Neighbour | undefined {
  const after = observed(record.observation);
  const told = howdy.neighbours.find(({ name }) => name === record.name);
  const looks = { ...stranger(record.name).status, trend: "old-style", buzz: 7 };
  const known = { ...stranger(record.name), isMet: true };
  if (record.name === howdy.from) {
    if (after.startTimeS === nowS) return undefined;
    if (after.lastRestartS !== nowS) return { ...known, observation: after };
    const restarts = after.restarts - 1;
    const observation = { ...after, restarts, online: "OFFLINE" } as const;
    return { ...known, observation };
  }
  const fromHearsayAlone =
    told !== undefined &&
    JSON.stringify(mergeObservation(noObservation, told.observation)) === JSON.stringify(after);
  return fromHearsayAlone ? undefined : { ...known, observation: after, status: looks };
}

/** Statuses compare without the observations of others, which we do not keep. */
const printed = (neighbour: Neighbour | undefined): string | undefined =>
  neighbour && encodeStatus({ ...neighbour.status, observations: null });
const printedStatus = (wire: string): string =>
  encodeStatus({ ...statusIn(wire), observations: null });

// ── Newspaper ───────────────────────────────────────────────────────────────────────────────

const authorOf = (topic: string): string => topic.slice(newspaperTopic("").length);

function checkNewspaperOut(vector: NewspaperCase): void {
  const from = authorOf(vector.topic);
  const statusText = vector.signs ?? "";
  expect(newspaper.plaza?.qos).toBe(vector.qos);
  expect(newspaperTopic(from)).toBe(vector.topic);
  expect(newspaperStatusText(statusIn(statusText))).toBe(statusText);
  const author = personNamed(from);
  const signature = author === undefined ? "" : signText(author, statusText);
  expect(signature).toBe(vector.signature);
  expect(encodeNewspaper({ from, statusText, signature })).toBe(vector.wire);
}

async function checkNewspaperIn(vector: NewspaperCase): Promise<void> {
  const sent = decodeGo(struct({ Status: raw, Signature: raw }), vector.wire);
  const statusText = sent.ok ? sent.value.Status : "";
  const status = decodeStatus(statusText);
  const own = status.ok ? status.value.publicKey : "";
  const signature = (sent.ok && sent.value.Signature) || '""';
  const holdsUnder = (key: string): Promise<boolean> =>
    verifies(key, utf8(statusText), JSON.parse(signature));
  if (vector.verifiesWithOwnKey !== undefined) {
    expect(await holdsUnder(own)).toBe(vector.verifiesWithOwnKey);
  }
  if (vector.verifiesWithSendersKey !== undefined) {
    const verdicts = await Promise.all(people.map(({ publicKey }) => holdsUnder(publicKey)));
    expect(verdicts.includes(true)).toBe(vector.verifiesWithSendersKey);
  }

  const from = authorOf(vector.topic);
  const listening = listeningAs(vector.receiver ?? "bob");
  const heard = await listening.hear(newspaper, vector.topic, vector.wire);
  // The reference stores what is badly signed, or by a name that nobody may have; we do not.
  const believed =
    vector.stored === true && isNameWeAccept(from) && decodeBase64(own)?.length === 32;
  expect(heard !== undefined).toBe(believed && (await holdsUnder(own)));
  if (heard === undefined) return;

  const change = readNewspaper(undefined, heard.payload, {
    ...{ myName: vector.receiver ?? "bob", nowS, booting: false, opinion: noOpinion },
  });
  expect(change.neighbour?.observation.online).toBe(vector.online);
  expect(change.neighbour?.status.publicKey).toBe(vector.storedKey);
  expect(await listening.hear(newspaper, vector.topic, vector.wire)).toBeUndefined();
}
