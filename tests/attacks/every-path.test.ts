/**
 * One gate on every path: the same events, honest and forged, come over the plaza, in a zine, in an
 * answer, as a direct message and by import, and meet the same verdict
 * (docs/protocol/events-and-ledger.md §4).
 */
import { expect, test } from "vitest";
import { createNobleCrypto } from "../../src/adapters/crypto/noble-crypto.ts";
import { utf8 } from "../../src/nara/codec/utf8.ts";
import {
  encodeSyncEvent,
  newSyncEvent,
  type SyncEvent,
  signSyncEvent,
} from "../../src/nara/events/sync-event.ts";
import type { Ledger } from "../../src/nara/ledger/ledger.ts";
import { signRequest } from "../../src/nara/mesh/auth.ts";
import type { DropReason } from "../../src/nara/runtime/drops.ts";
import { service } from "../../src/nara/runtime/service.ts";
import { chau, heyThere, social } from "../../src/nara/services/presence/messages.ts";
import { writeImportRequest } from "../../src/nara/sync/import-request.ts";
import { readSyncResponse, writeSyncResponse } from "../../src/nara/sync/sync-response.ts";
import { writeZine } from "../../src/nara/sync/zine.ts";
import { createMeshNara } from "../../src/nara/testing/mesh-nara.ts";
import { createMockRuntime } from "../../src/nara/testing/mock-runtime.ts";
import { createVirtualClock } from "../../src/nara/testing/virtual-clock.ts";
import {
  alice,
  bob,
  carol,
  dave,
  mallory,
  nowNs as meshNowNs,
  type Nara,
  seconds,
  stranger,
  tease,
  unsigned,
} from "./besieged.ts";

const known = [bob, carol, dave, mallory];
const chilled = { agreeableness: 50, sociability: 50, chill: 90 };

interface Met {
  readonly ledger: Ledger;
  /** "taken", or why not. */
  readonly verdict: string;
}

/** Brings one event to alice at her time; `by` carries it where somebody must. */
interface Path {
  readonly name: "plaza" | "zine" | "sync" | "dm" | "import";
  readonly nowNs: bigint;
  bring(event: SyncEvent, by: Nara): Promise<Met>;
}

const topics: Partial<Record<SyncEvent["svc"], string>> = {
  social: "nara/plaza/social",
  "hey-there": "nara/plaza/hey_there",
  chau: "nara/plaza/chau",
};

const plazaClock = createMockRuntime({ services: [], crypto: createNobleCrypto() }).clock;

const plaza: Path = {
  name: "plaza",
  nowNs: plazaClock.nowNs(),
  async bring(event) {
    const ears = service("ears", [heyThere, chau, social], (context) => {
      context.on(heyThere, () => {});
      context.on(chau, () => {});
      context.on(social, () => {});
      return {};
    });
    const { id, name, publicKey, keyPair } = alice;
    const mock = createMockRuntime({
      services: [ears],
      crypto: createNobleCrypto(),
      me: { id, name, publicKey },
      keyPair,
      personality: chilled,
    });
    const { runtime } = mock;
    for (const one of known) runtime.keyring.pin(one.name, one.id, one.publicKey);
    await runtime.start();
    await mock.clock.advance(1);
    mock.plaza.inject(topics[event.svc] ?? "", utf8(encodeSyncEvent(event)));
    await mock.clock.advance(1);
    await runtime.settled();
    const verdict = runtime.ledger.has(event.id) ? "taken" : runtime.drops.all()[0]?.reason;
    return { ledger: runtime.ledger, verdict: verdict ?? "lost" };
  },
};

function home() {
  const clock = createVirtualClock({ startNs: meshNowNs });
  const nara = createMeshNara({
    me: alice,
    keyPair: alice.keyPair,
    clock,
    known,
    personality: chilled,
  });
  const post = async (path: string, body: string, by?: Nara): Promise<void> => {
    const headers =
      by === undefined ? [] : signRequest(by, clock.nowNs(), { method: "POST", path });
    await nara.ask({ method: "POST", target: path, headers: new Map(headers), body: utf8(body) });
  };
  const met = (event: SyncEvent): Met => ({
    ledger: nara.ledger,
    verdict: nara.ledger.has(event.id) ? "taken" : (nara.drops[0] ?? "lost"),
  });
  return { nara, post, met };
}

const zine: Path = {
  name: "zine",
  nowNs: meshNowNs,
  async bring(event) {
    const { post, met } = home();
    await post("/gossip/zine", writeZine([event], mallory, meshNowNs), mallory);
    return met(event);
  },
};

const sync: Path = {
  name: "sync",
  nowNs: meshNowNs,
  async bring(event) {
    const { nara, met } = home();
    const text = writeSyncResponse({ events: [event], nextCursor: "" }, mallory, meshNowNs);
    const read = readSyncResponse(text);
    if (!read.ok) throw new Error(read.refusal);
    await nara.intake.take(read.value.events, { path: "sync", from: mallory.name });
    return met(event);
  },
};

const dm: Path = {
  name: "dm",
  nowNs: meshNowNs,
  async bring(event, by) {
    const { post, met } = home();
    await post("/dm", encodeSyncEvent(event), by);
    return met(event);
  },
};

const byImport: Path = {
  name: "import",
  nowNs: meshNowNs,
  async bring(event) {
    const { post, met } = home();
    await post("/api/events/import", writeImportRequest([event], alice.keyPair, meshNowNs));
    return met(event);
  },
};

const paths = [plaza, zine, sync, dm, byImport];

const helloOf = (nara: Nara, key: Nara = nara) => ({ From: nara.name, PublicKey: key.publicKey });

const signedBy = (by: Pick<Nara, "name" | "keyPair">, event: SyncEvent): SyncEvent =>
  signSyncEvent(event, by.name, by.keyPair);

interface Case {
  readonly what: string;
  event(nowNs: bigint): SyncEvent;
  readonly verdict: "taken" | DropReason;
  /** Who carries it; mallory where nobody is named. */
  readonly by?: Nara;
  /** Where a path cannot meet it, and what happens instead. */
  readonly instead?: Partial<Record<Path["name"], DropReason>>;
}

const cases: readonly Case[] = [
  {
    what: "a true word",
    event: (nowNs) => bob.says("social", { ...tease, actor: "bob" }, nowNs),
    by: bob,
    verdict: "taken",
  },
  {
    what: "a true word, dressed up in what nobody signed",
    event: (nowNs) => ({
      ...bob.says("social", { ...tease, actor: "bob", actor_id: mallory.id }, nowNs),
      emitterId: mallory.id,
    }),
    by: bob,
    verdict: "taken",
  },
  {
    what: "a known nara's greeting with an id of another",
    event: (nowNs) => bob.says("hey-there", { ...helloOf(bob), ID: bob.id }, nowNs),
    by: bob,
    verdict: "taken",
  },
  {
    what: "a word by nobody",
    event: (nowNs) => unsigned(bob.says("social", { ...tease, actor: "bob" }, nowNs)),
    verdict: "unsigned",
  },
  {
    what: "a greeting by nobody",
    event: (nowNs) => unsigned(bob.says("hey-there", helloOf(bob), nowNs)),
    verdict: "unsigned",
  },
  {
    what: "a word in another's name",
    event: (nowNs) => mallory.says("social", { ...tease, actor: "bob" }, nowNs),
    verdict: "not_its_author",
  },
  {
    what: "a word under another's key",
    event: (nowNs) => ({
      ...bob.says("social", { ...tease, actor: "bob" }, nowNs),
      sig: mallory.says("social", { ...tease, actor: "mallory" }, nowNs).sig,
    }),
    verdict: "invalid_signature",
  },
  {
    what: "a word under another's id",
    event: (nowNs) => ({
      ...mallory.says("social", { ...tease, actor: "mallory" }, nowNs),
      id: bob.says("social", { ...tease, actor: "bob" }, nowNs).id,
    }),
    verdict: "id_mismatch",
  },
  {
    what: "a word from tomorrow",
    event: (nowNs) =>
      mallory.says("social", { ...tease, actor: "mallory" }, nowNs + seconds(86_400)),
    verdict: "future",
  },
  {
    what: "a word from before 1970",
    event: () => mallory.says("social", { ...tease, actor: "mallory" }, -1n),
    verdict: "out_of_range",
  },
  {
    what: "a colon in a reason",
    event: (nowNs) =>
      mallory.says(
        "social",
        { ...tease, type: "observation", actor: "mallory", reason: "a:b" },
        nowNs,
      ),
    verdict: "invalid",
  },
  {
    what: "a name that no nara may carry",
    event: (nowNs) => mallory.says("social", { ...tease, actor: "mallory", target: "a/b" }, nowNs),
    verdict: "bad_name",
  },
  {
    what: "a kind of word that nobody says",
    event: (nowNs) => mallory.says("social", { ...tease, type: "shout", actor: "mallory" }, nowNs),
    verdict: "invalid",
  },
  {
    what: "a word against my taste",
    event: (nowNs) => bob.says("social", { ...tease, actor: "bob", reason: "random" }, nowNs),
    by: bob,
    verdict: "filtered",
  },
  {
    what: "a word of somebody never heard of",
    event: (nowNs) => stranger.says("social", { ...tease, actor: "stranger" }, nowNs),
    verdict: "unknown_sender",
  },
  {
    what: "a greeting of somebody new",
    event: (nowNs) => stranger.says("hey-there", helloOf(stranger), nowNs),
    by: stranger,
    verdict: "taken",
    instead: { dm: "unknown_sender" },
  },
  {
    what: "a greeting that takes a name over",
    event: (nowNs) => mallory.says("hey-there", helloOf(bob, mallory), nowNs),
    verdict: "not_its_author",
  },
  {
    what: "a greeting in a known name with a key of its own",
    event: (nowNs) => {
      const other = { ...mallory, name: "bob" };
      return signedBy(other, newSyncEvent("hey-there", nowNs, helloOf(bob, mallory)));
    },
    verdict: "key_conflict",
  },
  {
    what: "a farewell in a known name with a key of its own",
    event: (nowNs) => {
      const other = { ...mallory, name: "bob" };
      return signedBy(other, newSyncEvent("chau", nowNs, helloOf(bob, mallory)));
    },
    verdict: "key_conflict",
  },
  {
    what: "a greeting with a key that did not sign it",
    event: (nowNs) =>
      signedBy(
        { ...mallory, name: "stranger" },
        newSyncEvent("hey-there", nowNs, helloOf(stranger)),
      ),
    verdict: "invalid_signature",
    instead: { dm: "unknown_sender" },
  },
];

for (const { what, event, by = mallory, verdict, instead = {} } of cases) {
  for (const path of paths) {
    const expected = instead[path.name] ?? verdict;
    test(`${what}: ${expected} by ${path.name}`, async () => {
      const brought = event(path.nowNs);
      const met = await path.bring(brought, by);
      expect(met.verdict).toBe(expected);
      expect(met.ledger.count()).toBe(expected === "taken" ? 1 : 0);
      const kept = met.ledger.get(brought.id);
      if (kept === undefined) return;
      // Of the same word the same is remembered, whatever came along with it.
      const written = { ...brought, emitterId: "", payload: kept.payload };
      expect(kept).toEqual(written);
      for (const key of ["actor_id", "ID", "Signature"]) {
        expect((kept.payload as Record<string, unknown>)[key] ?? "").toBe("");
      }
    });
  }
}
