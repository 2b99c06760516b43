import { expect, test } from "vitest";
import { createNobleCrypto } from "../../adapters/crypto/noble-crypto.ts";
import { newSyncEvent } from "../events/sync-event.ts";
import { createSeededRandom } from "../testing/seeded-random.ts";
import { answerSync } from "./sync-answer.ts";
import {
  cursorAfter,
  readSyncResponse,
  type SyncResponse,
  syncResponseClaim,
} from "./sync-response.ts";

const nowNs = 1_790_000_000_000_000_000n;
const keyPair = createNobleCrypto().keyPair(new Uint8Array(32).fill(2));
const events = [1n, 2n, 3n, 4n, 5n].map((ago) =>
  newSyncEvent("ping", nowNs - ago, { observer: "a", target: "b", rtt: 1 }),
);

const ask = (body: string, method = "POST") =>
  answerSync({ method, body }, events, {
    name: "alice",
    keyPair,
    nowNs,
    random: createSeededRandom("a"),
  });

function answered(body: string): SyncResponse {
  const response = readSyncResponse(ask(body).body);
  if (!response.ok) throw new Error(response.refusal);
  return response.value;
}

test("each mode gives its own choice", () => {
  const choice = (mode: string) => answered(`{"from":"bob",${mode}}`).events.length;
  expect(choice('"mode":"sample","sample_size":3')).toBe(3);
  expect(choice('"mode":"page","page_size":2')).toBe(2);
  expect(choice('"mode":"recent","limit":4')).toBe(4);
  expect(choice('"slice_total":5')).toBe(1);
});

test("what cannot be answered is said as the reference says it", () => {
  expect(ask("{}", "GET")).toMatchObject({ status: 405, body: "Method not allowed\n" });
  expect(ask("nonsense")).toMatchObject({ status: 400, body: "Invalid JSON\n" });
  expect(ask("{}")).toMatchObject({ status: 400, body: "from is required\n" });
});

test("a request larger than any nara's is no request", () => {
  const subjects = `"subjects":[${Array(5001).fill('"x"').join(",")}]`;
  expect(ask(`{"from":"bob",${subjects}}`).status).toBe(400);
});

test("an answer without a signature leaves nothing to verify", () => {
  const response = answered('{"from":"bob"}');
  expect(syncResponseClaim(response, keyPair.publicKey)).toBeDefined();
  expect(syncResponseClaim({ ...response, signature: "" }, keyPair.publicKey)).toBeUndefined();
  expect(syncResponseClaim(response, new Uint8Array())).toBeUndefined();
});

test("the walk goes on from the last event told, whatever the unsigned cursor says", () => {
  const page = answered('{"from":"bob","mode":"page","page_size":2}');
  const lastNs = nowNs - 4n;
  expect(page.nextCursor).toBe(String(lastNs));
  expect(cursorAfter(page, 0n)).toBe(lastNs);
  expect(cursorAfter({ ...page, nextCursor: "1" }, 0n)).toBe(lastNs);
  expect(cursorAfter({ ...page, nextCursor: "" }, 0n)).toBeUndefined();
});

test("a page that leads nowhere ends the walk", () => {
  const page = answered('{"from":"bob","mode":"page","page_size":2}');
  expect(cursorAfter(page, nowNs)).toBeUndefined();
  expect(cursorAfter({ ...page, events: [] }, 0n)).toBeUndefined();
});
