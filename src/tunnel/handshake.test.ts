import fc from "fast-check";
import { expect, test } from "vitest";
import { createNobleCrypto } from "../adapters/crypto/noble-crypto.ts";
import type { Outcome } from "../nara/outcome.ts";
import {
  type Answer,
  answerTo,
  type Challenge,
  challengeText,
  readAnswer,
  readWelcome,
  welcomeText,
} from "./handshake.ts";

const crypto = createNobleCrypto();
const alice = { name: "alice", id: "A1ice", keyPair: crypto.keyPair(new Uint8Array(32).fill(1)) };
const nowMs = 1_700_000_000_000;
const challenge: Challenge = {
  nonce: new Uint8Array(32).fill(7),
  host: "relay.example:8080",
  timeMs: nowMs,
};
const given = <Value>(outcome: Outcome<Value>): Value => {
  if (!outcome.ok) throw new Error(outcome.refusal);
  return outcome.value;
};
const answer = (parts: Partial<Challenge> = {}): string =>
  given(answerTo(challengeText({ ...challenge, ...parts }), alice, challenge.host, nowMs));
const isProven = async (read: Outcome<Answer>): Promise<boolean> =>
  read.ok && (await crypto.verify([read.value.claim]))[0] === true;

test("a nara proves its key by answering a challenge", async () => {
  const read = readAnswer(answer(), challenge, nowMs + 100);
  expect(read).toMatchObject({ value: { name: "alice", id: "A1ice" } });
  expect(await isProven(read)).toBe(true);
});

test("an answer is worth nothing for another challenge, host or time", async () => {
  const others: readonly Partial<Challenge>[] = [
    { nonce: new Uint8Array(32).fill(8) },
    { host: "other.example" },
    { timeMs: nowMs + 1 },
  ];
  for (const other of others) {
    expect(await isProven(readAnswer(answer(), { ...challenge, ...other }, nowMs))).toBe(false);
  }
  expect(readAnswer(answer(), challenge, nowMs + 30_000).ok).toBe(true);
  expect(readAnswer(answer(), challenge, nowMs + 30_001)).toMatchObject({
    refusal: "an answer too late",
  });
});

test("an answer with another name, id or key is not proven", async () => {
  const bob = crypto.keyPair(new Uint8Array(32).fill(2));
  const key = Buffer.from(bob.publicKey).toString("base64");
  for (const change of [{ name: "bob" }, { id: "Bob" }, { key }]) {
    const changed = JSON.stringify({ ...JSON.parse(answer()), ...change });
    expect(await isProven(readAnswer(changed, challenge, nowMs))).toBe(false);
  }
});

test("a nara answers only the host that it called, in its own time and version", () => {
  const refusalOf = (text: string, dialled = challenge.host): unknown =>
    answerTo(text, alice, dialled, nowMs);
  expect(refusalOf(challengeText(challenge), "evil.example")).toMatchObject({
    refusal: "the relay's challenge is meant for another host",
  });
  expect(refusalOf(challengeText({ ...challenge, timeMs: nowMs - 31_000 }))).toMatchObject({
    refusal: "this clock is 31 s ahead of the relay's",
  });
  expect(refusalOf(challengeText({ ...challenge, timeMs: nowMs + 90_000 }))).toMatchObject({
    refusal: "this clock is 90 s behind the relay's",
  });
  const next = JSON.stringify({ ...JSON.parse(challengeText(challenge)), versions: [2] });
  expect(refusalOf(next)).toMatchObject({ refusal: "the relay speaks another version" });
  const short = challengeText({ ...challenge, nonce: new Uint8Array(8) });
  expect(refusalOf(short)).toMatchObject({ ok: false });
});

test("whatever is said in a handshake is read or refused, never an error", () => {
  const texts = fc.oneof(
    fc.string(),
    fc.json(),
    fc.json().map((text) => `{"version":1,"name":${text},"id":${text},"key":${text}}`),
  );
  fc.assert(
    fc.property(texts, (text) => {
      expect(readAnswer(text, challenge, nowMs).ok).toBe(false);
      expect(answerTo(text, alice, challenge.host, nowMs).ok).toBe(false);
      expect(readWelcome(text).ok).toBe(false);
    }),
  );
  expect(readAnswer(`{"version":1${" ".repeat(5_000)}}`, challenge, nowMs).ok).toBe(false);
  expect(readWelcome(welcomeText({ address: "127.0.0.1:7500" }))).toEqual({
    ok: true,
    value: { address: "127.0.0.1:7500" },
  });
});
