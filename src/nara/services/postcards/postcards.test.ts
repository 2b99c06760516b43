import fc from "fast-check";
import { expect, test } from "vitest";
import { createNobleCrypto } from "../../../adapters/crypto/noble-crypto.ts";
import { maxPostcardHops } from "../../limits.ts";
import type { Postcard } from "../../mesh/postcard.ts";
import { accept, refuse } from "../../outcome.ts";
import { takeIn } from "./arrival.ts";
import { chainFault, type Hop, hopsOf, newPostcard, withHop } from "./chain.ts";
import { createJourneys, type Journeys, journeyTimeoutMs } from "./journeys.ts";
import { readNotice } from "./notice.ts";
import { type Carrier, handOn, rankNext } from "./route.ts";

const crypto = createNobleCrypto();
const names = ["alice", "bob", "carol", "dave"];
const keyPairs = new Map(
  names.map((name, index) => [name, crypto.keyPair(new Uint8Array(32).fill(index + 1))]),
);
const keyPairOf = (name: string) => keyPairs.get(name) ?? crypto.keyPair(new Uint8Array(32));
const keyOf = (name: string) => keyPairs.get(name)?.publicKey;
const carriedBy = (card: Postcard, ...carriers: readonly string[]) =>
  carriers.reduce((so, name) => withHop(so, name, keyPairOf(name), 1000n), card);
const faultOf = (card: Postcard) => chainFault(card, keyOf, crypto.verify);
const greeting = newPostcard("alice", "hello", 1n);

const arriveAt = (me: string, card: Postcard, sender: string, journeys = createJourneys(me)) =>
  takeIn(
    {
      me,
      keyPair: keyPairOf(me),
      journeys,
      verify: crypto.verify,
      keyOf,
      nowNs: () => 2_000_000_000_000n,
      monotonicMs: () => 0,
    },
    card,
    sender,
  );

const carrier = (name: string, clout = 0): Carrier => ({ name, clout, place: undefined });
const at = (name: string) => ({ name, place: undefined });

test("whatever is changed of what a hop covers breaks the chain", async () => {
  const whole = carriedBy(greeting, "bob", "carol", "dave");
  const changed = fc.string({ minLength: 1, maxLength: 8 });
  const change = fc.oneof(
    fc.tuple(fc.constantFrom("id", "message", "originator"), changed).map(
      ([field, more]) =>
        (card: Postcard): Postcard => ({ ...card, [field]: `${card[field as "id"]}${more}` }),
    ),
    fc.tuple(fc.nat({ max: 1 }), fc.constantFrom("nara", "signature", "stamp"), changed).map(
      ([index, field, more]) =>
        (card: Postcard) =>
          withHopAt(card, index, (hop) => ({ ...hop, [field]: `${hop[field as "nara"]}${more}` })),
    ),
    fc.tuple(fc.nat({ max: 1 }), fc.bigInt({ min: 1n, max: 10n ** 6n })).map(
      ([index, later]) =>
        (card: Postcard) =>
          withHopAt(card, index, (hop) => ({ ...hop, timestamp: hop.timestamp + later })),
    ),
    fc.nat({ max: 1 }).map((index) => (card: Postcard) => ({
      ...card,
      hops: hopsOf(card).filter((_, place) => place !== index),
    })),
  );
  expect(await faultOf(whole)).toBeUndefined();
  await fc.assert(
    fc.asyncProperty(change, async (apply) => {
      const altered = apply(whole);
      // A lone surrogate is signed as U+FFFD: then the texts are the same.
      fc.pre(JSON.stringify(altered, bare) !== JSON.stringify(whole, bare));
      expect(await faultOf(altered)).toBeDefined();
    }),
    { numRuns: 60 },
  );
});

test("no postcard makes the rules throw", async () => {
  const hop = fc.record({
    nara: fc.oneof(fc.constantFrom(...names), fc.string({ unit: "binary" })),
    timestamp: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    signature: fc.oneof(fc.base64String(), fc.string({ unit: "binary" })),
    stamp: fc.string({ unit: "binary" }),
  });
  const card = fc.record({
    id: fc.string({ unit: "binary" }),
    message: fc.string({ unit: "binary" }),
    originator: fc.oneof(fc.constantFrom(...names), fc.string({ unit: "binary" })),
    hops: fc.oneof(fc.constant(null), fc.array(hop, { maxLength: 5 })),
  });
  await fc.assert(
    fc.asyncProperty(card, async (any) => {
      await faultOf(any);
      await arriveAt("bob", any, hopsOf(any).at(-1)?.nara ?? any.originator);
      rankNext(at("bob"), any, [carrier("carol")]);
    }),
  );
});

test("a postcard goes round and comes home, and is kept", async () => {
  const home = createJourneys("alice");
  home.start(greeting, 0);
  const there = await arriveAt("bob", greeting, "alice");
  if (!there.ok) throw new Error(there.refusal);
  expect(there.value.isHome).toBe(false);
  const back = await arriveAt("alice", there.value.card, "bob", home);
  expect(back).toMatchObject({ ok: true, value: { isHome: true } });
  expect(home.gallery().map(({ id }) => id)).toEqual([greeting.id]);
  expect(home.underWay()).toEqual([]);
});

const refusals: readonly [string, string, Postcard, string, string, Journeys?][] = [
  [
    "one whose id crashes the reference",
    "bob",
    { ...greeting, id: "short" },
    "alice",
    "postcard id is of no use",
  ],
  [
    "one that names me and nobody has carried",
    "alice",
    greeting,
    "alice",
    "nobody has carried this postcard",
  ],
  [
    "one in my name that I never sent",
    "alice",
    carriedBy(greeting, "bob"),
    "bob",
    "not a postcard of mine that is under way",
  ],
  [
    "one brought by somebody who did not sign last",
    "carol",
    carriedBy(greeting, "bob"),
    "dave",
    "not dave's to bring",
  ],
  [
    "one that I have signed before",
    "bob",
    carriedBy(greeting, "bob", "carol"),
    "carol",
    "this postcard came by before",
  ],
  [
    "one of a name that nobody can have",
    "bob",
    { ...greeting, originator: "a:b" },
    "a:b",
    "postcard comes from no name",
  ],
  [
    "one with a message too long",
    "bob",
    { ...greeting, message: "x".repeat(4097) },
    "alice",
    "postcard message is too long",
  ],
  [
    "one with a stamp too long",
    "carol",
    { ...greeting, hops: [hopBy("bob", "x".repeat(257))] },
    "bob",
    "postcard hop is too long",
  ],
  [
    "one with too many hops",
    "carol",
    { ...greeting, hops: Array.from({ length: maxPostcardHops }, () => hopBy("bob", "")) },
    "bob",
    "postcard has too many hops",
  ],
];
for (const [which, me, card, sender, why] of refusals) {
  test(`${which} is not taken in`, async () => {
    expect(await arriveAt(me, card, sender)).toEqual(refuse(why));
  });
}

test("a postcard of mine that comes back with other words is not mine", async () => {
  const home = createJourneys("alice");
  home.start(greeting, 0);
  const forged = carriedBy({ ...greeting, message: "other" }, "bob");
  expect((await arriveAt("alice", forged, "bob", home)).ok).toBe(false);
  expect(home.gallery()).toEqual([]);
});

test("of two copies that arrive at once, one is taken in", async () => {
  const journeys = createJourneys("carol");
  const copies = [1, 2].map(() => arriveAt("carol", carriedBy(greeting, "bob"), "bob", journeys));
  expect((await Promise.all(copies)).map(({ ok }) => ok)).toEqual([true, false]);
});

test("the next best come after the best, by clout and nearness, and home comes last", () => {
  const place = (x: number) => ({ x, y: 0, height: 0, error: 1 });
  const online = [
    carrier("alice", 99),
    { name: "carol", clout: 10, place: place(500) },
    { name: "dave", clout: 9, place: place(0) },
    carrier("eve", 9),
    carrier("bob", 50),
  ];
  const me = { name: "bob", place: place(0) };
  expect(rankNext(me, greeting, online)).toEqual(["dave", "eve", "carol", "alice"]);
});

test("a postcard that holds no more hops goes home", () => {
  const hops = Array.from({ length: maxPostcardHops - 1 }, () => hopBy("dave", ""));
  const online = [carrier("alice"), carrier("carol")];
  expect(rankNext(at("bob"), { ...greeting, hops }, online)).toEqual(["alice"]);
});

test("who does not take a postcard is passed over, but not where it may travel already", async () => {
  const tried: string[] = [];
  const send = (mayTravel: boolean) => async (name: string) => {
    tried.push(name);
    return name === "carol" ? refuse({ why: "away", mayTravel }) : accept(undefined);
  };
  expect(await handOn(["carol", "dave"], send(false))).toEqual(accept("dave"));
  expect(await handOn(["carol", "dave"], send(true))).toEqual(
    refuse({ name: "carol", why: "away" }),
  );
  expect(tried).toEqual(["carol", "dave", "carol"]);
});

test("a journey is given up once more than 300 s have passed, and only once", () => {
  const journeys = createJourneys("bob");
  journeys.pass(greeting, 0);
  expect(journeys.sweep(journeyTimeoutMs)).toEqual([]);
  expect(journeys.sweep(journeyTimeoutMs + 1).map(({ originator }) => originator)).toEqual([
    "alice",
  ]);
  expect(journeys.sweep(journeyTimeoutMs + 1)).toEqual([]);
});

test("a thousand journeys under way are enough, and a hundred at home", () => {
  const journeys = createJourneys("bob");
  for (let n = 0n; n < 1000n; n++) journeys.pass(newPostcard("alice", "x", n), 0);
  const oneMore = newPostcard("alice", "x", 1000n);
  expect(journeys.whyNotTaken(oneMore, "alice")).toBe("too many postcards are under way");
  for (let n = 0n; n < 101n; n++) journeys.welcome(newPostcard("bob", `${n}`, n));
  expect(journeys.gallery().length).toBe(100);
  expect(journeys.gallery()[0]?.message).toBe("100");
});

test("news that is no notice is not heard", () => {
  for (const text of ["", "{", "null", "[]", '{"journey_id":1}']) {
    expect(readNotice(text, "bob")).toBeUndefined();
  }
});

function hopBy(nara: string, stamp: string): Hop {
  return { nara, timestamp: 0n, signature: "", stamp };
}

function withHopAt(card: Postcard, index: number, change: (hop: Hop) => Hop): Postcard {
  return { ...card, hops: hopsOf(card).map((hop, at) => (at === index ? change(hop) : hop)) };
}

function bare(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  return typeof value === "string" ? value.replace(/\p{Surrogate}/gu, "\ufffd") : value;
}
