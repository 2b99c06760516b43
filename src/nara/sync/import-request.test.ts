import { expect, test } from "vitest";
import { createNobleCrypto } from "../../adapters/crypto/noble-crypto.ts";
import { newSyncEvent } from "../events/sync-event.ts";
import {
  importBatchSize,
  importClaim,
  readImportRequest,
  writeImportRequest,
  writeImportRequests,
} from "./import-request.ts";

const nowNs = 1_790_000_000_000_000_000n;
const crypto = createNobleCrypto();
const keyPair = crypto.keyPair(new Uint8Array(32).fill(3));
const tease = (at: number) =>
  newSyncEvent("social", BigInt(at + 1), { type: "tease", actor: "a", target: "b" });

function read(text: string) {
  const request = readImportRequest(text);
  if (!request.ok) throw new Error(request.refusal);
  return request.value;
}

test("many memories go in requests of 2000, each signed by the own soul", async () => {
  const events = Array.from({ length: 2 * importBatchSize + 1 }, (_, at) => tease(at));
  const requests = [...writeImportRequests(events, keyPair, () => nowNs)].map(read);
  expect(requests.map((request) => request.events.length)).toEqual([2000, 2000, 1]);
  expect(requests.flatMap((request) => request.events)).toEqual(events);
  const claims = requests.flatMap(
    (request) => importClaim(request, keyPair.publicKey, nowNs) ?? [],
  );
  expect(await crypto.verify(claims)).toEqual([true, true, true]);
  expect([...writeImportRequests([], keyPair, () => nowNs)]).toEqual([]);
});

test("a request is good for five minutes, either way", () => {
  const request = read(writeImportRequest([tease(0)], keyPair, nowNs));
  const isGood = (ageNs: bigint) =>
    importClaim(request, keyPair.publicKey, nowNs + ageNs) !== undefined;
  expect([300_000_000_000n, -300_000_000_000n].map(isGood)).toEqual([true, true]);
  expect([300_000_000_001n, -300_000_000_001n].map(isGood)).toEqual([false, false]);
});
