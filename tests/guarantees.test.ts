/** The guarantees that the seeds name (seeds events and plaza-mqtt, Test Oracle), under those names. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createNobleCrypto } from "../src/adapters/crypto/noble-crypto.ts";
import { encodeBase64 } from "../src/nara/codec/base64.ts";
import { fromUtf8, utf8 } from "../src/nara/codec/utf8.ts";
import { type EventService, eventKinds, type Payloads } from "../src/nara/events/event-kinds.ts";
import {
  contentOf,
  decodeSyncEvent,
  encodeSyncEvent,
  eventId,
  newSyncEvent,
  type SyncEvent,
  signSyncEvent,
} from "../src/nara/events/sync-event.ts";
import { signatureClaim } from "../src/nara/events/verification.ts";
import type { Draft, Message } from "../src/nara/runtime/message.ts";
import { service } from "../src/nara/runtime/service.ts";
import { howdy } from "../src/nara/services/presence/messages.ts";
import { noObservation } from "../src/nara/services/presence/observation.ts";
import { zeroStatus } from "../src/nara/services/presence/status.ts";
import { createMockRuntime } from "../src/nara/testing/mock-runtime.ts";
import { isSignedBy, statusTextIn } from "./support/documented.ts";
import { createHostilePlaza } from "./support/hostile-plaza.ts";
import { createNetwork, onlineStates } from "./support/network.ts";
import { sampleStash, stashStore } from "./support/sample-stash.ts";

const crypto = createNobleCrypto();
const alice = crypto.keyPair(new Uint8Array(32).fill(1));
const mallory = crypto.keyPair(new Uint8Array(32).fill(2));
const aliceKey = encodeBase64(alice.publicKey);
const malloryKey = encodeBase64(mallory.publicKey);
const tsNs = 1_790_000_000_123_456_789n;

/** One event of each kind with every field set, and the fields that the protocol says are covered. */
const kinds: { readonly [Svc in EventService]: Sample<Svc> } = {
  social: {
    payload: {
      ...{ type: "tease", actor: "alice", actor_id: "A", target: "bob", target_id: "B" },
      ...{ reason: "comeback", witness: "carol" },
    },
    covered: ["type", "actor", "target", "reason", "witness"],
  },
  ping: {
    payload: { observer: "alice", observer_id: "A", target: "bob", target_id: "B", rtt: 12.5 },
    covered: ["observer", "target", "rtt"],
  },
  observation: {
    payload: {
      ...{ observer: "alice", observer_id: "A", subject: "bob", subject_id: "B" },
      ...{ type: "status-change", importance: 2n, is_backfill: true, online_state: "MISSING" },
      ...{ start_time: 7n, restart_num: 8n, last_restart: 9n, cluster_name: "c" },
      observer_uptime: 10n,
    },
    covered: ["observer", "subject", "type", "online_state", "start_time", "restart_num"],
  },
  "hey-there": {
    payload: { From: "alice", PublicKey: aliceKey, MeshIP: "10.0.0.1", ID: "A", Signature: "" },
    covered: ["From", "PublicKey", "MeshIP"],
  },
  chau: {
    payload: { From: "alice", PublicKey: aliceKey, ID: "A", Signature: "" },
    covered: ["From", "PublicKey"],
  },
  seen: {
    payload: {
      ...{ observer: "alice", observer_id: "A", subject: "bob", subject_id: "B", via: "mesh" },
    },
    covered: ["observer", "subject", "via"],
  },
  checkpoint: {
    payload: {
      ...{ version: 2n, subject: "bob", subject_id: "B", previous_checkpoint_id: "P" },
      ...{ observation: eventKinds.checkpoint.payload.zero().observation, as_of_time: 5n },
      ...{ round: 3n, voter_ids: ["V"], signatures: ["S"] },
    },
    covered: ["subject_id", "as_of_time", "previous_checkpoint_id", "observation"],
  },
};

interface Sample<Svc extends EventService> {
  readonly payload: Payloads[Svc];
  readonly covered: readonly (keyof Payloads[Svc])[];
}

const services = Object.keys(kinds) as readonly EventService[];
const eventOfKind = (svc: EventService): SyncEvent =>
  newSyncEvent(svc, tsNs, kinds[svc].payload as Partial<Payloads[EventService]>);

/** What every change of a field may look like. */
const changed = (value: unknown): unknown => {
  if (typeof value === "string") return `${value}x`;
  if (typeof value === "bigint") return value + 1n;
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  if (Array.isArray(value)) return [...value, "x"];
  return { ...(value as object), restarts: 99n };
};

const verifies = async (event: SyncEvent, publicKey = alice.publicKey): Promise<boolean> => {
  const claim = signatureClaim(event, publicKey);
  return claim !== undefined && (await crypto.verify([claim]))[0] === true;
};

describe("IDStability: an id follows from time, service and content alone", () => {
  test.each(services)(
    "%s: twice the same, by the documented formula, and carried over the wire",
    (svc) => {
      const event = eventOfKind(svc);
      expect(eventOfKind(svc).id).toBe(event.id);
      const hash = createHash("sha256")
        .update(`${tsNs}:${svc}:${contentOf(event)}`)
        .digest("hex");
      expect(event.id).toBe(hash.slice(0, 32));
      const again = decodeSyncEvent(encodeSyncEvent(event));
      expect(again.ok && eventId(again.value)).toBe(event.id);
    },
  );

  test("signing and signer change nothing about it", () => {
    const event = eventOfKind("social");
    expect(signSyncEvent(event, "alice", alice).id).toBe(event.id);
    expect(eventId(signSyncEvent(event, "mallory", mallory))).toBe(event.id);
  });

  test("another time or another content is another event", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 2n ** 62n }),
        fc.bigInt({ min: 1n, max: 2n ** 62n }),
        fc.stringMatching(/^[a-z-]{1,10}$/),
        fc.stringMatching(/^[a-z-]{1,10}$/),
        (time, otherTime, reason, otherReason) => {
          const idOf = (ts: bigint, why: string): string =>
            newSyncEvent("social", ts, { ...kinds.social.payload, reason: why }).id;
          expect(idOf(time, reason) === idOf(otherTime, reason)).toBe(time === otherTime);
          expect(idOf(time, reason) === idOf(time, otherReason)).toBe(reason === otherReason);
        },
      ),
      { seed: 1 },
    );
  });
});

describe("Signing: what a nara signs verifies under its key, everywhere, and under no other", () => {
  test.each(services)("%s", async (svc) => {
    const event = eventOfKind(svc);
    expect(await verifies(event)).toBe(false);
    const decoded = decodeSyncEvent(encodeSyncEvent(signSyncEvent(event, "alice", alice)));
    if (!decoded.ok) throw new Error(decoded.refusal);
    expect(await verifies(decoded.value)).toBe(true);
    expect(await verifies(decoded.value, mallory.publicKey)).toBe(false);
    expect(await verifies({ ...decoded.value, sig: "" })).toBe(false);
  });
});

describe("Immutability: any change of what is covered makes verification fail", () => {
  test.each(services)(
    "%s: every covered field, with its old id or with a fitting one",
    async (svc) => {
      const event = signSyncEvent(eventOfKind(svc), "alice", alice);
      const covered: readonly string[] = kinds[svc].covered;
      for (const [field, value] of Object.entries(event.payload)) {
        const payload = { ...event.payload, [field]: changed(value) };
        const altered = { ...event, payload } as SyncEvent;
        const isCovered = covered.includes(field);
        expect({ field, verifies: await verifies(altered) }).toEqual({
          field,
          verifies: !isCovered,
        });
        expect({ field, sameId: eventId(altered) === event.id }).toEqual({
          field,
          sameId: !isCovered,
        });
        if (isCovered) expect(await verifies({ ...altered, id: eventId(altered) })).toBe(false);
      }
    },
  );

  test("envelopes: id, time, service and emitter are covered", async () => {
    const event = signSyncEvent(eventOfKind("hey-there"), "alice", alice);
    const payload = kinds.chau.payload;
    for (const altered of [
      { ...event, id: "0".repeat(32) },
      { ...event, tsNs: event.tsNs + 1n },
      { ...event, svc: "chau", payload } as SyncEvent,
      { ...event, emitter: "mallory" },
      { ...event, sig: encodeBase64(new Uint8Array(64)) },
    ]) {
      expect(await verifies(altered)).toBe(false);
    }
  });

  test("runtime messages: id, kind, author, target, time and payload are covered", async () => {
    const mock = createMockRuntime({ services: [sampleStash().service], crypto });
    const bob = mock.peer("bob");
    const payload = {
      ...{ owner_id: bob.id, owner: "bob", ts: 5 },
      ...{ nonce: new Uint8Array(24), ciphertext: Uint8Array.of(1) },
    };
    const text = bob.say(stashStore, payload);
    const { signature } = JSON.parse(text);
    const changes: readonly Partial<Draft>[] = [
      { toId: "another" },
      { tsNs: 5n },
      { toId: "" },
      { fromId: "another" },
    ];
    for (const change of changes) {
      const altered = bob
        .say(stashStore, payload, change)
        .replace(/"signature":"[^"]*"/, `"signature":"${signature}"`);
      expect((await mock.runtime.hear(altered)).type).toBe("dropped");
    }
    for (const [field, value] of Object.entries(payload)) {
      const other = value instanceof Uint8Array ? Uint8Array.of(9) : changed(value);
      const altered = bob
        .say(stashStore, { ...payload, [field]: other })
        .replace(/"signature":"[^"]*"/, `"signature":"${signature}"`);
      expect(await mock.runtime.hear(altered)).toMatchObject({ reason: "invalid_signature" });
    }
    const renamed = text.replace('"kind":"stash:store"', '"kind":"stash:ack"');
    expect((await mock.runtime.hear(renamed)).type).toBe("dropped");
    expect((await mock.runtime.hear(text)).type).toBe("accepted");
  });

  test("a handler cannot alter a message, not even deep inside", async () => {
    const attempts: string[] = [];
    const attempt = (meddle: () => unknown): void => {
      try {
        meddle();
        attempts.push("altered");
      } catch (error) {
        attempts.push(error instanceof TypeError ? "refused" : "other");
      }
    };
    const meddler = service("meddler", [howdy], (nara) => {
      nara.on(howdy, (message) => {
        const { payload } = message;
        const remembered = payload.me.observations as Map<string, unknown>;
        attempt(() => Object.assign(message, { from: "mallory" }));
        attempt(() => Object.assign(payload, { to: "mallory" }));
        attempt(() => Object.assign(payload.me.personality, { chill: 0 }));
        attempt(() => Object.assign(remembered.get("carol") as object, { restarts: 9 }));
        attempt(() => remembered.set("carol", noObservation));
        attempt(() => remembered.delete("carol"));
        attempt(() => remembered.clear());
      });
      return {};
    });
    const mock = createMockRuntime({ services: [meddler], crypto });
    await mock.runtime.start();
    await mock.clock.advance(10);
    const bob = mock.peer("bob");
    const observations = new Map([["carol", noObservation]]);
    const me = { ...zeroStatus, publicKey: bob.publicKey, id: bob.id, observations };
    const payload = { from: "bob", to: "carol", seq: 1, you: noObservation, neighbours: [] };
    const said: Partial<Draft> = { to: "carol" };
    const draft = {
      ...{ kind: "howdy", version: 1, tsNs, from: "bob", fromId: "", toId: "", inReplyTo: "" },
      ...{ id: "", contentKey: "", signature: "", to: "carol", ...said },
      payload: { ...payload, me, signature: "" },
    } satisfies Message;
    const signature = encodeBase64(bob.keyPair.sign(howdy.envelope.signedBytes(draft)));
    const text = howdy.envelope.encode({ ...draft, signature });
    mock.plaza.inject("nara/plaza/howdy", utf8(text));
    await mock.clock.advance(10);
    await mock.runtime.settled();
    expect(attempts).toEqual(Array.from({ length: 7 }, () => "refused"));
  });
});

test("ConnectJitter: the first word comes 0 to 5 s after the plaza opened, not all at once", async () => {
  const delaysMs: number[] = [];
  for (let n = 0; n < 40; n++) {
    const { clock, join, said } = createNetwork();
    const nara = join(`nara-${n}`);
    await clock.pass({ seconds: 6 });
    const { plaza } = nara.view();
    const [first] = said("nara/");
    if (plaza.state !== "open") throw new Error(`the plaza is ${plaza.state}`);
    expect(first).toMatchObject({ svc: "hey-there", emitter: `nara-${n}` });
    delaysMs.push(Number(first?.ts) / 1e6 - plaza.sinceMs);
  }
  expect(Math.min(...delaysMs)).toBeGreaterThanOrEqual(-1);
  expect(Math.max(...delaysMs)).toBeLessThan(5001);
  for (let second = 0; second < 5; second++) {
    const inIt = delaysMs.filter((delay) => Math.floor(delay / 1000) === second);
    expect(inIt.length).toBeGreaterThanOrEqual(2);
  }
});

describe("SignedSyncEvents: events over MQTT are verified by whoever hears them", () => {
  test("all that naras say on the plaza is signed, and believed", async () => {
    const { clock, join, said, errors } = createNetwork();
    const bob = join("bob");
    const ana = join("ana");
    await clock.pass({ minutes: 10 });
    void ana.stop();
    await clock.pass({ seconds: 1 });
    for (const topic of ["nara/plaza/hey_there", "nara/plaza/social", "nara/plaza/chau"]) {
      const events = said(topic, "ana");
      expect(events.length).toBeGreaterThan(0);
      for (const { id, emitter, sig } of events) {
        expect({ emitter, bytes: Buffer.from(String(sig), "base64").length }).toEqual({
          emitter: "ana",
          bytes: 64,
        });
        expect(bob.runtime.ledger.get(String(id))).toMatchObject({ sig });
      }
    }
    expect(onlineStates(bob)).toEqual({ ana: "OFFLINE" });
    expect(bob.view().drops).toEqual([]);
    expect(errors).toEqual([]);
  });

  test("unsigned, altered, or signed by somebody else, they are dropped and remembered nowhere", async () => {
    const network = createNetwork({ startNs: tsNs });
    const host = createHostilePlaza();
    const bob = network.join("bob", { plaza: host.plaza });
    await network.clock.advance(10);
    const hear = async (topic: string, text: string): Promise<string> => {
      const before = new Map(bob.runtime.drops.all().map(({ reason, count }) => [reason, count]));
      host.hand(topic, utf8(text));
      await network.clock.settle();
      const counted = bob.runtime.drops
        .all()
        .find(({ reason, count }) => count !== (before.get(reason) ?? 0));
      return counted?.reason ?? "accepted";
    };
    const places = { "hey-there": "hey_there", chau: "chau", social: "social" } as const;
    for (const svc of ["hey-there", "chau", "social"] as const) {
      const topic = `nara/plaza/${places[svc]}`;
      const event = signSyncEvent(eventOfKind(svc), "alice", alice);
      const text = encodeSyncEvent(event);
      const parsed = JSON.parse(text);
      const payload = parsed[places[svc]];
      const without = (field: string): string =>
        text.replace(new RegExp(`"${field}":"[^"]*",?`), "").replace(",}", "}");
      expect(await hear(topic, without("sig"))).toBe("unsigned");
      expect(await hear(topic, without("emitter"))).toBe("unsigned");
      expect(await hear(topic, text.replace(/"ts":\d+/, `"ts":${tsNs - 1n}`))).toBe("id_mismatch");
      expect(await hear(topic, text.replace(`"emitter":"alice"`, `"emitter":"mallory"`))).toBe(
        "not_its_author",
      );
      for (const field of kinds[svc].covered as readonly string[]) {
        const altered = text.replace(
          `"${field}":${JSON.stringify(payload[field])}`,
          `"${field}":"gossip"`,
        );
        expect(altered).not.toBe(text);
        expect(await hear(topic, altered)).not.toBe("accepted");
      }
      const forged = encodeSyncEvent(signSyncEvent(event, "alice", mallory));
      expect(await hear(topic, forged)).toBe("invalid_signature");
      expect(await hear(topic, text)).toBe("accepted");
      expect(await hear(topic, text)).toBe("duplicate");
      expect(bob.runtime.ledger.byService(svc)).toHaveLength(1);
    }
  });
});

describe("NewspaperSignature: it covers the Status, byte for byte as it was sent", () => {
  const prepared = async () => {
    const network = createNetwork();
    const host = createHostilePlaza();
    const bob = network.join("bob", { plaza: host.plaza });
    network.join("ana");
    await network.clock.pass({ minutes: 2 });
    const [first, second] = network.broker.traffic
      .filter(({ topic }) => topic === "nara/newspaper/ana")
      .map(({ payload }) => fromUtf8(payload));
    if (first === undefined || second === undefined) throw new Error("ana prints no newspapers");
    const hear = async (text: string): Promise<string> => {
      const before = bob.runtime.drops.total;
      host.hand("nara/newspaper/ana", utf8(text));
      await network.clock.settle();
      if (bob.runtime.drops.total === before) return "accepted";
      return bob.runtime.drops.of("invalid_signature") > 0 ? "refused" : "refused otherwise";
    };
    return {
      first,
      second,
      hear,
      ana: () => bob.view().neighbours.find(({ name }) => name === "ana"),
    };
  };

  test("a nara's newspaper verifies by Node over the raw bytes, and is believed", async () => {
    const { first, hear, ana } = await prepared();
    const { Status, Signature } = JSON.parse(first);
    expect(isSignedBy(Status.PublicKey, utf8(statusTextIn(first)), Signature)).toBe(true);
    expect(await hear(first)).toBe("accepted");
    expect(ana()).toMatchObject({ id: Status.ID, flair: Status.Flair, online: "ONLINE" });
  });

  test("whatever is changed, added, reordered or spaced anew inside the Status is refused", async () => {
    const { first, second, hear, ana } = await prepared();
    expect(await hear(first)).toBe("accepted");
    const before = ana();
    const status = statusTextIn(second);
    const { Status } = JSON.parse(second);
    const withStatus = (text: string): string => second.replace(status, () => text);
    const { LicensePlate, ...rest } = Status;
    for (const altered of [
      status.replace(/"Buzz":\d+/, '"Buzz":182'),
      status.replace('"Flair":"', '"Flair":"x'),
      status.replace("{", '{"New":1,'),
      status.replace("{", "{ "),
      status.replace(/}$/, ',"Buzz":1}'),
      status.replace('"Trend":""', '"Trend":"\\u0000"'),
      JSON.stringify({ ...rest, LicensePlate }),
      JSON.stringify(Status, null, 1),
    ]) {
      expect(altered).not.toBe(status);
      expect(await hear(withStatus(altered))).toBe("refused");
    }
    expect(ana()).toEqual(before);
    expect(await hear(second)).toBe("accepted");
  });

  test("every single byte counts", async () => {
    const { first, hear } = await prepared();
    const start = first.indexOf(statusTextIn(first));
    const length = statusTextIn(first).length;
    for (let at = start; at < start + length; at += 17) {
      const other = first[at] === "7" ? "8" : "7";
      expect(await hear(first.slice(0, at) + other + first.slice(at + 1))).not.toBe("accepted");
    }
    expect(await hear(first)).toBe("accepted");
  });

  test("fields that we do not know are covered too, and do no harm", async () => {
    const network = createNetwork();
    const host = createHostilePlaza();
    const bob = network.join("bob", { plaza: host.plaza });
    await network.clock.advance(10);
    const hear = async (statusText: string, signature: string): Promise<boolean> => {
      const text = `{"From":"alice","Status":${statusText},"Signature":"${signature}"}`;
      const before = bob.runtime.drops.total;
      host.hand("nara/newspaper/alice", utf8(text));
      await network.clock.settle();
      return bob.runtime.drops.total === before;
    };
    const statusText = `{ "Mood":{"deep":[1,2.50]}, "Flair":"🦊", "PublicKey":"${aliceKey}","ID":"id-of-alice" }`;
    const signature = encodeBase64(alice.sign(utf8(statusText)));
    expect(await hear(statusText.replace("2.50", "2.5"), signature)).toBe(false);
    expect(await hear(statusText.replace(aliceKey, malloryKey), signature)).toBe(false);
    expect(await hear(statusText, signature)).toBe(true);
    expect(bob.view().neighbours).toMatchObject([{ name: "alice", flair: "🦊" }]);
  });
});

test("ReconnectLoop: after a loss it waits 5 to 34 whole seconds, tries again, and greets anew", async () => {
  const { clock, broker, join, said } = createNetwork();
  const ana = join("ana");
  await clock.pass({ seconds: 10 });
  const pausesS = new Set<number>();
  for (let round = 0; round < 60; round++) {
    broker.cut("ana", "the wire broke");
    const { plaza } = ana.view();
    if (plaza.state !== "offline") throw new Error(`expected offline, not ${plaza.state}`);
    expect(plaza.reason).toBe("the wire broke");
    const pauseS = (plaza.nextTryAtMs - plaza.sinceMs) / 1000;
    pausesS.add(pauseS);
    await clock.advance(pauseS * 1000 - 1);
    expect(broker.clients()).toEqual([]);
    await clock.advance(2);
    expect(broker.clients()).toEqual(["ana"]);
    expect(ana.view().plaza.state).toBe("open");
  }
  expect(Math.min(...pausesS)).toBeGreaterThanOrEqual(5);
  expect(Math.max(...pausesS)).toBeLessThanOrEqual(34);
  expect([...pausesS].every(Number.isInteger)).toBe(true);
  expect(pausesS.size).toBeGreaterThan(15);
  const greetings = said("nara/plaza/hey_there", "ana").length;
  await clock.pass({ seconds: 6 });
  expect(said("nara/plaza/hey_there", "ana")).toHaveLength(greetings + 1);
  join("bob");
  await clock.pass({ seconds: 10 });
  expect(onlineStates(ana)).toEqual({ bob: "ONLINE" });
});

test("ReconnectLoop: while no broker answers it keeps trying for ever", async () => {
  const { clock, broker, join } = createNetwork();
  broker.down("gone for lunch");
  const ana = join("ana");
  let attempts = 0;
  ana.watch(({ plaza }) => {
    if (plaza?.state === "connecting") attempts += 1;
  });
  await clock.pass({ hours: 2 });
  expect(ana.view().plaza.state).not.toBe("open");
  expect(attempts).toBeGreaterThan(7200 / 36);
  expect(attempts).toBeLessThan(7200 / 5 + 1);
  broker.up();
  await clock.pass({ seconds: 40 });
  expect(ana.view().plaza.state).toBe("open");
});
