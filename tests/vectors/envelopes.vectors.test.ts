/** The reference's signed wrappers around events, and its old ledger exchange. */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { goString } from "../../src/nara/codec/go-json.ts";
import { decodeGo, encodeGo } from "../../src/nara/codec/go-types.ts";
import { whyNotAccepted } from "../../src/nara/events/acceptance.ts";
import { ledgerRequest, ledgerResponse, legacyEvent } from "../../src/nara/events/carriers.ts";
import {
  actorOf,
  contentOf,
  decodeSyncEvent,
  encodeSyncEvent,
  eventId,
  isSigned,
  newSyncEvent,
  refusalOf,
  type SyncEvent,
} from "../../src/nara/events/sync-event.ts";
import { proofOf, signatureClaim } from "../../src/nara/events/verification.ts";
import { isNameWeAccept } from "../../src/nara/identity/names.ts";
import { maxFutureNs } from "../../src/nara/limits.ts";
import type { Outcome } from "../../src/nara/outcome.ts";
import type { SignatureClaim } from "../../src/nara/ports.ts";
import type { EventList } from "../../src/nara/sync/event-list.ts";
import {
  importClaim,
  readImportRequest,
  writeImportRequest,
} from "../../src/nara/sync/import-request.ts";
import {
  answerLedgerRequest,
  fromLegacy,
  type LegacyEvent,
  legacyId,
  legacyText,
  readLedgerRequest,
  readLedgerResponse,
  toLegacy,
} from "../../src/nara/sync/legacy-ledger.ts";
import {
  readSyncResponse,
  syncResponseClaim,
  writeSyncResponse,
} from "../../src/nara/sync/sync-response.ts";
import { readZine, writeZine, zineClaim, zineEvents } from "../../src/nara/sync/zine.ts";
import { holds, keyPairOf, publicKeyOf, type Signer, seedOf } from "./signers.ts";
import { signBytes, signText } from "./signing.ts";
import { coverSections, testCases, vectors } from "./support.ts";

interface Altered {
  readonly name: string;
  readonly json: string;
}

interface SignedCase {
  readonly name: string;
  readonly json: string;
  readonly digestHex: string;
  readonly ids: readonly string[];
  readonly signature: string;
  readonly signer: string;
  readonly verify: boolean;
  readonly altered: readonly (Altered & { readonly verify: boolean })[];
}

interface SyncResponseCase extends SignedCase {
  readonly now: string;
}

interface ZineCase extends SignedCase {
  /** Unix seconds. */
  readonly createdAt: number;
}

interface MadeZineCase {
  readonly ledger: readonly string[];
  readonly me: string;
  readonly now: string;
  /** Null: nothing to send. */
  readonly json: string | null;
  readonly ids?: readonly string[];
}

interface ImportCase {
  readonly json: string;
  readonly me: string;
  readonly now: string;
  readonly accepted: boolean;
  readonly digestHex: string;
  readonly ids: readonly string[];
  readonly signature: string;
  readonly altered: readonly (Altered & { readonly accepted: boolean })[];
}

interface AdvisoryCase {
  readonly json: string;
  readonly advisory: boolean | "panic";
}

interface LegacyEventCase {
  readonly legacy: string;
  readonly legacyId: string;
  readonly legacySignable: string;
  readonly legacySigner: string;
  readonly legacyVerify: boolean;
  readonly event: string;
  readonly eventId: string;
  readonly content: string;
  readonly back: string;
  readonly valid: boolean;
  readonly merged: number;
}

interface LegacyAnswerCase {
  readonly request: string;
  readonly response: string;
  readonly storedThere: readonly string[];
  readonly mergedIntoEmpty: number;
  readonly mergedBackIntoSource: number;
}

interface Shared {
  readonly signers: readonly Signer[];
  readonly importRequests: readonly ImportCase[];
  readonly legacyLedger: readonly string[];
}

const shared = vectors<Partial<Shared>>("envelopes.json");
const signerOf = (name: string): Signer | undefined =>
  shared.signers?.find((signer) => signer.name === name);

coverSections("envelopes.json", {
  zines: (cases: readonly ZineCase[]) => testCases(cases, checkZine),
  syncResponses: (cases: readonly SyncResponseCase[]) => testCases(cases, checkSyncResponse),
  madeZines: (cases: readonly MadeZineCase[]) => testCases(cases, checkMadeZine),
  importRequests: (cases: readonly ImportCase[]) => testCases(cases, checkImport),
  advisory: (cases: readonly AdvisoryCase[]) => testCases(cases, checkAdvisory),
  legacyEvents: (cases: readonly LegacyEventCase[]) => testCases(cases, checkLegacyEvent),
  legacyAnswers: (cases: readonly LegacyAnswerCase[]) => testCases(cases, checkLegacyAnswer),
  legacyLedger: (events: readonly string[]) => {
    test("its events are read and printed alike", () => {
      expect(events.map((text) => encodeSyncEvent(eventOf(text)))).toEqual(events);
    });
  },
});

function checkZine(row: ZineCase): void {
  const zine = read(readZine, row.json);
  expect(zine).toMatchObject({ from: row.signer, signature: row.signature, ids: row.ids });
  expect(zine.createdAtS).toBe(BigInt(row.createdAt));
  checkSigned(row, readZine, zineClaim);
  const signer = signerOf(row.signer);
  if (signer === undefined || isNull(row)) return;
  const author = { name: row.signer, keyPair: keyPairOf(signer) };
  expect(writeZine(zine.events, author, zine.createdAtS * 1_000_000_000n)).toBe(row.json);
}

function checkSyncResponse(row: SyncResponseCase): void {
  const response = read(readSyncResponse, row.json);
  expect(response.ids).toEqual(row.ids);
  checkSigned(row, readSyncResponse, syncResponseClaim);
  const signer = signerOf(row.signer);
  const isOfNow = response.atS === BigInt(row.now) / 1_000_000_000n;
  // We print no list as null, as the reference does when it finds nothing.
  if (signer === undefined || !row.verify || !isOfNow || (row.ids.length === 0 && !isNull(row))) {
    return;
  }
  const page = { events: response.events, nextCursor: response.nextCursor };
  const author = { name: row.signer, keyPair: keyPairOf(signer) };
  expect(writeSyncResponse(page, author, BigInt(row.now))).toBe(row.json);
}

/** The signature holds where the reference says so, and every change is seen that it sees. */
function checkSigned<Whole extends EventList>(
  row: SignedCase,
  reader: (source: string) => Outcome<Whole>,
  claimOf: (whole: Whole, publicKey: Uint8Array) => SignatureClaim | undefined,
): void {
  const publicKey = publicKeyOf(signerOf(row.signer));
  const claim = claimOf(read(reader, row.json), publicKey);
  if (claim !== undefined) expect(hex(claim.message)).toBe(row.digestHex);
  expect(holds(claim)).toBe(row.verify);
  for (const { name, json, verify } of row.altered) {
    const key = keyFor(name, row);
    expect(holds(claimOf(read(reader, json), key)), name).toBe(verify);
  }
}

/** The signer's key, "unless the name says otherwise". */
function keyFor(change: string, row: SignedCase): Uint8Array {
  if (change === "no key") return new Uint8Array();
  if (change !== "another's key") return publicKeyOf(signerOf(row.signer));
  return publicKeyOf(shared.signers?.find(({ name }) => name !== row.signer));
}

/** docs/differences.md, "events of a zine dated ahead": we leave out what goes beyond 60 s. */
function checkMadeZine(row: MadeZineCase): void {
  const now = BigInt(row.now);
  const signer = signerOf(row.me);
  if (signer === undefined) throw new Error(`${row.me} is no signer`);
  const chosen = zineEvents(row.ledger.map(eventOf), now);
  const texts = row.json === null ? [] : eventsIn(row.json);
  const expected = texts.filter((text) => eventOf(text).tsNs <= now + maxFutureNs);
  expect(chosen.map(encodeSyncEvent)).toEqual(expected);
  if (row.json === null) return;

  const createdAtS = now / 1_000_000_000n;
  const ids = chosen.map(({ id }) => id);
  const digest = sha256(`${row.me}:${createdAtS}:${ids.join("")}`);
  const signature = signBytes(seedOf(signer), digest);
  const written = writeZine(chosen, { name: row.me, keyPair: keyPairOf(signer) }, now);
  expect(written).toBe(
    `{"from":${goString(row.me)},"created_at":${createdAtS},` +
      `"events":[${expected.join(",")}],"signature":"${signature}"}`,
  );
  if (expected.length === texts.length) expect(written).toBe(row.json);
}

function checkImport(row: ImportCase): void {
  const me = signerOf(row.me);
  const publicKey = publicKeyOf(me);
  const now = BigInt(row.now);
  const request = read(readImportRequest, row.json);
  expect(request.ids).toEqual(row.ids);
  expect(request.signature).toBe(row.signature);
  const claim = importClaim(request, publicKey, now);
  if (claim !== undefined) expect(hex(claim.message)).toBe(row.digestHex);
  expect(holds(claim)).toBe(row.accepted);
  for (const { name, json, accepted } of row.altered) {
    expect(holds(importClaim(read(readImportRequest, json), publicKey, now)), name).toBe(accepted);
  }
  if (me === undefined || !row.accepted || isNull(row)) return;
  const atNs = request.atS * 1_000_000_000n;
  expect(writeImportRequest(request.events, keyPairOf(me), atNs)).toBe(row.json);
}

/**
 * The reference's check counts, and everything is merged whatever it says. Ours decides: what it
 * lets through is signed by its own actor and carries its own id, and nothing makes it fall over.
 */
function checkAdvisory(row: AdvisoryCase): void {
  const event = eventOf(row.json);
  const me = signerOf(shared.importRequests?.[0]?.me ?? "");
  const lookup = (_: string, name: string) => (name === me?.name ? publicKeyOf(me) : undefined);
  const { claims, needed } = proofOf(event, lookup);
  const isProven = claims.filter(holds).length >= needed;
  expect(isProven).toBe(row.advisory === true && isSigned(event));
  const isForged =
    event.id !== eventId(event) || (isSigned(event) && event.emitter !== actorOf(event));
  if (isForged) expect(whyNotAccepted(event, event.tsNs)).toBeDefined();
}

function checkLegacyEvent(row: LegacyEventCase): void {
  const told = legacyOf(row.legacy);
  expect(encodeGo(legacyEvent, told)).toBe(row.legacy);
  expect(legacyText(told)).toBe(row.legacySignable);
  expect(legacyId(told)).toBe(row.legacyId);
  checkOldSignature(row, told);

  const event = unsignedEventOf(told);
  expect(encodeSyncEvent(event)).toBe(row.event);
  expect(event.id).toBe(row.eventId);
  expect(contentOf(event)).toBe(row.content);
  expect(refusalOf(event) === undefined).toBe(row.valid);
  expect(encodeGo(legacyEvent, toLegacy(event))).toBe(row.back);

  const response = { From: "x", Events: [told] };
  const taken = read(readLedgerResponse, encodeGo(ledgerResponse, response));
  expect(taken.events).toHaveLength(row.merged);
  expect(taken.events).toEqual(row.valid ? [withSignature(event, told)] : []);
}

/** Old signatures are over the text itself. They are no envelope's, so none of them proves ours. */
function checkOldSignature(row: LegacyEventCase, told: LegacyEvent): void {
  const signer = signerOf(row.legacySigner);
  const isSignersOwn =
    signer !== undefined && told.Signature === signText(seedOf(signer), legacyText(told));
  expect(isSignersOwn).toBe(row.legacyVerify);
  const event = fromLegacy(told);
  if (event.ok) {
    expect(holds(signatureClaim(event.value, publicKeyOf(signer)))).toBe(false);
  }
}

/** docs/differences.md, "answers to old ledger requests": we send signatures of actors along. */
function checkLegacyAnswer(row: LegacyAnswerCase): void {
  const ledger = (shared.legacyLedger ?? []).map(eventOf);
  const me = decodedAs(ledgerResponse, row.response).From;
  const request = readLedgerRequest(row.request);
  const asker = decodedAs(ledgerRequest, row.request).From;
  if (!isNameWeAccept(asker)) {
    // docs/differences.md, "old ledger requests of names that no topic can carry".
    expect(request).toEqual({ ok: false, refusal: "bad_name" });
    return;
  }
  if (!request.ok) throw new Error(request.refusal);
  expect(request.value.from).toBe(asker);

  const answer = answerLedgerRequest(request.value, ledger, me);
  const told = decodedAs(ledgerResponse, row.response).Events;
  const signed = told?.map((one) => ({ ...one, Signature: actorsSignature(ledger, one.ID) }));
  expect(answer).toBe(encodeGo(ledgerResponse, { From: me, Events: signed ?? null }));

  const fromReference = read(readLedgerResponse, row.response);
  expect(fromReference.events.map(encodeSyncEvent)).toEqual(row.storedThere);
  expect(fromReference.events).toHaveLength(row.mergedIntoEmpty);
  const known = new Set(ledger.map(({ id }) => id));
  const back = fromReference.events.filter(({ id }) => !known.has(id));
  expect(back).toHaveLength(row.mergedBackIntoSource);

  const fromUs = read(readLedgerResponse, answer);
  expect(fromUs.events).toEqual(
    fromReference.events.map((event) => ({
      ...event,
      sig: actorsSignature(ledger, event.id),
      emitter: actorsSignature(ledger, event.id) === "" ? "" : event.payload.actor,
    })),
  );
}

function actorsSignature(ledger: readonly SyncEvent[], id: string): string {
  const event = ledger.find((one) => one.id === id);
  return event?.svc === "social" && event.emitter === event.payload.actor ? event.sig : "";
}

const unsignedEventOf = (told: LegacyEvent) =>
  newSyncEvent("social", told.Timestamp, {
    type: told.Type,
    actor: told.Actor,
    target: told.Target,
    reason: told.Reason,
    witness: told.Witness,
  });

const withSignature = (event: SyncEvent, { Actor, Signature }: LegacyEvent): SyncEvent =>
  Signature === "" ? event : { ...event, emitter: Actor, sig: Signature };

const legacyOf = (text: string): LegacyEvent => decodedAs(legacyEvent, text);

function decodedAs<Value>(type: Parameters<typeof decodeGo<Value>>[0], text: string): Value {
  const decoded = decodeGo(type, text);
  if (!decoded.ok) throw new Error(decoded.refusal);
  return decoded.value;
}

/** The texts of the events of a zine whose events print as they were sent. */
function eventsIn(json: string): readonly string[] {
  return read(readZine, json).events.map(encodeSyncEvent);
}

const isNull = ({ json }: { readonly json: string }): boolean =>
  /^\{(?:"from":"(?:[^"\\]|\\.)*",)?(?:"created_at":-?\d+,)?"events":null/.test(json);

function read<Whole>(reader: (source: string) => Outcome<Whole>, json: string): Whole {
  const outcome = reader(json);
  if (!outcome.ok) throw new Error(outcome.refusal);
  return outcome.value;
}

function eventOf(text: string): SyncEvent {
  const decoded = decodeSyncEvent(text);
  if (!decoded.ok) throw new Error(decoded.refusal);
  return decoded.value;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const sha256 = (text: string): Buffer => createHash("sha256").update(text).digest();
