import { expect, test } from "vitest";
import { createKeyring, maxToldByOne } from "./keyring.ts";

const me = { name: "me", id: "my-id", publicKey: "my-key" };

test("the first key that proves itself for a name is kept, any other is refused and remembered", () => {
  const keyring = createKeyring(me);
  expect(keyring.pin("alice", "", "key-a")).toBe("pinned");
  expect(keyring.pin("alice", "", "key-a")).toBe("known");
  expect(keyring.pin("alice", "", "key-m")).toBe("key_conflict");
  expect(keyring.keyOf("alice")).toBe("key-a");
  expect(keyring.conflicts()).toEqual([{ name: "alice", id: "", refusedKey: "key-m", times: 1 }]);
});

test("an id may come later, and then belongs to its name and key", () => {
  const keyring = createKeyring(me);
  keyring.pin("alice", "", "key-a");
  expect(keyring.pin("alice", "id-a", "key-a")).toBe("pinned");
  expect(keyring.idOf("alice")).toBe("id-a");
  expect(keyring.keyOfId("id-a")).toBe("key-a");
  expect(keyring.nameOfId("id-a")).toBe("alice");
  expect(keyring.pin("alice", "id-b", "key-a")).toBe("id_conflict");
  expect(keyring.pin("mallory", "id-a", "key-m")).toBe("id_conflict");
  expect(keyring.keyOf("mallory")).toBeUndefined();
});

test("one key may carry two names: that is a new bond", () => {
  const keyring = createKeyring(me);
  keyring.pin("alice", "id-a", "key-a");
  expect(keyring.pin("alice-again", "id-b", "key-a")).toBe("pinned");
});

test("a word that does not prove its author's name holds an id only until the key names itself", () => {
  const keyring = createKeyring(me);
  const unnamed = false;
  expect(keyring.pin("echo", "id-a", "key-a", unnamed)).toBe("pinned");
  expect(keyring.pin("mallory", "id-a", "key-m")).toBe("id_conflict");
  expect(keyring.pin("another-echo", "id-a", "key-a", unnamed)).toBe("id_conflict");
  expect(keyring.pin("alice", "", "key-a")).toBe("pinned");
  expect(keyring.pin("alice", "id-a", "key-a", unnamed)).toBe("pinned");
  expect(keyring.nameOfId("id-a")).toBe("alice");
  expect(keyring.idOf("echo")).toBe("");
  expect(keyring.pin("echo", "id-a", "key-a", unnamed)).toBe("id_conflict");
  keyring.forget("echo");
  expect(keyring.keyOfId("id-a")).toBe("key-a");
});

test("judging changes nothing", () => {
  const keyring = createKeyring(me);
  expect(keyring.judge("alice", "id-a", "key-a")).toBe("pinned");
  expect(keyring.keyOf("alice")).toBeUndefined();
  keyring.pin("alice", "id-a", "key-a");
  expect(keyring.judge("alice", "id-a", "key-m")).toBe("key_conflict");
  expect(keyring.conflictsOf("alice")).toBe(0);
});

test("nobody takes my own name or id, and I never forget them", () => {
  const keyring = createKeyring(me);
  expect(keyring.pin("me", "my-id", "key-m")).toBe("key_conflict");
  expect(keyring.pin("mallory", "my-id", "key-m")).toBe("id_conflict");
  keyring.forget("me");
  expect(keyring.keyOf("me")).toBe("my-key");
});

test("who is forgotten may be met anew", () => {
  const keyring = createKeyring(me);
  keyring.pin("alice", "id-a", "key-a");
  keyring.forget("alice");
  expect(keyring.pin("alice", "id-a", "key-b")).toBe("pinned");
});

test("conflicts are remembered up to a bound", () => {
  const keyring = createKeyring(me);
  for (let n = 0; n < 2000; n++) {
    keyring.pin(`name-${n}`, "", "key");
    keyring.pin(`name-${n}`, "", "key-m");
  }
  expect(keyring.conflicts()).toHaveLength(500);
});

test("there is room for ten thousand names, and whoever was pinned stays pinned", () => {
  const keyring = createKeyring(me);
  for (let n = 0; n < 10_500; n++) keyring.pin(`name-${n}`, "", "key");
  expect(keyring.size).toBe(10_000);
  expect(keyring.pin("latecomer", "", "key")).toBe("crowded");
  expect(keyring.pin("name-0", "id-0", "key")).toBe("pinned");
});

test("every conflict is told", () => {
  const told: string[] = [];
  const keyring = createKeyring(me, ({ name, times }) => void told.push(`${name} ${times}`));
  keyring.pin("alice", "", "key-a");
  keyring.pin("alice", "", "key-m");
  keyring.pin("alice", "", "key-n");
  expect(told).toEqual(["alice 1", "alice 2"]);
});

test("one teller brings so many names and no more, and takes no room from others", () => {
  const keyring = createKeyring(me);
  for (let each = 0; each < maxToldByOne; each++) {
    expect(keyring.pinTold(`ghost-${each}`, `key-${each}`, "mallory")).toBe("pinned");
  }
  expect(keyring.pinTold("one-more", "key-x", "mallory")).toBe("too_many_introduced");
  expect(keyring.pinTold("ghost-0", "key-0", "mallory")).toBe("known");
  expect(keyring.pinTold("ghost-0", "another-key", "mallory")).toBe("key_conflict");
  expect(keyring.pinTold("carol", "key-c", "bob")).toBe("pinned");
});

test("who comes itself, or is forgotten, is no longer on its teller's account", () => {
  const keyring = createKeyring(me);
  for (let each = 0; each < maxToldByOne; each++) keyring.pinTold(`n-${each}`, "key", "bob");
  expect(keyring.pin("n-0", "id-0", "key")).toBe("pinned");
  keyring.forget("n-1");
  expect(keyring.pinTold("carol", "key-c", "bob")).toBe("pinned");
  expect(keyring.pinTold("dave", "key-d", "bob")).toBe("pinned");
  expect(keyring.pinTold("erin", "key-e", "bob")).toBe("too_many_introduced");
});

test("however many tell, half of all room is for those who come themselves", () => {
  const keyring = createKeyring(me);
  for (let each = 0; each < 12_000; each++) {
    keyring.pinTold(`ghost-${each}`, `key-${each}`, `teller-${each % 100}`);
  }
  expect(keyring.size).toBe(5001);
  expect(keyring.pin("alice", "", "key-a")).toBe("pinned");
});

test("a name that nobody proved belongs to its newest newspaper: else who was overtaken by another's would never be heard", () => {
  const keyring = createKeyring(me);
  const unnamed = false;
  keyring.pin("bob", "id-x", "key-x", unnamed);
  expect(keyring.judge("bob", "id-b", "key-b", unnamed)).toBe("pinned");
  expect(keyring.pin("bob", "id-b", "key-b", unnamed)).toBe("pinned");
  expect([keyring.keyOf("bob"), keyring.idOf("bob")]).toEqual(["key-b", "id-b"]);
  expect(keyring.nameOfId("id-x")).toBeUndefined();
  keyring.confirm("bob", "key-b");
  expect(keyring.pin("bob", "id-x", "key-x", unnamed)).toBe("key_conflict");
  expect(keyring.keyOf("bob")).toBe("key-b");
});

test("a name that nobody proved is given up to who proves it, and to nobody once it is proved", () => {
  const keyring = createKeyring(me);
  const unnamed = false;
  expect(keyring.pin("bob", "id-x", "key-x", unnamed)).toBe("pinned");
  expect(keyring.judge("bob", "id-b", "key-b")).toBe("pinned");
  expect(keyring.pin("bob", "id-b", "key-b")).toBe("pinned");
  expect([keyring.keyOf("bob"), keyring.idOf("bob")]).toEqual(["key-b", "id-b"]);
  expect(keyring.keyOfId("id-x")).toBeUndefined();
  expect(keyring.pin("bob", "", "key-x", unnamed)).toBe("key_conflict");
  expect(keyring.pin("bob", "", "key-m")).toBe("key_conflict");
  expect(keyring.keyOf("bob")).toBe("key-b");
});

test("a signature that covers the name proves it, under the key that is pinned alone", () => {
  const keyring = createKeyring(me);
  const unnamed = false;
  keyring.pin("carol", "", "key-c", unnamed);
  keyring.confirm("carol", "key-m");
  keyring.confirm("nobody", "key-m");
  expect(keyring.judge("carol", "", "key-m")).toBe("pinned");
  expect(keyring.isProven("carol")).toBe(false);
  keyring.confirm("carol", "key-c");
  expect(keyring.isProven("carol")).toBe(true);
  expect(keyring.pin("carol", "", "key-m")).toBe("key_conflict");
  expect(keyring.keyOf("carol")).toBe("key-c");
});
