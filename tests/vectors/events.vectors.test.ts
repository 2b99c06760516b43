/** The reference's gossip events: texts, ids, signatures, validity, what its decoder accepts. */
import { createHash, createPublicKey, verify } from "node:crypto";
import { expect, test } from "vitest";
import { createNobleCrypto } from "../../src/adapters/crypto/noble-crypto.ts";
import { decodeBase58 } from "../../src/nara/codec/base58.ts";
import { decodeBase64 } from "../../src/nara/codec/base64.ts";
import { decodeGo, decodeGoStream, encodeGo, type GoType } from "../../src/nara/codec/go-types.ts";
import type { JsonLimits } from "../../src/nara/codec/json-reader.ts";
import { fromUtf8 } from "../../src/nara/codec/utf8.ts";
import {
  importRequest,
  ledgerRequest,
  ledgerResponse,
  syncRequest,
  syncResponse,
  zine,
} from "../../src/nara/events/carriers.ts";
import {
  actorOf,
  contentOf,
  decodeSyncEvent,
  encodeSyncEvent,
  eventId,
  fromWire,
  isAlwaysIn,
  isSigned,
  newSyncEvent,
  priorityOf,
  refusalOf,
  type SyncEvent,
  signedDigest,
  signSyncEvent,
  targetOf,
  type WireEvent,
  wireEvent,
} from "../../src/nara/events/sync-event.ts";
import {
  type KeyLookup,
  proofOf,
  signatureClaim,
  votesOf,
} from "../../src/nara/events/verification.ts";
import { createLedger } from "../../src/nara/ledger/ledger.ts";
import type { Outcome } from "../../src/nara/outcome.ts";
import type { KeyPair, SignatureClaim } from "../../src/nara/ports.ts";
import { coverSections, testCases, vectors } from "./support.ts";

type OrPanic<Value> = Value | "panic";

interface Signer {
  readonly id: string;
  readonly name: string;
  readonly publicKey: string;
  readonly soul: string;
}

interface EventCase {
  readonly name: string;
  readonly json: string;
  readonly signer?: string | null;
  readonly id?: string;
  readonly ts?: string;
  readonly content?: OrPanic<string>;
  readonly idRecomputed?: OrPanic<string>;
  readonly idStillMatches?: boolean;
  readonly digestHex?: OrPanic<string>;
  readonly actor?: OrPanic<string>;
  readonly target?: OrPanic<string>;
  readonly signed?: boolean;
  readonly valid?: OrPanic<boolean>;
  readonly stored?: OrPanic<boolean>;
  readonly verify?: OrPanic<boolean>;
  readonly verifyWithKey?: boolean;
  readonly alwaysIn?: boolean;
  readonly prunePrior?: number;
  readonly votes?: {
    readonly Valid: boolean;
    readonly ValidCount: number;
    readonly KnownCount: number;
    readonly TotalCount: number;
  };
  readonly votesOverContentHash?: number;
  readonly now?: string;
}

interface DecodeCase {
  readonly name: string;
  readonly target: string;
  readonly text?: string;
  readonly hex?: string;
  readonly accepted: boolean;
  readonly acceptedByStream: boolean;
  readonly reencoded?: string;
  readonly valid?: OrPanic<boolean>;
  readonly stored?: OrPanic<boolean>;
  readonly idRecomputed?: OrPanic<string>;
}

const { signers = [] } = vectors<{ signers?: readonly Signer[] }>("events.json");
const keysBy = (field: "id" | "name") =>
  new Map(signers.map((signer) => [signer[field], decodeBase64(signer.publicKey)]));
const [byId, byName] = [keysBy("id"), keysBy("name")];
const lookup: KeyLookup = (id, name) => byId.get(id) ?? byName.get(name);

/** Go bounds nothing but the depth; our own bounds have their own tests. */
const goLimits: JsonLimits = {
  size: Number.POSITIVE_INFINITY,
  depth: 10_000,
  entries: Number.POSITIVE_INFINITY,
  stringBytes: Number.POSITIVE_INFINITY,
};

coverSections("events.json", {
  cases: (cases: readonly EventCase[]) => testCases(cases, checkEvent),
  constructed: (cases: readonly EventCase[]) => testCases(cases, checkConstructed),
  negatives: (cases: readonly EventCase[]) => testCases(cases, checkEvent),
  edited: (cases: readonly EventCase[]) => testCases(cases, checkEvent),
  signatures: (cases: readonly EventCase[]) => testCases(cases, checkEvent),
  decode: (cases: readonly DecodeCase[]) => testCases(cases, checkDecode),
  signers: (all: readonly Signer[]) => {
    test("their public keys come from their souls", () => {
      for (const { soul, publicKey } of all) {
        expect(keyPairOf(soul).publicKey).toEqual(decodeBase64(publicKey));
      }
    });
  },
});

function checkEvent(row: EventCase): void {
  const wire = decodeGo(wireEvent, row.json, goLimits);
  if (!wire.ok) throw new Error(wire.refusal);
  expect(encodeGo(wireEvent, wire.value)).toBe(row.json);
  expectRow(row, { id: wire.value.id, ts: String(wire.value.ts) });

  const outcome = decodeSyncEvent(row.json, goLimits);
  if (outcome.ok) checkMeaning(row, outcome.value);
  else checkMeaningless(row);
}

/** All that the reference says of an event, as far as this row says it. */
function checkMeaning(row: EventCase, event: SyncEvent): void {
  const known = row.signer == null ? undefined : lookup("", row.signer);
  const isStranger = row.signer != null && known === undefined;
  expectRow(row, {
    content: contentOf(event),
    idRecomputed: eventId(event),
    idStillMatches: event.id === eventId(event),
    digestHex: Buffer.from(signedDigest(event)).toString("hex"),
    actor: actorOf(event),
    target: targetOf(event),
    signed: isSigned(event),
    valid: refusalOf(event) === undefined,
    alwaysIn: isAlwaysIn(event),
    prunePrior: priorityOf(event),
    verify: holds(event),
    // A stranger's key is told nowhere, so nobody but the reference can check with it.
    ...(isStranger ? {} : { verifyWithKey: isValid(signatureClaim(event, known)) }),
  });
  if (row.stored !== undefined) checkStored(row.stored, event);
  if (row.votes !== undefined) checkVotes(row, event);
}

/** The reference takes a foreign id as it comes; we take only the event's own. */
function checkStored(stored: OrPanic<boolean>, event: SyncEvent): void {
  const id = eventId(event);
  expect(createLedger({ capacity: 100 }).add({ ...event, id }).ok).toBe(stored);
  expect(createLedger({ capacity: 100 }).add(event).ok).toBe(stored && event.id === id);
}

function checkVotes(row: EventCase, event: SyncEvent): void {
  if (event.svc !== "checkpoint") throw new Error("only checkpoints have votes");
  const votes = votesOf(event.payload, lookup);
  const validCount = votes.filter(({ claim }) => isValid(claim)).length;
  expect({
    Valid: validCount >= 2,
    ValidCount: validCount,
    KnownCount: votes.filter(({ known }) => known).length,
    TotalCount: event.payload.voter_ids?.length ?? 0,
  }).toEqual(row.votes);
  if (row.votesOverContentHash === undefined) return;
  const message = createHash("sha256").update(contentOf(event)).digest();
  const overHash = votes.filter(({ claim }) => claim && isValid({ ...claim, message }));
  expect(overHash).toHaveLength(row.votesOverContentHash);
}

/** What we do not even read must be something the reference crashed on or never stores. */
function checkMeaningless(row: EventCase): void {
  expect(row.valid === false || row.valid === "panic").toBe(true);
  expect(row.stored !== true && row.verify !== true).toBe(true);
}

function checkConstructed(row: EventCase): void {
  checkEvent(row);
  const wanted = decodeSyncEvent(row.json, goLimits);
  if (!wanted.ok) throw new Error(wanted.refusal);
  const { svc, payload, emitter } = wanted.value;
  const event = newSyncEvent(svc, BigInt(row.now ?? ""), payload);
  const signer = signers.find(({ name }) => name === emitter);
  const finished =
    signer === undefined ? event : signSyncEvent(event, emitter, keyPairOf(signer.soul));
  expect(encodeSyncEvent(finished)).toBe(row.json);
}

const targets: { readonly [target: string]: GoType<unknown> } = {
  event: wireEvent,
  zine,
  syncRequest,
  syncResponse,
  ledgerRequest,
  ledgerResponse,
  importRequest,
};

function checkDecode(row: DecodeCase): void {
  const source = row.text ?? fromUtf8(Buffer.from(row.hex ?? "", "hex"));
  const type = targets[row.target];
  if (type === undefined) throw new Error(`no such target: ${row.target}`);
  const whole = decodeGo(type, source, goLimits);
  const stream = decodeGoStream(type, source, goLimits);
  expect(whole.ok).toBe(row.accepted);
  expect(stream.ok).toBe(row.acceptedByStream);
  if (!stream.ok) return;
  expect(encodeGo(type, stream.value)).toBe(row.reencoded);
  if (row.target === "event") checkDecodedEvent(row, fromWire(stream.value as WireEvent));
}

function checkDecodedEvent(row: DecodeCase, outcome: Outcome<SyncEvent, string>): void {
  if (!outcome.ok) {
    expect(row.valid === false || row.valid === "panic").toBe(true);
    return;
  }
  const event = outcome.value;
  expectRow(row, { idRecomputed: eventId(event), valid: refusalOf(event) === undefined });
  if (row.stored !== undefined) checkStored(row.stored, event);
}

/** Compares what the row tells; a row need not tell everything. */
function expectRow(row: object, actual: { readonly [key: string]: unknown }): void {
  const told = Object.keys(actual).filter((key) => key in row);
  const pick = (from: object) =>
    Object.fromEntries(told.map((key) => [key, (from as Record<string, unknown>)[key]]));
  expect(pick(actual)).toEqual(pick(row));
}

function keyPairOf(soul: string): KeyPair {
  const seed = decodeBase58(soul)?.subarray(0, 32) ?? new Uint8Array();
  return createNobleCrypto().keyPair(seed);
}

function holds(event: SyncEvent): boolean {
  const { claims, needed } = proofOf(event, lookup);
  return claims.filter(isValid).length >= needed;
}

function isValid(claim: SignatureClaim | undefined): boolean {
  if (claim?.publicKey.length !== 32 || claim.signature.length !== 64) return false;
  const key = createPublicKey({
    key: Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), claim.publicKey]),
    format: "der",
    type: "spki",
  });
  return verify(null, claim.message, key, claim.signature);
}
