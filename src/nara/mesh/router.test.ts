import { beforeEach, expect, test } from "vitest";
import { createNobleCrypto } from "../../adapters/crypto/noble-crypto.ts";
import { utf8 } from "../codec/utf8.ts";
import {
  encodeSyncEvent,
  newSyncEvent,
  type SyncEvent,
  signSyncEvent,
} from "../events/sync-event.ts";
import { maxBatchBytes, maxFrameBytes } from "../limits.ts";
import { writeZine } from "../sync/zine.ts";
import {
  createMeshNara,
  type MeshNara,
  type MeshNaraSettings,
  personNamed,
  textOf,
} from "../testing/mesh-nara.ts";
import { createVirtualClock, type VirtualClock } from "../testing/virtual-clock.ts";
import { signRequest, verifyResponse } from "./auth.ts";
import type { MeshResponse } from "./http.ts";

const alice = personNamed("alice");
const bob = personNamed("bob");
const carol = personNamed("carol");
const noble = createNobleCrypto();

let clock: VirtualClock;
let nara: MeshNara;

const naraBob = (more: Partial<MeshNaraSettings> = {}): MeshNara =>
  createMeshNara({ me: bob, keyPair: bob.keyPair, clock, known: [alice, carol], ...more });

beforeEach(() => {
  clock = createVirtualClock();
  nara = naraBob();
});

type Person = ReturnType<typeof personNamed>;

/** One request by `person`, signed now. */
const signed = (person: Person, path: string, body: string | Uint8Array, method = "POST") => ({
  method,
  target: path,
  headers: new Map(signRequest(person, clock.nowNs(), { method, path })),
  body: typeof body === "string" ? utf8(body) : body,
});

const unsigned = (target: string, method = "GET", body = "") => ({
  method,
  target,
  headers: new Map<string, string>(),
  body: utf8(body),
});

const isSignedByBob = async (answer: MeshResponse): Promise<boolean> =>
  (await verifyResponse(answer, { keyOf: () => bob.publicKey, crypto: noble })).ok;

const teaseBy = (person: Person, tsNs = clock.nowNs()): SyncEvent =>
  signSyncEvent(
    newSyncEvent("social", tsNs, {
      type: "tease",
      actor: person.name,
      target: "carol",
      reason: "high-restarts",
    }),
    person.name,
    person.keyPair,
  );

const zineOf = (person: Person, events: readonly SyncEvent[], nowNs = clock.nowNs()): string =>
  writeZine(events, person, nowNs);

test("a request that changes something is taken once; one like it with another body is another", async () => {
  const first = signed(alice, "/dm", encodeSyncEvent(teaseBy(alice)));
  expect((await nara.ask(first)).status).toBe(200);
  const again = await nara.ask(first);
  expect([again.status, textOf(again)]).toEqual([
    401,
    "Authentication failed: request was used before\n",
  ]);
  expect(nara.drops).toEqual(["duplicate"]);

  const other = { ...first, body: utf8(encodeSyncEvent(teaseBy(alice, clock.nowNs() - 1n))) };
  expect((await nara.ask(other)).status).toBe(200);
  expect(nara.ledger.count()).toBe(2);
});

test("a replay is known however it spells the signature and the time", async () => {
  const first = signed(alice, "/dm", encodeSyncEvent(teaseBy(alice)));
  await nara.ask(first);
  const time = first.headers.get("x-nara-timestamp");
  const spelt = new Map([...first.headers, ["x-nara-timestamp", `+00${time}`]]);
  expect((await nara.ask({ ...first, headers: spelt })).status).toBe(401);
});

test("who asks for events twice within a millisecond is answered twice", async () => {
  const request = signed(alice, "/events/sync", '{"from":"alice","mode":"sample"}');
  expect((await nara.ask(request)).status).toBe(200);
  expect((await nara.ask(request)).status).toBe(200);
});

test("who asks, brings news or says something is who proved to be there", async () => {
  const answers = [
    await nara.ask(signed(alice, "/events/sync", '{"from":"carol"}')),
    await nara.ask(signed(alice, "/gossip/zine", zineOf(carol, [teaseBy(carol)]))),
    await nara.ask(signed(alice, "/dm", encodeSyncEvent(teaseBy(carol)))),
  ];
  for (const answer of answers) {
    expect([answer.status, textOf(answer)]).toEqual([403, "from is not the sender\n"]);
    expect(await isSignedByBob(answer)).toBe(true);
  }
  expect(nara.drops).toEqual(["not_its_author", "not_its_author", "not_its_author"]);
  expect(nara.ledger.count()).toBe(0);
  expect(nara.heardFrom).toEqual([]);
});

test("a zine of six minutes ago is no news", async () => {
  const old = zineOf(alice, [teaseBy(alice)], clock.nowNs() - 360_000_000_000n);
  const answer = await nara.ask(signed(alice, "/gossip/zine", old));
  expect([answer.status, textOf(answer)]).toEqual([403, "Zine is not of now\n"]);
  expect(nara.ledger.count()).toBe(0);
});

test("unsigned observations in a zine are its bringer's hearsay, and end with me", async () => {
  const rumour = newSyncEvent("observation", clock.nowNs(), {
    observer: "alice",
    subject: "carol",
    type: "status-change",
    importance: 2n,
    online_state: "MISSING",
  });
  const tease = teaseBy(alice);
  const answer = await nara.ask(signed(alice, "/gossip/zine", zineOf(alice, [rumour, tease])));
  expect(nara.ledger.standingOf(rumour.id)).toEqual({ tier: "vouched", vouchers: ["alice"] });
  expect(nara.ledger.standingOf(tease.id)?.tier).toBe("proven");
  expect(textOf(answer)).toContain(tease.id);
  expect(textOf(answer)).not.toContain(rumour.id);
  const told = await nara.ask(signed(carol, "/events/sync", '{"from":"carol","mode":"sample"}'));
  expect(textOf(told)).toContain(tease.id);
  expect(textOf(told)).not.toContain(rumour.id);
  expect(nara.heardFrom).toEqual([`alice ${clock.nowNs() / 1_000_000_000n}`]);
});

test("a last zine, with its maker's chau in it, is no sign of life", async () => {
  const chau = signSyncEvent(
    newSyncEvent("chau", clock.nowNs(), {
      From: "alice",
      PublicKey: alice.publicKey,
      ID: alice.id,
      Signature: "",
    }),
    "alice",
    alice.keyPair,
  );
  const answer = await nara.ask(signed(alice, "/gossip/zine", zineOf(alice, [chau])));
  expect(answer.status).toBe(200);
  expect(nara.ledger.has(chau.id)).toBe(true);
  expect(nara.heardFrom).toEqual([]);
});

test("a runtime message is heard from its author alone; the answer does not tell", async () => {
  const heard: string[] = [];
  nara = naraBob({
    more: {
      hear: async (text) => {
        heard.push(text);
      },
    },
  });
  const mine = `{"id":"x","kind":"stash:request","version":1,"from_id":"${alice.id}"}`;
  const hers = mine.replace(alice.id, carol.id);
  for (const body of [mine, hers]) {
    const answer = await nara.ask(signed(alice, "/mesh/message", body));
    expect([answer.status, textOf(answer)]).toEqual([200, ""]);
  }
  expect(heard).toEqual([mine]);
  expect(nara.drops).toEqual(["not_its_author"]);
});

test("a body beyond its bounds is refused, signed, and not read", async () => {
  for (const [path, bound] of [
    ["/dm", maxFrameBytes],
    ["/events/sync", maxFrameBytes],
    ["/mesh/message", maxFrameBytes],
    ["/gossip/zine", maxBatchBytes],
  ] as const) {
    const answer = await nara.ask(signed(alice, path, new Uint8Array(bound + 1)));
    expect([path, answer.status, textOf(answer)]).toEqual([path, 413, "Request body too large\n"]);
    expect(await isSignedByBob(answer)).toBe(true);
  }
  const restored = {
    ...unsigned("/api/events/import", "POST"),
    body: new Uint8Array(maxBatchBytes + 1),
  };
  expect((await nara.ask(restored)).status).toBe(413);
});

test("whose key is missing is told so at once, and somebody may find it out", async () => {
  const unknown: string[] = [];
  nara = naraBob({ known: [], more: { onUnknown: (name) => void unknown.push(name) } });
  const answer = await nara.ask(signed(alice, "/dm", "{}"));
  expect(textOf(answer)).toBe("Authentication failed: unknown sender: alice\n");
  expect(unknown).toEqual(["alice"]);
  expect(nara.drops).toEqual(["unknown_sender"]);
});

test("a path is matched decoded, part by part; what is not clean is sent elsewhere, query and all", async () => {
  const asked = async (target: string, method = "POST") => {
    const { status, headers } = await nara.ask(unsigned(target, method));
    return [status, headers.get("location") ?? ""];
  };
  expect(await asked("/%70ing")).toEqual([200, ""]);
  expect(await asked("/ping?x=1")).toEqual([200, ""]);
  expect(await asked("/ping/")).toEqual([404, ""]);
  expect(await asked("/events%2Fsync")).toEqual([404, ""]);
  expect(await asked("/dm/../ping?x=1")).toEqual([307, "/ping?x=1"]);
  expect(await asked("/./ping")).toEqual([307, "/ping"]);
  expect(await asked("//")).toEqual([307, "/"]);
  expect(await asked("/%zz")).toEqual([400, ""]);
  expect(await asked("ping")).toEqual([400, ""]);
});

test("a browser that is sent elsewhere gets a page without a script in it", async () => {
  const answer = await nara.ask(unsigned('//ping?"><script>alert(1)</script>'));
  expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(textOf(answer)).not.toContain("<script>");
  expect(textOf(answer)).toMatch(/^<a href="\/ping\?[^"]*">Temporary Redirect<\/a>\.\n\n$/);
});

test("a key that nobody proved is not handed on, and nobody is sent to me", async () => {
  const neighbours = [
    { name: "rumoured", meshIp: "100.64.0.9", isOnline: false },
    { name: "bob", meshIp: "100.64.0.2", isOnline: true },
    { name: "carol", meshIp: "100.64.0.3", isOnline: true },
  ];
  nara = naraBob({ neighbours });
  const answer = await nara.ask(unsigned("/peer/query?target=rumoured&asked=alice"));
  expect(answer.status).toBe(307);
  expect(answer.headers.get("x-nara-redirect-to")).toBe("carol");
  expect((await nara.ask(unsigned("/peer/query?target=rumoured&asked=carol"))).status).toBe(404);
});

test("an endpoint that fails answers so, and the nara lives on", async () => {
  nara = naraBob({
    more: {
      meshIp: () => {
        throw new Error("lost");
      },
    },
  });
  expect((await nara.ask(unsigned("/ping"))).status).toBe(500);
  expect((await nara.ask(unsigned("/coordinates"))).status).toBe(200);
});

test("what a nara says to nobody but me is kept when it is signed, believed and new", async () => {
  const tease = teaseBy(alice);
  const success = async () => textOf(await nara.ask(signed(alice, "/dm", encodeSyncEvent(tease))));
  expect(await success()).toBe('{"from":"bob","success":true}\n');
  await clock.advance(1);
  expect(await success()).toBe('{"from":"bob","success":false}\n');
  const ahead = encodeSyncEvent(teaseBy(alice, clock.nowNs() + 61_000_000_000n));
  expect(textOf(await nara.ask(signed(alice, "/dm", ahead)))).toContain('"success":false');
  expect(nara.ledger.count()).toBe(1);
  expect(nara.drops).toEqual(["duplicate", "future"]);
});
