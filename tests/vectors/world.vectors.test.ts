/** Postcards as the reference carries them (docs/protocol/mesh-runtime-checkpoints.md §2). */

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { expect } from "vitest";
import { createNobleCrypto } from "../../src/adapters/crypto/noble-crypto.ts";
import { decodeGo, encodeGo } from "../../src/nara/codec/go-types.ts";
import { utf8 } from "../../src/nara/codec/utf8.ts";
import { encodeSyncEvent, newSyncEvent, signSyncEvent } from "../../src/nara/events/sync-event.ts";
import { type Postcard, postcard } from "../../src/nara/mesh/postcard.ts";
import { accept, refuse } from "../../src/nara/outcome.ts";
import { takeIn } from "../../src/nara/services/postcards/arrival.ts";
import {
  chainFault,
  digestAt,
  hopsOf,
  hopText,
  isComplete,
  newPostcard,
  rewardsOf,
  stampAfter,
  withHop,
} from "../../src/nara/services/postcards/chain.ts";
import {
  buzzOfHomecoming,
  buzzOfPassing,
  createJourneys,
  type JourneyReason,
  journeyPayload,
} from "../../src/nara/services/postcards/journeys.ts";
import {
  journeyNotice,
  noticeOf,
  noticeTopic,
  readNotice,
} from "../../src/nara/services/postcards/notice.ts";
import {
  forwardText,
  handOn,
  rankNext,
  stuckText,
} from "../../src/nara/services/postcards/route.ts";
import { keyPairOf, publicKeyOf, type Signer } from "./signers.ts";
import { coverSections, testCases, vectors } from "./support.ts";

interface ChainVector {
  readonly wire: string;
  readonly digests: readonly string[];
  readonly nextDigestFor: { readonly [name: string]: string };
  readonly complete: boolean;
  readonly error: string | null;
}

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly body: string;
}

interface HandleVector {
  readonly me: string;
  readonly arrived: string;
  readonly after: string;
  readonly error: string | null;
  readonly panics?: string;
  readonly buzzChange: number;
  readonly completed: number;
  readonly pending: boolean;
  readonly plazaMessages: number;
  readonly requests: readonly Sent[];
}

interface JourneyVector {
  readonly startedAs: string;
  readonly clout: { readonly [name: string]: number };
  readonly error: string | null;
  readonly requests: readonly Sent[];
  readonly ledgerEvents: { readonly [name: string]: readonly string[] };
  readonly plaza: readonly { qos: number; topic: string; wire: string }[];
}

const crypto = createNobleCrypto();
const people = new Map(
  (vectors<{ people?: readonly Signer[] }>("world.json").people ?? []).map((p) => [p.name, p]),
);
const keyPair = (name: string) => keyPairOf(people.get(name) as Signer);
const keyOf = (name: string) =>
  people.has(name) && name !== "stranger" ? publicKeyOf(people.get(name)) : undefined;
const faultOf = (card: Postcard) => chainFault(card, keyOf, crypto.verify);

function read(wire: string): Postcard {
  const read = decodeGo(postcard, wire);
  if (!read.ok) throw new Error(`a postcard that cannot be read: ${read.refusal}`);
  return read.value;
}

const print = (card: Postcard) => encodeGo(postcard, card);
const lastHopS = (card: Postcard) => hopsOf(card).at(-1)?.timestamp ?? 0n;
/** Go naras hand a postcard on as soon as they have signed it. */
const senderOf = (card: Postcard) => hopsOf(card).at(-1)?.nara ?? card.originator;

const ledgerEvent = (me: string, originator: string, reason: JourneyReason, tsNs: bigint) => {
  const event = newSyncEvent("social", tsNs, journeyPayload(me, originator, reason));
  return encodeSyncEvent(signSyncEvent(event, me, keyPair(me)));
};

async function checkChain(vector: ChainVector): Promise<void> {
  const card = read(vector.wire);
  expect(print(card)).toBe(vector.wire);
  expect(hopsOf(card).map((_, index) => bytesToHex(digestAt(card, index)))).toEqual(vector.digests);
  expect(isComplete(card)).toBe(vector.complete);
  expect((await faultOf(card)) ?? null).toBe(vector.error);
  for (const [name, digest] of Object.entries(vector.nextDigestFor)) {
    // Ours signs `[]` where the reference signs the `null` that arrived.
    const ours = hopText(card, hopsOf(card), name);
    const theirs =
      card.hops === null ? ours.replace('"previous_hops":[]', '"previous_hops":null') : ours;
    expect(bytesToHex(sha256(utf8(theirs)))).toBe(digest);
  }
}

/** Another's text about us refusing, by the rules of docs/differences.md; undefined for none. */
function strictness(vector: HandleVector): string | undefined {
  const card = read(vector.arrived);
  if (utf8(card.id).length < 8) return "postcard id is of no use";
  if (card.originator === vector.me && hopsOf(card).length === 0) {
    return "nobody has carried this postcard";
  }
  return undefined;
}

async function checkHandle(vector: HandleVector): Promise<void> {
  const { me } = vector;
  const journeys = createJourneys(me);
  const arrivedCard = read(vector.arrived);
  const after = read(vector.after);
  const taken = await takeIn(
    {
      me,
      keyPair: keyPair(me),
      journeys,
      verify: crypto.verify,
      keyOf,
      nowNs: () => lastHopS(after) * 10n ** 9n,
      monotonicMs: () => 0,
    },
    arrivedCard,
    senderOf(arrivedCard),
  );
  const stricter = strictness(vector);
  if (stricter !== undefined) {
    expect(taken).toEqual(refuse(stricter));
    expect(journeys.isPending(arrivedCard.id)).toBe(false);
    expect(journeys.gallery()).toEqual([]);
    return;
  }
  expect(journeys.isPending(arrivedCard.id)).toBe(vector.pending);
  if (!taken.ok) {
    expect(taken.refusal).toBe(vector.error);
    expect(vector.after).toBe(vector.arrived);
    return;
  }
  expect(print(taken.value.card)).toBe(vector.after);
  expect(taken.value.isHome).toBe(vector.completed === 1);
  expect(vector.buzzChange).toBe(taken.value.isHome ? buzzOfHomecoming : buzzOfPassing);
  // Whom the reference tried last and what went wrong is said in its own error.
  const [, tried, why] = /^failed to forward to (.+?): (.+)$/.exec(vector.error ?? "") ?? [];
  const isForwarded = vector.error === null;
  const online = isForwarded ? ["carol"] : tried === undefined ? [] : [tried];
  const carriers = online.map((name) => ({ name, clout: 0, place: undefined }));
  const names = rankNext({ name: me, place: undefined }, taken.value.card, carriers);
  expect(names).toEqual(online);
  const handed = await handOn(names, async () =>
    isForwarded ? accept(undefined) : refuse({ why: why ?? "", mayTravel: false }),
  );
  if (names.length === 0) expect(stuckText).toBe(vector.error);
  else if (handed.ok) expect(vector.error).toBeNull();
  else expect(forwardText(handed.refusal.name, handed.refusal.why)).toBe(vector.error);
  for (const { body } of vector.requests) expect(body).toBe(print(taken.value.card));
}

async function checkJourney(vector: JourneyVector): Promise<void> {
  const names = Object.keys(vector.clout);
  const start = read(vector.startedAs);
  const { originator } = start;
  const [notice] = vector.plaza;
  const hops = decodeGo(journeyNotice, notice?.wire ?? "");
  const times = hops.ok ? (hops.value.hops ?? []).map((hop) => hop.timestamp) : [];
  const journeys = new Map(names.map((name) => [name, createJourneys(name)]));
  journeys.get(originator)?.start(start, 0);
  const next = (me: string, card: Postcard) =>
    rankNext(
      { name: me, place: undefined },
      card,
      names.map((name) => ({ name, clout: vector.clout[name] ?? 0, place: undefined })),
    )[0] as string;
  let card = start;
  let at = originator;
  for (const [index, request] of vector.requests.entries()) {
    expect(request.body).toBe(print(card));
    const sender = at;
    at = next(at, card);
    const taken = await takeIn(
      {
        me: at,
        keyPair: keyPair(at),
        journeys: journeys.get(at) ?? createJourneys(at),
        verify: crypto.verify,
        keyOf,
        nowNs: () => (times[index] ?? 0n) * 10n ** 9n,
        monotonicMs: () => 0,
      },
      card,
      sender,
    );
    if (!taken.ok) throw new Error(taken.refusal);
    card = taken.value.card;
    const isLast = index === vector.requests.length - 1;
    expect(taken.value.isHome).toBe(isLast);
    const reason = isLast ? "journey-complete" : "journey-pass";
    const event = ledgerEvent(at, originator, reason, (times[index] ?? 0n) * 10n ** 9n);
    expect(vector.ledgerEvents[at]).toEqual([event]);
  }
  expect(notice?.topic).toBe(noticeTopic);
  expect(encodeGo(journeyNotice, noticeOf(card, originator))).toBe(notice?.wire);
  expect(journeys.get(originator)?.gallery()).toEqual([card]);
}

coverSections("world.json", {
  ids: (
    cases: readonly { id: string; message: string; ns: string; originator: string; wire: string }[],
  ) =>
    testCases(cases, ({ id, message, ns, originator, wire }) => {
      const card = newPostcard(originator, message, BigInt(ns));
      expect(card.id).toBe(id);
      expect(print(card)).toBe(wire);
    }),

  chains: (cases: readonly ChainVector[]) => testCases(cases, checkChain),
  altered: (cases: readonly ChainVector[]) => testCases(cases, checkChain),

  hopsNull: (cases: readonly { arrived: string; wire: string; errorAfterJSON: string | null }[]) =>
    testCases(cases, async ({ arrived, wire, errorAfterJSON }) => {
      const theirs = read(wire);
      expect((await faultOf(theirs)) ?? null).toBe(errorAfterJSON);
      const { nara } = hopsOf(theirs)[0] as { nara: string };
      const ours = withHop(read(arrived), nara, keyPair(nara), lastHopS(theirs));
      expect(await faultOf(ours)).toBeUndefined();
      expect(print(ours) === wire).toBe(errorAfterJSON === null);
    }),

  next: (
    cases: readonly {
      me: string;
      originator: string;
      visited: readonly string[] | null;
      online: readonly string[] | null;
      clout: { readonly [name: string]: number } | null;
      next: string;
    }[],
  ) =>
    testCases(cases, ({ me, originator, visited, online, clout, next }) => {
      const hops = (visited ?? []).map((nara) => ({
        nara,
        timestamp: 0n,
        signature: "",
        stamp: "",
      }));
      const card = { ...newPostcard(originator, "", 0n), hops };
      const carriers = (online ?? []).map((name) => ({
        name,
        clout: clout?.[name] ?? 0,
        place: undefined,
      }));
      expect(rankNext({ name: me, place: undefined }, card, carriers)[0] ?? "").toBe(next);
    }),

  rewards: (
    cases: readonly {
      originator: string;
      hops: readonly string[];
      complete: boolean;
      rewards: { readonly [name: string]: number };
    }[],
  ) =>
    testCases(cases, ({ originator, hops, complete, rewards }) => {
      const card = {
        ...newPostcard(originator, "", 0n),
        hops: hops.map((nara) => ({ nara, timestamp: 0n, signature: "", stamp: "" })),
      };
      expect(isComplete(card)).toBe(complete);
      expect(Object.fromEntries(rewardsOf(card))).toEqual(rewards);
    }),

  stamps: (cases: readonly { hopsBefore: number; stamp: string }[]) =>
    testCases(cases, ({ hopsBefore, stamp }) => expect(stampAfter(hopsBefore)).toBe(stamp)),

  journeys: (cases: readonly JourneyVector[]) => testCases(cases, checkJourney),
  handle: (cases: readonly HandleVector[]) => testCases(cases, checkHandle),

  completion: (
    cases: readonly {
      me: string;
      wire: string;
      queued: boolean;
      stillPending: number;
      events: readonly string[] | null;
    }[],
  ) =>
    testCases(cases, ({ me, wire, queued, stillPending, events }) => {
      const journeys = createJourneys(me);
      journeys.pass({ ...newPostcard("alice", "", 0n), id: "journey-1" }, 0);
      const notice = readNotice(wire, me);
      expect(notice !== undefined).toBe(queued);
      const originator = notice && journeys.hear(notice);
      expect(journeys.isPending("journey-1") ? 1 : 0).toBe(stillPending);
      const told = (events ?? []).map((text) => BigInt(/"ts":(\d+)/.exec(text)?.[1] ?? 0));
      expect(
        originator === undefined
          ? null
          : told.map((tsNs) => ledgerEvent(me, originator, "journey-complete", tsNs)),
      ).toEqual(events);
    }),
});
