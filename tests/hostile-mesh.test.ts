/** Whatever a peer sends over HTTP, however spoilt, is answered, and costs nobody anything. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { utf8 } from "../src/nara/codec/utf8.ts";
import { encodeSyncEvent, newSyncEvent, signSyncEvent } from "../src/nara/events/sync-event.ts";
import { signRequest } from "../src/nara/mesh/auth.ts";
import { accept } from "../src/nara/outcome.ts";
import { writeImportRequest } from "../src/nara/sync/import-request.ts";
import { writeZine } from "../src/nara/sync/zine.ts";
import { createMeshNara, personNamed } from "../src/nara/testing/mesh-nara.ts";
import { createVirtualClock } from "../src/nara/testing/virtual-clock.ts";
import { byteEdits, editBytes, hostileValues } from "./support/mutations.ts";

const alice = personNamed("alice");
const bob = personNamed("bob");
const clock = createVirtualClock();

const tease = signSyncEvent(
  newSyncEvent("social", clock.nowNs(), {
    type: "tease",
    actor: "alice",
    target: "bob",
    reason: "high-restarts",
  }),
  "alice",
  alice.keyPair,
);

const bodies: Readonly<Record<string, string>> = {
  "/events/sync":
    '{"from":"alice","services":["social"],"subjects":null,"mode":"page","cursor":"5"}',
  "/gossip/zine": writeZine([tease], alice, clock.nowNs()),
  "/dm": encodeSyncEvent(tease),
  "/world/relay": '{"id":"AAAA","message":"hi","originator":"alice","hops":[{"nara":"alice"}]}',
  "/mesh/message": `{"id":"x","kind":"k","version":1,"from_id":"${alice.id}","payload":{}}`,
  "/api/events/import": writeImportRequest([tease], bob.keyPair, clock.nowNs()),
};
const paths = Object.keys(bodies);

const naraBob = () =>
  createMeshNara({
    me: bob,
    keyPair: bob.keyPair,
    clock,
    known: [alice],
    more: { hear: async () => {}, carry: async () => accept(undefined) },
  });

/** Refused or taken; 500 would be a fault of ours. */
const sane = new Set([200, 307, 400, 401, 403, 404, 405, 413]);

async function post(path: string, body: Uint8Array) {
  const nara = naraBob();
  const headers = new Map(signRequest(alice, clock.nowNs(), { method: "POST", path }));
  const answer = await nara.ask({ method: "POST", target: path, headers, body });
  return { nara, answer };
}

test("a body with bytes flipped, cut, doubled or put in is answered, and nothing unproven is kept", async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), byteEdits, async (path, edits) => {
      const { nara, answer } = await post(path, editBytes(utf8(bodies[path] ?? ""), edits));
      expect(sane, `${path} ${answer.status}`).toContain(answer.status);
      for (const { id } of nara.ledger.events()) expect(id).toBe(tease.id);
    }),
    { numRuns: 400 },
  );
});

test("a body with a value that no nara sends is answered, wherever it stands", async () => {
  for (const path of paths) {
    for (const value of hostileValues) {
      const whole = await post(path, utf8(value));
      expect(sane, `${path} ${value.slice(0, 40)}`).toContain(whole.answer.status);
      const inside = (bodies[path] ?? "").replace(/:("[^"]*"|\d+|null|\[\])/, () => `:${value}`);
      const { answer } = await post(path, utf8(inside));
      expect(sane, `${path} ${value.slice(0, 40)} inside`).toContain(answer.status);
    }
  }
});

test("a target of any characters is answered, and a head of any values", async () => {
  const nara = naraBob();
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc.constantFrom("/", "/peer/query?target=", "/api/checkpoints/all?limit=", "/dm", "/%"),
      fc.constantFrom("x-nara-name", "x-nara-timestamp", "x-nara-signature"),
      async (text, head, header) => {
        const path = "/dm";
        const headers = new Map(signRequest(alice, clock.nowNs(), { method: "GET", path }));
        headers.set(header, text);
        const request = { method: "GET", headers, body: new Uint8Array() };
        const answers = [
          await nara.ask({ ...request, target: head + text }),
          await nara.ask({ ...request, target: path }),
        ];
        for (const { status } of answers) expect(sane, head + text).toContain(status);
      },
    ),
    { numRuns: 300 },
  );
  expect(nara.ledger.count()).toBe(0);
});
