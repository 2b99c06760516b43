/**
 * Measures a whole memory's way in, on this engine: pages of events as JSON text are read, verified
 * and merged, next to WebCrypto verifying the same signatures and nothing else.
 */
import { createSystemClock } from "../src/adapters/clock.ts";
import { chooseCrypto } from "../src/adapters/crypto/choose-crypto.ts";
import { createNobleCrypto } from "../src/adapters/crypto/noble-crypto.ts";
import { decodeBase64, encodeBase64 } from "../src/nara/codec/base64.ts";
import { type SyncEvent, signedDigest } from "../src/nara/events/sync-event.ts";
import { createLedger, type Ledger } from "../src/nara/ledger/ledger.ts";
import { maxSyncEvents } from "../src/nara/limits.ts";
import type { Crypto } from "../src/nara/ports.ts";
import { createKeyring } from "../src/nara/runtime/keyring.ts";
import { inParallel } from "../src/nara/services/recovery/in-parallel.ts";
import { inTurns } from "../src/nara/sync/carried-list.ts";
import {
  readSyncResponseInPieces,
  syncResponseClaim,
  writeSyncResponse,
} from "../src/nara/sync/sync-response.ts";
import { createGate } from "../src/nara/trust/gate.ts";
import { createIntake } from "../src/nara/trust/intake.ts";
import { type EventMix, type MixedNara, signedMix } from "./event-mix.ts";
import { longestPauseMs } from "./pause.ts";
import { median } from "./report.ts";

export interface VerifyMergeRates {
  readonly events: number;
  /** Events per second from text to ledger. */
  readonly mergedPerS: number;
  /** Verifications per second by `subtle.verify` on imported keys, all of a page at once. */
  readonly rawPerS: number;
  /** Median over the rounds of the one to the other. */
  readonly mergedToRaw: number;
  /** How long a waiting message had to wait meanwhile, at worst. */
  readonly pauseMs: number;
  /** The same while there is nothing to do: what the machine itself makes everybody wait. */
  readonly idlePauseMs: number;
}

const count = 50_000;
const naras = 500;
const rounds = 3;
/** About as long as verifying and merging takes. */
const idleMs = 3000;
const untilNs = 1_800_000_000_000_000_000n;

export async function measureVerifyMerge(): Promise<VerifyMergeRates> {
  const port = await chooseCrypto(crypto.subtle, clock);
  const mix = bare(await signedMix({ seed: "verify and merge", count, naras, untilNs }));
  const pages = pagesOf(mix);
  const rates = await measureRates(port, mix, pages);
  const pauseMs = await measurePause(port, mix.naras, pages);
  const idlePauseMs = await longestPauseMs(() => new Promise((done) => setTimeout(done, idleMs)));
  return { events: count, ...rates, pauseMs, idlePauseMs };
}

async function measureRates(port: Crypto, mix: EventMix, pages: readonly string[]) {
  const claims = await rawClaims(mix);
  await taken(pages.slice(0, 2), claims, createRun(port, mix.naras));
  const rates: { merged: number; raw: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    rates.push(await taken(pages, claims, createRun(port, mix.naras)));
  }
  return {
    mergedPerS: median(rates.map(({ merged }) => merged)),
    rawPerS: median(rates.map(({ raw }) => raw)),
    mergedToRaw: median(rates.map(({ merged, raw }) => merged / raw)),
  };
}

/** The middle one of several runs: a busy machine makes everybody wait now and then. */
async function measurePause(
  port: Crypto,
  known: readonly MixedNara[],
  pages: readonly string[],
): Promise<number> {
  const pausesMs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const run = createRun(port, known);
    pausesMs.push(
      await longestPauseMs(async () => {
        await inParallel(pages, neighbours, run.take);
      }),
    );
  }
  return median(pausesMs);
}

/** As naras write signed events: without ids, which no signature covers (events-and-ledger §2). */
const bare = (mix: EventMix): EventMix => ({
  ...mix,
  events: mix.events.map((event) => {
    const nameless = Object.keys(event.payload).filter((field) => /(_id|^ID)$/.test(field));
    const blanks = Object.fromEntries(nameless.map((field) => [field, ""]));
    return { ...event, emitterId: "", payload: { ...event.payload, ...blanks } } as SyncEvent;
  }),
});

/** Pages of a turn: five both ways, so that whatever else the machine does burdens both. */
const pagesOfTurn = 5;
/** Neighbours that are asked at a time; a nara that wakes asks three to ten (recovery/plan.ts). */
const neighbours = 2;

async function taken(pages: readonly string[], claims: readonly Claim[], run: Run) {
  let mergedMs = 0;
  let rawMs = 0;
  for (let start = 0; start < pages.length; start += pagesOfTurn) {
    const turn = pages.slice(start, start + pagesOfTurn);
    const same = turn.map((_, at) => {
      const first = (start + at) * maxSyncEvents;
      return claims.slice(first, first + maxSyncEvents);
    });
    const raw = async (): Promise<void> => {
      for (const page of same) await rawVerify(page);
    };
    const rawFirst = start % (2 * pagesOfTurn) === 0;
    rawMs += rawFirst ? await tookMs(raw) : 0;
    mergedMs += await tookMs(() => inParallel(turn, neighbours, run.take));
    rawMs += rawFirst ? 0 : await tookMs(raw);
  }
  const events = pages.length * maxSyncEvents;
  return { merged: (events / mergedMs) * 1000, raw: (events / rawMs) * 1000 };
}

interface Run {
  take(page: string): Promise<void>;
}

const clock = createSystemClock();

/** An empty memory that knows everybody's key. */
function createRun(port: Crypto, known: readonly MixedNara[]): Run {
  const ledger: Ledger = createLedger({ capacity: 2 * count });
  const keyring = createKeyring({ name: "me", id: "my-id", publicKey: "" });
  for (const { name, publicKey } of known) keyring.pin(name, "", encodeBase64(publicKey));
  let refused = 0;
  const intake = createIntake({
    gate: createGate({ clock: { nowNs: () => untilNs }, crypto: port, keyring, me: "me" }),
    ledger,
    clock,
    personality: { agreeableness: 50, sociability: 50, chill: 50 },
    countDrop(reason) {
      // The ledger keeps five pings to a target and twenty observations of a pair.
      if (reason !== "outlived") refused++;
    },
  });
  return {
    async take(page) {
      const response = await inTurns(readSyncResponseInPieces(page), clock);
      if (!response.ok) throw new Error(`a page was refused: ${response.refusal}`);
      const from = known.find(({ name }) => name === response.value.from);
      const claim = from && syncResponseClaim(response.value, from.publicKey);
      const [holds] = claim === undefined ? [false] : await port.verify([claim]);
      if (holds !== true) throw new Error("a page's signature does not hold");
      await intake.take(response.value.events, { path: "sync", from: response.value.from });
      if (refused > 0) throw new Error(`${refused} good events were refused`);
    },
  };
}

function pagesOf({ naras: [author], events: all }: EventMix): readonly string[] {
  if (author === undefined) throw new Error("there is nobody to answer");
  const signer = { name: author.name, keyPair: createNobleCrypto().keyPair(author.seed) };
  const pages: string[] = [];
  for (let start = 0; start < all.length; start += maxSyncEvents) {
    const page = { events: all.slice(start, start + maxSyncEvents), nextCursor: "" };
    pages.push(writeSyncResponse(page, signer, untilNs));
  }
  return pages;
}

interface Claim {
  readonly key: CryptoKey;
  readonly signature: Uint8Array<ArrayBuffer>;
  readonly digest: Uint8Array<ArrayBuffer>;
}

async function rawClaims({ naras: all, events: said }: EventMix): Promise<readonly Claim[]> {
  const imported = all.map(
    async ({ name, publicKey }: MixedNara) =>
      [
        name,
        await crypto.subtle.importKey(
          "raw",
          publicKey as Uint8Array<ArrayBuffer>,
          "Ed25519",
          false,
          ["verify"],
        ),
      ] as const,
  );
  const keys = new Map(await Promise.all(imported));
  return said.map((event: SyncEvent) => {
    const key = keys.get(event.emitter);
    const signature = decodeBase64(event.sig);
    if (key === undefined || signature === undefined) throw new Error("an event is not signed");
    return { key, signature, digest: signedDigest(event) as Uint8Array<ArrayBuffer> };
  });
}

async function rawVerify(claims: readonly Claim[]): Promise<void> {
  const verdicts = await Promise.all(
    claims.map(({ key, signature, digest }) =>
      crypto.subtle.verify("Ed25519", key, signature, digest),
    ),
  );
  if (verdicts.includes(false)) throw new Error("a good signature was refused");
}

async function tookMs(task: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await task();
  return performance.now() - startMs;
}
