import { expect, test } from "vitest";
import { createIdentity } from "./identity.ts";
import { bindSoul, mintSoul } from "./soul.ts";

const soul = mintSoul(new Uint8Array(32).fill(3), "alice");

test("the same soul and name are the same nara", () => {
  expect(createIdentity(soul, "alice")).toEqual(createIdentity({ ...soul }, "alice"));
});

test("under another name its temper stays, its id and bond do not", () => {
  const alice = createIdentity(soul, "alice");
  const impostor = createIdentity(soul, "bob");
  expect(impostor.personality).toEqual(alice.personality);
  expect(impostor.id).not.toBe(alice.id);
  expect([alice.bondValid, impostor.bondValid]).toEqual([true, false]);
});

test("renamed, it has a whole bond again", () => {
  expect(createIdentity(bindSoul(soul.seed, "bob"), "bob").bondValid).toBe(true);
});
