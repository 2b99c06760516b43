import { expect, test } from "vitest";
import { createNobleCrypto } from "../../adapters/crypto/noble-crypto.ts";
import { utf8Length } from "../codec/utf8.ts";
import { newSyncEvent, type SyncEvent, signSyncEvent } from "../events/sync-event.ts";
import { signatureClaim } from "../events/verification.ts";
import { createLedger } from "../ledger/ledger.ts";
import { maxFrameBytes } from "../limits.ts";
import {
  answerLedgerRequest,
  fromLegacy,
  legacyId,
  readLedgerRequest,
  readLedgerResponse,
  toLegacy,
  writeLedgerRequest,
} from "./legacy-ledger.ts";

const crypto = createNobleCrypto();
const keyPair = crypto.keyPair(new Uint8Array(32).fill(4));
const tease = (tsNs: bigint, target = "bob") =>
  newSyncEvent("social", tsNs, { type: "tease", actor: "alice", target, reason: "random" });
const signed = (event: ReturnType<typeof tease>) => signSyncEvent(event, "alice", keyPair);
const about = (...subjects: readonly string[]) => ({ from: "carol", subjects });

function told(text: string): readonly SyncEvent[] {
  const response = readLedgerResponse(text);
  if (!response.ok) throw new Error(response.refusal);
  return response.value.events;
}

test("a request comes out as it went in; without subjects it matches nothing", () => {
  const request = about("alice", "bob");
  expect(readLedgerRequest(writeLedgerRequest(request))).toEqual({ ok: true, value: request });
  expect(readLedgerRequest('{"From":"carol","Subjects":null}')).toMatchObject({
    value: { subjects: [] },
  });
  expect(told(answerLedgerRequest(about(), [tease(1n)], "me"))).toEqual([]);
});

test("whose name no topic can carry is not answered", () => {
  for (const from of ["", "a/b", "#", "+", "a b"]) {
    expect(readLedgerRequest(writeLedgerRequest({ from, subjects: [] }))).toEqual({
      ok: false,
      refusal: "bad_name",
    });
  }
});

test("the actor's signature travels along and still proves the event", async () => {
  const event = signed(tease(5n));
  const [heard] = told(answerLedgerRequest(about("bob"), [event], "me"));
  expect(heard).toEqual(event);
  const claim = heard && signatureClaim(heard, keyPair.publicKey);
  expect(await crypto.verify(claim ? [claim] : [])).toEqual([true]);
});

test("a signature by somebody else than the actor does not travel", () => {
  const event = signSyncEvent(tease(5n), "mallory", keyPair);
  expect(toLegacy(event).Signature).toBe("");
});

test("an unsigned copy never stands in the way of the signed original", () => {
  const original = signed(tease(5n));
  const [copy] = told(answerLedgerRequest(about("bob"), [tease(5n)], "me"));
  expect(copy).toEqual(tease(5n));
  const ledger = createLedger({ capacity: 9 });
  if (copy !== undefined) ledger.add(copy, { tier: "vouched", voucher: "me" });
  expect(ledger.add(original).ok).toBe(true);
  expect(ledger.get(original.id)).toEqual(original);
});

test("an id must be the event's own, or the one that such events once had", () => {
  const sent = toLegacy(tease(5n));
  expect(fromLegacy({ ...sent, ID: legacyId(sent) }).ok).toBe(true);
  for (const ID of ["", "00", tease(6n).id]) {
    expect(fromLegacy({ ...sent, ID })).toEqual({ ok: false, refusal: "id_mismatch" });
  }
  expect(fromLegacy({ ...sent, Type: "roast" })).toEqual({ ok: false, refusal: "invalid" });
});

test("what cannot be taken is counted and costs nothing else", () => {
  const [one, two, three] = [toLegacy(tease(1n)), toLegacy(tease(2n)), toLegacy(tease(3n))];
  const sent = { From: "x", Events: [{ ...one, ID: "?" }, { ...two, Actor: "" }, three] };
  const response = readLedgerResponse(
    JSON.stringify(sent, (_, value) => (typeof value === "bigint" ? Number(value) : value)),
  );
  expect(response).toMatchObject({ ok: true, value: { from: "x", events: [tease(3n)] } });
  expect(response.ok && [...response.value.drops]).toEqual([
    ["id_mismatch", 1],
    ["invalid", 1],
  ]);
});

test("an answer fits into one message: of too many events the last ones", () => {
  const events = Array.from({ length: 2000 }, (_, at) => tease(BigInt(at + 1), "日本語"));
  const answer = answerLedgerRequest(about("日本語"), events, "me");
  expect(utf8Length(answer)).toBeLessThanOrEqual(maxFrameBytes);
  expect(utf8Length(answer)).toBeGreaterThan(maxFrameBytes - 300);
  const heard = told(answer);
  expect(heard).toEqual(events.slice(-heard.length));
});
