/** Bodies of many megabytes and lists without end: bounded, counted, and nobody waits for them. */
import { expect, test } from "vitest";
import { encodeBase64 } from "../src/nara/codec/base64.ts";
import { utf8 } from "../src/nara/codec/utf8.ts";
import { encodeSyncEvent, newSyncEvent, signSyncEvent } from "../src/nara/events/sync-event.ts";
import { maxBatchEvents } from "../src/nara/limits.ts";
import { signRequest } from "../src/nara/mesh/auth.ts";
import type { MeshResponse } from "../src/nara/mesh/http.ts";
import type { DropReason } from "../src/nara/runtime/drops.ts";
import { writeImportRequest } from "../src/nara/sync/import-request.ts";
import { listDigest } from "../src/nara/sync/signed-list.ts";
import { writeZine } from "../src/nara/sync/zine.ts";
import { createMeshNara, type MeshNara, personNamed } from "../src/nara/testing/mesh-nara.ts";
import { createVirtualClock, type VirtualClock } from "../src/nara/testing/virtual-clock.ts";

const alice = personNamed("alice");
const bob = personNamed("bob");
const mallory = personNamed("mallory");

type Person = typeof alice;

const said = (by: Person, tsNs: bigint) =>
  signSyncEvent(
    newSyncEvent("social", tsNs, {
      type: "tease",
      actor: by.name,
      target: "bob",
      reason: "random",
    }),
    by.name,
    by.keyPair,
  );

interface Stage {
  readonly clock: VirtualClock;
  readonly nara: MeshNara;
  /** Sends it, and lets everybody have their turn until it is answered. */
  post(path: string, body: Uint8Array, by?: Person): Promise<MeshResponse>;
  /** Times that the nara would have let others have their turn. */
  breaths(): number;
  counted(reason: DropReason): number;
}

function stage(): Stage {
  const clock = createVirtualClock();
  let breaths = 0;
  const watched = {
    ...clock,
    breathe: () => {
      breaths++;
      return clock.breathe();
    },
  };
  const nara = createMeshNara({
    me: bob,
    keyPair: bob.keyPair,
    clock: watched,
    known: [alice, mallory],
  });
  let asked = 0;
  return {
    clock,
    nara,
    async post(path, body, by) {
      await clock.pass({ ms: 1 });
      asked++;
      const headers =
        by === undefined ? [] : signRequest(by, clock.nowNs(), { method: "POST", path });
      let answer: MeshResponse | undefined;
      const request = { method: "POST", target: path, headers: new Map(headers), body };
      void nara.ask(request).then((given) => {
        answer = given;
      });
      for (let round = 0; answer === undefined && round < 1000; round++) {
        await new Promise((resolve) => setImmediate(resolve));
        await clock.pass({ ms: 0 });
      }
      if (answer === undefined) throw new Error(`request ${asked} was never answered`);
      return answer;
    },
    breaths: () => breaths,
    counted: (reason) => nara.drops.filter((one) => one === reason).length,
  };
}

/** A zine of these texts, signed for all their ids. */
function zineOf(by: Person, atNs: bigint, ids: readonly string[], events: string): Uint8Array {
  const atS = atNs / 1_000_000_000n;
  const signature = encodeBase64(by.keyPair.sign(listDigest(`${by.name}:${atS}:`, ids)));
  return utf8(
    `{"from":"${by.name}","created_at":${atS},"events":[${events}],"signature":"${signature}"}`,
  );
}

test("a hundred thousand events in one signed zine: the first are judged, the rest counted, and others are heard", async () => {
  const { clock, nara, post, breaths, counted } = stage();
  const one = said(mallory, clock.nowNs());
  const forged = Array<string>(100_000).fill(`{"id":"${"0".repeat(32)}"}`);
  const ids = Array<string>(99_999).fill("0".repeat(32));
  const body = zineOf(
    mallory,
    clock.nowNs(),
    [one.id, ...ids],
    [encodeSyncEvent(one), ...forged.slice(1)].join(","),
  );
  expect((await post("/gossip/zine", body, mallory)).status).toBe(200);
  expect(nara.ledger.count()).toBe(1);
  expect(counted("too_many_entries")).toBe(100_000 - maxBatchEvents);
  expect(counted("unknown_kind")).toBe(maxBatchEvents - 1);
  expect(breaths()).toBeGreaterThanOrEqual(40);
  const honest = writeZine([said(alice, clock.nowNs())], alice, clock.nowNs());
  expect((await post("/gossip/zine", utf8(honest), alice)).status).toBe(200);
  expect(nara.ledger.count()).toBe(2);
});

test("ten megabytes of one zine are read in turns with all else", async () => {
  const { clock, nara, post, breaths } = stage();
  const event = encodeSyncEvent(said(mallory, clock.nowNs()));
  const padded = Array<string>(4000).fill(`${event}${" ".repeat(2300)}`);
  const ids = Array<string>(4000).fill(said(mallory, clock.nowNs()).id);
  const body = zineOf(mallory, clock.nowNs(), ids, padded.join(","));
  expect(body.length).toBeGreaterThan(10_000_000);
  expect((await post("/gossip/zine", body, mallory)).status).toBe(200);
  expect(nara.ledger.count()).toBe(1);
  expect(breaths()).toBeGreaterThanOrEqual(30);
});

test("who sends too much in a minute is not read; others are", async () => {
  const { clock, nara, post, counted } = stage();
  const rubbish = new Uint8Array(10_000_000).fill(0x20);
  const statuses: number[] = [];
  for (let each = 0; each < 6; each++) {
    statuses.push((await post("/gossip/zine", rubbish, mallory)).status);
  }
  expect(statuses).toEqual([400, 400, 400, 400, 429, 429]);
  expect(counted("rate_limited")).toBe(2);
  const honest = writeZine([said(alice, clock.nowNs())], alice, clock.nowNs());
  expect((await post("/gossip/zine", utf8(honest), alice)).status).toBe(200);
  expect(nara.ledger.count()).toBe(1);
  await clock.pass({ minutes: 2 });
  expect((await post("/gossip/zine", rubbish, mallory)).status).toBe(400);
});

test("imports of nobody's are read so far and no further, while the owner's are not counted", async () => {
  const { clock, nara, post, counted } = stage();
  const events = Array.from({ length: 2000 }, (_, at) => said(alice, clock.nowNs() - BigInt(at)));
  for (let batch = 0; batch < 3; batch++) {
    const mine = events.slice(batch * 100, batch * 100 + 100);
    const body = utf8(
      writeImportRequest(mine, bob.keyPair, clock.nowNs()) + " ".repeat(12_000_000),
    );
    expect((await post("/api/events/import", body)).status).toBe(200);
  }
  expect(nara.ledger.count()).toBe(300);
  const forged = utf8(
    writeImportRequest(events, mallory.keyPair, clock.nowNs()) + " ".repeat(12_000_000),
  );
  const statuses: number[] = [];
  for (let each = 0; each < 4; each++) {
    statuses.push((await post("/api/events/import", forged)).status);
  }
  expect(statuses).toEqual([403, 403, 403, 403]);
  expect([counted("invalid_signature"), counted("rate_limited")]).toEqual([3, 1]);
  expect(nara.ledger.count()).toBe(300);
  await clock.pass({ minutes: 2 });
  const mine = utf8(writeImportRequest(events.slice(300, 400), bob.keyPair, clock.nowNs()));
  expect((await post("/api/events/import", mine)).status).toBe(200);
});

test("sixteen megabytes of broken bytes are no request", async () => {
  const { nara, post } = stage();
  const broken = new Uint8Array(16 * 1024 * 1024).fill(0xc3);
  expect((await post("/api/events/import", broken)).status).toBe(400);
  expect(nara.ledger.count()).toBe(0);
});
