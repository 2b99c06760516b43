import { expect, test } from "vitest";
import { createNobleCrypto } from "../../adapters/crypto/noble-crypto.ts";
import { newSyncEvent, type SyncEvent } from "../events/sync-event.ts";
import { maxBatchEvents, maxSyncEvents } from "../limits.ts";
import { judgeZine, readZine, writeZine, type Zine, zineClaim, zineEvents } from "./zine.ts";

const nowNs = 1_790_000_000_500_000_000n;
const nowS = nowNs / 1_000_000_000n;
const crypto = createNobleCrypto();
const keyPair = crypto.keyPair(new Uint8Array(32).fill(1));
const alice = { name: "alice", keyPair };
const tease = (tsNs: bigint, target = "bob"): SyncEvent =>
  newSyncEvent("social", tsNs, { type: "tease", actor: "alice", target });

function read(text: string): Zine {
  const zine = readZine(text);
  if (!zine.ok) throw new Error(zine.refusal);
  return zine.value;
}

const holds = async (zine: Zine): Promise<boolean> => {
  const claim = zineClaim(zine, keyPair.publicKey);
  return claim !== undefined && (await crypto.verify([claim]))[0] === true;
};

test("a zine comes out as it went in, and its signature holds", async () => {
  const events = [tease(nowNs), tease(nowNs - 9n)];
  const zine = read(writeZine(events, alice, nowNs));
  expect(zine).toMatchObject({ from: "alice", createdAtS: nowS, events });
  expect(await holds(zine)).toBe(true);
  expect(await holds({ ...zine, from: "bob" })).toBe(false);
  expect(await holds({ ...zine, ids: zine.ids.toReversed() })).toBe(false);
  expect(zineClaim({ ...zine, signature: "" }, keyPair.publicKey)).toBeUndefined();
});

test("an answer that has nothing to tell is a signed empty zine", async () => {
  const text = writeZine([], alice, nowNs);
  expect(text).toContain('"events":[]');
  expect(await holds(read(text))).toBe(true);
});

test("it holds the last five minutes and nothing that others would call the future", () => {
  const kept = [tease(nowNs - 300_000_000_000n), tease(nowNs + 60_000_000_000n)];
  const left = [tease(nowNs - 300_000_000_001n), tease(nowNs + 60_000_000_001n)];
  expect(zineEvents([...left, ...kept], nowNs)).toEqual(kept);
});

test("of very many events it holds the last that came", () => {
  const events = Array.from({ length: maxSyncEvents + 3 }, (_, at) => tease(nowNs, `b${at}`));
  expect(zineEvents(events, nowNs)).toEqual(events.slice(3));
});

test("an event that cannot be read costs itself alone, and the signature still holds", async () => {
  const zine = read(writeZine([tease(nowNs), tease(nowNs - 1n)], alice, nowNs));
  const text = writeZine([tease(nowNs), tease(nowNs - 1n)], alice, nowNs);
  const damaged = read(text.replace('"svc":"social"', '"svc":"telepathy"'));
  expect(damaged.events).toEqual([zine.events[1]]);
  expect([...damaged.drops]).toEqual([["unknown_kind", 1]]);
  expect(await holds(damaged)).toBe(true);
  expect(read(text.replace('"social":{', '"gossip":{')).drops.get("invalid")).toBe(1);
});

test("more than a hundred thousand events at once are refused, as is what is no zine", () => {
  const most = `{"events":[${Array(maxBatchEvents).fill("{}").join(",")}]}`;
  expect(read(most).drops).toEqual(new Map([["unknown_kind", maxBatchEvents]]));
  const more = `{"events":[${Array(100_001).fill("{}").join(",")}]}`;
  expect(readZine(more)).toEqual({ ok: false, refusal: "too_many_entries" });
  expect(readZine(`{"from":"${"x".repeat(17 * 1024 * 1024)}"}`)).toMatchObject({ ok: false });
  expect(readZine("[]").ok).toBe(false);
});

test("it must be its bringer's own and of now", () => {
  const judge = (from: string, ageS: bigint) =>
    judgeZine({ from, createdAtS: nowS - ageS }, "alice", nowNs);
  expect(judge("alice", 0n).ok).toBe(true);
  expect(judge("alice", 299n).ok).toBe(true);
  expect(judge("mallory", 0n)).toEqual({ ok: false, refusal: "not_its_author" });
  expect(judge("alice", 301n)).toEqual({ ok: false, refusal: "stale" });
  expect(judge("alice", -60n).ok).toBe(true);
  expect(judge("alice", -61n)).toEqual({ ok: false, refusal: "future" });
});
