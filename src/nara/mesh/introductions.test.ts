import { expect, test } from "vitest";
import { accept, refuse } from "../outcome.ts";
import { createKeyring } from "../runtime/keyring.ts";
import { personNamed } from "../testing/mesh-nara.ts";
import { createVirtualClock } from "../testing/virtual-clock.ts";
import type { MeshHint } from "./http.ts";
import { createIntroductions } from "./introductions.ts";
import { createPeerRegistry } from "./peers.ts";
import type { Found } from "./resolution.ts";

const [alice, dave] = [personNamed("alice"), personNamed("dave")];

function stage(
  answering: string | undefined,
  neighbours: readonly string[] = ["bob"],
  listed: readonly MeshHint[] = [],
) {
  const clock = createVirtualClock();
  const keyring = createKeyring(alice);
  const peers = createPeerRegistry();
  const sought: string[] = [];
  const introduce = createIntroductions({
    clock,
    keyring,
    peers,
    neighbours: () => neighbours,
    hints: async (name) => listed.filter((one) => one.name === name),
    resolution: {
      async find(name): Promise<Found> {
        sought.push(name);
        return { by: "bob", publicKey: dave.publicKey, meshIp: "100.64.0.4" };
      },
    },
    client: {
      ping: async () =>
        answering === undefined
          ? refuse({ type: "unreachable", why: "nobody is there" })
          : accept({ rttMs: 1, publicKey: answering, meshIp: "100.64.0.4" }),
    },
  });
  return { clock, keyring, peers, sought, introduce };
}

test("who answers with the key that a neighbour named is known by it", async () => {
  const { introduce, keyring, peers, sought } = stage(dave.publicKey);
  expect(await introduce("dave")).toBe(true);
  expect(keyring.keyOf("dave")).toBe(dave.publicKey);
  expect(peers.addressesOf("dave")).toEqual(["100.64.0.4"]);
  expect(peers.isProven("dave")).toBe(false);
  expect(await introduce("dave")).toBe(false);
  expect(sought).toEqual(["dave"]);
});

test("another key, or silence, proves nothing", async () => {
  for (const answering of [alice.publicKey, undefined]) {
    const { introduce, keyring } = stage(answering);
    expect(await introduce("dave")).toBe(false);
    expect(keyring.keyOf("dave")).toBeUndefined();
  }
});

test("six names a minute are sought; names that nobody may carry, and in an empty place, none", async () => {
  const { introduce, sought, clock } = stage(undefined);
  await introduce("a/b");
  for (let each = 0; each < 20; each++) await introduce(`ghost-${each}`);
  expect(sought).toHaveLength(6);
  await clock.pass({ minutes: 1 });
  await introduce("dave");
  expect(sought.at(-1)).toBe("dave");
  const alone = stage(undefined, []);
  await alone.introduce("dave");
  expect(alone.sought).toEqual([]);
});

test("whom the relay lists need not be sought among neighbours, and there need be none", async () => {
  const listed = { name: "dave", publicKey: dave.publicKey, meshIp: "100.64.0.4" };
  const { introduce, keyring, peers, sought } = stage(dave.publicKey, [], [listed]);
  expect(await introduce("dave")).toBe(true);
  expect(keyring.keyOf("dave")).toBe(dave.publicKey);
  expect(peers.isProven("dave")).toBe(false);
  expect(sought).toEqual([]);
});

test("what the relay lists is worth nothing where another key answers; neighbours are asked then", async () => {
  const listed = { name: "dave", publicKey: alice.publicKey, meshIp: "100.64.0.9" };
  const { introduce, keyring, sought } = stage(dave.publicKey, ["bob"], [listed]);
  expect(await introduce("dave")).toBe(true);
  expect(keyring.keyOf("dave")).toBe(dave.publicKey);
  expect(sought).toEqual(["dave"]);
});
