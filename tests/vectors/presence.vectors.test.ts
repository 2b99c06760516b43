/**
 * Presence as the reference recorded it. Where we are stricter on purpose the expectation follows
 * from what the message itself says (docs/differences.md), never from which case it is.
 */
import { describe, expect } from "vitest";
import { decodeGo } from "../../src/nara/codec/go-types.ts";
import { utf8 } from "../../src/nara/codec/utf8.ts";
import { chau as chauKind } from "../../src/nara/events/chau.ts";
import type { EventKind } from "../../src/nara/events/event-kind.ts";
import { heyThere as heyThereKind } from "../../src/nara/events/hey-there.ts";
import {
  contentOf,
  decodeSyncEvent,
  encodeSyncEvent,
  eventId,
  isSigned,
  newSyncEvent,
  refusalOf,
  type SyncEvent,
  type SyncEventOf,
  signedDigest,
  signSyncEvent,
} from "../../src/nara/events/sync-event.ts";
import { isNameWeAccept } from "../../src/nara/identity/names.ts";
import { maxFutureNs } from "../../src/nara/limits.ts";
import type { Message } from "../../src/nara/runtime/message.ts";
import { hearChau } from "../../src/nara/services/presence/chau-in.ts";
import { afterMyChau, chauPayload } from "../../src/nara/services/presence/chau-out.ts";
import { hearHeyThere } from "../../src/nara/services/presence/hey-there-in.ts";
import {
  buzzOfMyHeyThere,
  heyTherePayload,
} from "../../src/nara/services/presence/hey-there-out.ts";
import { markOnline, noOpinion } from "../../src/nara/services/presence/mark-online.ts";
import { chau, heyThere } from "../../src/nara/services/presence/messages.ts";
import type { Neighbour } from "../../src/nara/services/presence/neighbourhood.ts";
import {
  encodeObservation,
  type Observation,
} from "../../src/nara/services/presence/observation.ts";
import { stranger } from "../../src/nara/services/presence/presence-change.ts";
import {
  keyOfNobody,
  keyPairOf,
  listeningAs,
  nowS,
  people,
  personNamed,
  verifies,
} from "./presence-listening.ts";
import { type ObservationWire, observed } from "./presence-records.ts";
import { coverSections, testCases } from "./support.ts";

interface EventCase {
  readonly name: string;
  readonly wire: string;
  readonly content: string;
  readonly verifies: boolean;
  readonly digestHex?: string;
  readonly from?: string;
  readonly meshIP?: string;
  readonly valid?: boolean;
  readonly verifiesWithOtherID?: boolean;
}

interface KnownRecord {
  readonly name: string;
  readonly id: string;
  readonly publicKey: string;
  readonly meshEnabled: boolean;
  readonly meshIP: string;
  readonly observation: ObservationWire;
}

interface HeardCase {
  readonly name: string;
  readonly wire: string;
  readonly added: readonly string[];
  readonly buzzChange: number;
  readonly inLedger: boolean;
  readonly known: readonly KnownRecord[] | null;
}

interface OutCase {
  readonly wire: string;
  readonly topic: string;
  readonly qos: number;
  readonly retained: boolean;
  readonly ownObservation: ObservationWire;
  readonly buzz?: number;
}

type Arrival = SyncEventOf<"hey-there"> | SyncEventOf<"chau">;

const topicOf = ({ plaza }: typeof heyThere | typeof chau): string => plaza?.filter ?? "";
const heyThereTopic = topicOf(heyThere);
const chauTopic = topicOf(chau);
/** The recordings' listener in `heyThereIn` and `chauIn`. */
const listener = "bob";
/** Buzz before, where a recording says only what it was after. */
const buzzAtStart = 100;

coverSections("presence.json", {
  heyThere: (cases: readonly EventCase[]) =>
    testCases(cases, async (vector) => {
      if (vector.digestHex === undefined) return checkInnerSignature(heyThereKind, vector);
      await checkEvent(vector, (from) => {
        const me = { ...from, meshIp: vector.meshIP ?? "" };
        return newSyncEvent("hey-there", tsOf(vector.wire), heyTherePayload(me));
      });
    }),

  chau: (cases: readonly EventCase[]) =>
    testCases(cases, async (vector) => {
      if (vector.digestHex === undefined) return checkInnerSignature(chauKind, vector);
      await checkEvent(vector, (from) =>
        newSyncEvent("chau", tsOf(vector.wire), chauPayload(from)),
      );
    }),

  heyThereIn: (cases: readonly HeardCase[]) => {
    testCases(cases, checkHeyThereIn);
    describe("under another pinned key", () => {
      testCases(cases, (vector) => checkKeyChange(heyThere, heyThereTopic, vector));
    });
  },

  chauIn: (cases: readonly HeardCase[]) => {
    testCases(cases, checkChauIn);
    describe("under another pinned key", () => {
      testCases(cases, (vector) => checkKeyChange(chau, chauTopic, vector));
    });
  },

  heyThereOut: (cases: readonly OutCase[]) =>
    testCases(cases, (vector) => {
      checkAnnouncement(vector, heyThere.plaza);
      const after = observed(vector.ownObservation);
      const marked = markOnline({
        name: listener,
        isMe: true,
        isKnown: false,
        observation: { ...after, lastSeenS: after.lastSeenS - 60 },
        seenAtS: after.lastSeenS,
        nowS: after.lastSeenS,
        booting: false,
        opinion: noOpinion,
      });
      expect(encodeObservation(marked.observation)).toBe(encodeObservation(after));
      expect(buzzAtStart + marked.buzz + buzzOfMyHeyThere).toBe(vector.buzz);
    }),

  chauOut: (cases: readonly OutCase[]) =>
    testCases(cases, (vector) => {
      checkAnnouncement(vector, chau.plaza);
      const after = observed(vector.ownObservation);
      expect(afterMyChau({ ...after, online: "ONLINE" })).toEqual(after);
    }),
});

// ── Events as sent ──────────────────────────────────────────────────────────────────────────

async function checkEvent(
  vector: EventCase,
  say: (from: { name: string; publicKey: string; id: string }) => SyncEvent,
): Promise<void> {
  const event = eventIn(vector.wire);
  expect(encodeSyncEvent(event)).toBe(vector.wire);
  expect(contentOf(event)).toBe(vector.content);
  expect(event.id).toBe(eventId(event));
  expect(Buffer.from(signedDigest(event)).toString("hex")).toBe(vector.digestHex);
  expect(refusalOf(event) === undefined).toBe(vector.valid);
  expect(await verifies(event.payload.PublicKey, signedDigest(event), event.sig)).toBe(
    vector.verifies,
  );
  const author = people.find(({ name }) => name === vector.from);
  if (author === undefined) throw new Error(`${vector.from} is not among the people`);
  expect(encodeSyncEvent(signSyncEvent(say(author), author.name, keyPairOf(author)))).toBe(
    vector.wire,
  );
}

async function checkInnerSignature<
  Payload extends { readonly PublicKey: string; readonly ID: string; readonly Signature: string },
>(kind: EventKind<Payload>, vector: EventCase): Promise<void> {
  const decoded = decodeGo(kind.payload, vector.wire);
  if (!decoded.ok) throw new Error(decoded.refusal);
  const payload = decoded.value;
  expect(kind.content(payload)).toBe(vector.content);
  const signed = (claimed: Payload): Promise<boolean> =>
    verifies(claimed.PublicKey, utf8(kind.content(claimed)), claimed.Signature);
  expect(await signed(payload)).toBe(vector.verifies);
  expect(await signed({ ...payload, ID: "another" })).toBe(vector.verifiesWithOtherID);
}

function checkAnnouncement(
  vector: OutCase,
  place: { readonly filter: string; readonly qos: number } | undefined,
): void {
  expect(place).toMatchObject({ filter: vector.topic, qos: vector.qos });
  expect(vector.retained).toBe(false);
  const event = eventIn(vector.wire);
  const author = personNamed(event.emitter);
  if (author === undefined) throw new Error(`${event.emitter} is not among the people`);
  const said =
    event.svc === "hey-there"
      ? newSyncEvent(
          "hey-there",
          event.tsNs,
          heyTherePayload({ ...author, meshIp: event.payload.MeshIP }),
        )
      : newSyncEvent("chau", event.tsNs, chauPayload(author));
  const signed = signSyncEvent<SyncEvent>(said, author.name, keyPairOf(author));
  expect(encodeSyncEvent(signed)).toBe(vector.wire);
}

// ── Events as heard ─────────────────────────────────────────────────────────────────────────

async function checkHeyThereIn(vector: HeardCase): Promise<void> {
  const message = await listeningAs(listener).hear(heyThere, heyThereTopic, vector.wire);
  expect(message !== undefined).toBe(vector.inLedger && !isDroppedByUs(vector.wire));
  if (message === undefined) return;

  const record = vector.known?.[0];
  const metJustNow = record === undefined || vector.added.includes("observation:first-seen");
  // A first sight that raises buzz and is told to nobody happens only while booting.
  const booting = !metJustNow && record.observation.start_time === undefined;
  const before =
    metJustNow || booting
      ? undefined
      : beforeHeyThere(record, vector.added, message.payload.MeshIP);
  const { payload } = message;
  const change = hearHeyThere(
    before,
    {
      from: payload.From,
      publicKey: payload.PublicKey,
      meshIp: payload.MeshIP,
      id: payload.ID,
      saidAtS: secondsOf(message),
    },
    { myName: listener, nowS, booting, opinion: noOpinion },
  );
  expect(recordOf(change.neighbour)).toEqual(expectedRecord(record));
  expect(change.buzz).toBe(vector.buzzChange);
  expect([...change.reports.map(({ type }) => `observation:${type}`), "hey-there"]).toEqual(
    vector.added,
  );
}

async function checkChauIn(vector: HeardCase): Promise<void> {
  const record = vector.known?.[0];
  const listening = listeningAs(listener);
  const pinned = record && personNamed(record.name);
  if (pinned !== undefined) listening.keyring.pin(pinned.name, "", pinned.publicKey);
  const message = await listening.hear(chau, chauTopic, vector.wire);
  expect(message !== undefined).toBe(
    vector.inLedger && !isDroppedByUs(vector.wire, pinned?.publicKey),
  );
  if (message === undefined) return;

  const wasOnline = vector.added.includes("social:observation:offline");
  const before = record && beforeChau(record, wasOnline);
  const change = hearChau(
    before,
    {
      from: message.payload.From,
      publicKey: message.payload.PublicKey,
      id: message.payload.ID,
      saidAtS: secondsOf(message),
    },
    { myName: listener, nowS, booting: false, opinion: noOpinion },
  );
  expect(change.buzz).toBe(vector.buzzChange);
  // A chau from before the last sign of life changes nothing for us.
  const isOld = before !== undefined && secondsOf(message) < before.observation.lastSeenS - 60;
  if (isOld) {
    expect(change.neighbour?.observation).toEqual(before.observation);
    expect(change.leftNow).toBe(false);
    return;
  }
  expect(change.leftNow).toBe(wasOnline);
  expect(recordOf(change.neighbour)).toEqual(expectedRecord(record));
}

/** Whatever the reference believed, nobody may come with another key than the pinned one. */
async function checkKeyChange(
  kind: typeof heyThere | typeof chau,
  topic: string,
  vector: HeardCase,
): Promise<void> {
  const decoded = decodeSyncEvent(vector.wire);
  const listening = listeningAs(listener);
  if (decoded.ok && (decoded.value.svc === "hey-there" || decoded.value.svc === "chau")) {
    listening.keyring.pin(decoded.value.payload.From, "", keyOfNobody);
  }
  const heard =
    kind === heyThere
      ? await listening.hear(heyThere, topic, vector.wire)
      : await listening.hear(chau, topic, vector.wire);
  expect(heard).toBeUndefined();
}

/** Our stricter rules, read off the message (docs/differences.md). */
function isDroppedByUs(wire: string, pinnedKey?: string): boolean {
  const event = eventIn(wire);
  const { From: from, PublicKey: publicKey } = event.payload;
  return (
    !isSigned(event) ||
    event.emitter !== from ||
    event.id !== eventId(event) ||
    event.tsNs > BigInt(nowS) * 1_000_000_000n + maxFutureNs ||
    !isNameWeAccept(from) ||
    publicKey === "" ||
    (pinnedKey !== undefined && pinnedKey !== publicKey)
  );
}

/** What the listener knew, told by what became of it. */
function beforeHeyThere(record: KnownRecord, added: readonly string[], meshIp: string): Neighbour {
  const after = observed(record.observation);
  const restarted = added.includes("observation:restart");
  const observation: Observation = {
    ...after,
    // Not recorded: any time before its author spoke. We take no word from before the last sign of life.
    lastSeenS: Math.min(nowS, after.lastSeenS) - 10,
    online: restarted ? "MISSING" : "ONLINE",
    restarts: restarted ? after.restarts - 1 : after.restarts,
    lastRestartS: restarted ? after.startTimeS : after.lastRestartS,
  };
  return knownAs(record, observation, meshIp === "" ? record.meshIP : "100.64.0.99");
}

function beforeChau(record: KnownRecord, wasOnline: boolean): Neighbour {
  const after = observed(record.observation);
  const online = wasOnline ? "ONLINE" : "MISSING";
  return knownAs(record, { ...after, online, lastSeenS: nowS - 10 }, record.meshIP);
}

function knownAs(record: KnownRecord, observation: Observation, meshIp: string): Neighbour {
  const before = stranger(record.name);
  const status = { ...before.status, publicKey: record.publicKey, id: record.id };
  return {
    ...before,
    isMet: true,
    observation,
    status: { ...status, meshIp, meshEnabled: meshIp !== "" },
  };
}

interface ComparedRecord {
  readonly id: string;
  readonly publicKey: string;
  readonly meshIp: string;
  readonly meshEnabled: boolean;
  readonly observation: Observation;
}

function recordOf(neighbour: Neighbour | undefined): ComparedRecord | undefined {
  if (neighbour === undefined) return undefined;
  const { id, publicKey, meshIp, meshEnabled } = neighbour.status;
  return { id, publicKey, meshIp, meshEnabled, observation: neighbour.observation };
}

function expectedRecord(record: KnownRecord | undefined): ComparedRecord | undefined {
  if (record === undefined) return undefined;
  const { id, publicKey, meshIP: meshIp, meshEnabled } = record;
  return { id, publicKey, meshIp, meshEnabled, observation: observed(record.observation) };
}

// ── Shared ──────────────────────────────────────────────────────────────────────────────────

function eventIn(wire: string): Arrival {
  const decoded = decodeSyncEvent(wire);
  if (!decoded.ok) throw new Error(decoded.refusal);
  const event = decoded.value;
  if (event.svc !== "hey-there" && event.svc !== "chau") throw new Error(event.svc);
  return event;
}

const tsOf = (wire: string): bigint => eventIn(wire).tsNs;
const secondsOf = (message: Message): number => Number(message.tsNs / 1_000_000_000n);
