import { expect, test } from "vitest";
import { createNobleCrypto } from "../../adapters/crypto/noble-crypto.ts";
import { encodeBase64 } from "../../nara/codec/base64.ts";
import { utf8 } from "../../nara/codec/utf8.ts";
import { encodeSyncEvent, newSyncEvent, signSyncEvent } from "../../nara/events/sync-event.ts";
import { createAwaitedCrypto } from "../../nara/testing/awaited-crypto.ts";
import { createInMemoryPlaza } from "../../nara/testing/in-memory-plaza.ts";
import { createSeededRandom } from "../../nara/testing/seeded-random.ts";
import { createVirtualClock } from "../../nara/testing/virtual-clock.ts";
import { createAnnouncements } from "./announcements.ts";

const crypto = createNobleCrypto();
const keyOf = (fill: number) => crypto.keyPair(new Uint8Array(32).fill(fill));
const topic = "nara/plaza/hey_there";

async function listening(most = 100) {
  const clock = createVirtualClock();
  const broker = createInMemoryPlaza();
  const announcements = createAnnouncements({
    plaza: broker.plaza,
    clock,
    crypto: createAwaitedCrypto(crypto, clock),
    most,
    random: createSeededRandom(1),
  });
  await clock.settle();
  const heyThere = (name: string, key: number, meshIp: string, agoS = 0): string => {
    const tsNs = clock.nowNs() - BigInt(agoS) * 1_000_000_000n;
    const event = newSyncEvent("hey-there", tsNs, {
      From: name,
      PublicKey: encodeBase64(keyOf(key).publicKey),
      MeshIP: meshIp,
    });
    return encodeSyncEvent(signSyncEvent(event, name, keyOf(key)));
  };
  const hear = async (text: string, retained = false): Promise<void> => {
    broker.inject(topic, utf8(text), { retained });
    await clock.settle();
  };
  return { clock, broker, announcements, heyThere, hear };
}

test("what a verified hey_there announces is known, with the mesh's port where none is said", async () => {
  const { announcements, heyThere, hear } = await listening();
  expect(announcements.isHearing()).toBe(true);
  await hear(heyThere("alice", 1, "203.0.113.7"));
  await hear(heyThere("bob", 2, "nara.example:7501"));
  expect(announcements.has("203.0.113.7:7433")).toBe(true);
  expect(announcements.has("nara.example:7501")).toBe(true);
  expect(announcements.has("203.0.113.7:80")).toBe(false);
});

test("a hey_there that is unsigned, altered, another's, old, from tomorrow or kept is not believed", async () => {
  const { announcements, heyThere, hear } = await listening();
  const good = heyThere("alice", 1, "203.0.113.7");
  await hear(good.replace("203.0.113.7", "203.0.113.8"));
  await hear(good.replace(/"sig":"[^"]*"/, '"sig":""'));
  await hear(good.replace('"emitter":"alice"', '"emitter":"bob"'));
  await hear(heyThere("alice", 1, "203.0.113.7", 301));
  await hear(heyThere("alice", 1, "203.0.113.7", -61));
  await hear(good, true);
  await hear("{");
  await hear(`${good.slice(0, -1)},"x":"${"x".repeat(5_000)}"}`);
  expect(announcements.count()).toBe(0);
  await hear(good);
  await hear(heyThere("alice", 2, "203.0.113.9"));
  expect(announcements.has("203.0.113.9:7433")).toBe(false);
  expect(announcements.has("203.0.113.7:7433")).toBe(true);
});

test("who moves is known at the new address only, and an older word does not move it back", async () => {
  const { clock, announcements, heyThere, hear } = await listening();
  const before = heyThere("alice", 1, "203.0.113.7");
  await hear(before);
  await clock.pass({ seconds: 10 });
  await hear(heyThere("alice", 1, "203.0.113.8"));
  await hear(before);
  expect(announcements.has("203.0.113.7:7433")).toBe(false);
  expect(announcements.has("203.0.113.8:7433")).toBe(true);
});

test("names minted by the thousand take no memory without end, and leave those of use alone", async () => {
  const { clock, announcements, heyThere, hear, broker } = await listening();
  await hear(heyThere("alice", 1, "203.0.113.7"));
  for (let round = 0; round < 4; round++) {
    for (let count = 0; count < 60; count++) {
      broker.inject(topic, utf8(heyThere(`minted-${round}-${count}`, 2, "203.0.113.9")));
    }
    await clock.pass({ seconds: 1 });
    announcements.touch("203.0.113.7:7433");
  }
  expect(announcements.count()).toBe(100);
  expect(announcements.has("203.0.113.7:7433")).toBe(true);
});

test("a plaza that is lost is joined again", async () => {
  const { clock, broker, announcements, heyThere, hear } = await listening();
  broker.down();
  await clock.settle();
  expect(announcements.isHearing()).toBe(false);
  broker.up();
  await clock.pass({ seconds: 40 });
  expect(announcements.isHearing()).toBe(true);
  await hear(heyThere("alice", 1, "203.0.113.7"));
  expect(announcements.count()).toBe(1);
  await announcements.stop();
  await clock.pass({ minutes: 2 });
  expect(broker.clients()).toEqual([]);
});
