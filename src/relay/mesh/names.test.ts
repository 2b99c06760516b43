import { expect, test } from "vitest";
import { createNames } from "./names.ts";

const dayMs = 24 * 60 * 60 * 1_000;

function namesAt() {
  const now = { ms: 0 };
  const here = new Set<string>();
  return {
    now,
    here,
    names: createNames(
      () => now.ms,
      (name) => here.has(name),
    ),
  };
}

test("a name is its key's for 7 days after it was last seen, then anybody's", () => {
  const { now, here, names } = namesAt();
  expect(names.claim("alice", "hers")).toBe("granted");
  here.add("alice");
  now.ms = 30 * dayMs;
  expect(names.claim("alice", "another")).toBe("another's");
  here.delete("alice");
  names.leave("alice");
  now.ms += 7 * dayMs;
  expect(names.claim("alice", "another")).toBe("another's");
  now.ms += 1;
  expect(names.claim("alice", "another")).toBe("granted");
  expect(names.claim("alice", "hers")).toBe("another's");
});

test("names minted by the thousand take no name from anybody, and no memory without end", () => {
  const { now, names } = namesAt();
  names.claim("alice", "hers");
  let taken = 0;
  for (let count = 0; count < 110_000; count++) {
    if (names.claim(`minted-${count}`, "theirs") === "granted") taken += 1;
  }
  expect(taken).toBeLessThanOrEqual(100_000);
  expect(names.count()).toBe(taken + 1);
  expect(names.claim("minted-new", "theirs")).toBe("no room");
  expect(names.claim("alice", "another")).toBe("another's");
  now.ms = 7 * dayMs + 1;
  expect(names.claim("minted-new", "theirs")).toBe("granted");
  expect(names.count()).toBe(1);
});

test("asking whether somebody wants a slot back does not look at all names", () => {
  const { names } = namesAt();
  for (let count = 0; count < 50_000; count++) {
    names.claim(`minted-${count}`, "key");
    names.keepSlot(`minted-${count}`, count);
  }
  const began = performance.now();
  let wanted = 0;
  for (let slot = 0; slot < 60_000; slot++) if (names.isWanted(slot)) wanted += 1;
  expect(wanted).toBe(50_000);
  expect(performance.now() - began).toBeLessThan(2_000);
});
