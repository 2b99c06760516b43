import { expect, test } from "vitest";
import type { DropReason } from "../../runtime/drops.ts";
import { createWitnesses, isMadeUp } from "./witnesses.ts";

function stage(names: readonly string[], most = Number.POSITIVE_INFINITY) {
  const now = { ms: 0, names };
  const witnesses = createWitnesses({
    candidates: () => now.names,
    most,
    monotonicMs: () => now.ms,
  });
  const all = (): string[] => {
    const asked: string[] = [];
    for (let name = witnesses.next(); name !== undefined; name = witnesses.next()) asked.push(name);
    return asked;
  };
  return { now, witnesses, all };
}

test("each is asked one thing at a time, in turn, until it has told all", () => {
  const { witnesses, all } = stage(["alice", "bob"]);
  expect(all()).toEqual(["alice", "bob"]);
  witnesses.told("bob", false);
  witnesses.told("alice", false);
  expect(all()).toEqual(["alice", "bob"]);
  witnesses.told("alice", true);
  witnesses.told("bob", false);
  expect(all()).toEqual(["bob"]);
  expect(witnesses.from()).toEqual(["alice", "bob"]);
});

test("of more than may be asked the first are, and who is given up makes room for the next", () => {
  const { witnesses, all } = stage(["alice", "bob", "carol", "dave"], 2);
  expect(all()).toEqual(["alice", "bob"]);
  witnesses.lied("alice");
  witnesses.told("bob", true);
  expect(all()).toEqual(["carol"]);
  expect(witnesses.givenUp()).toEqual(["alice"]);
  expect(witnesses.isLiar("alice")).toBe(true);
});

test("who does not answer rests for half a minute, and is given up the third time", () => {
  const { now, witnesses, all } = stage(["alice"]);
  for (const failure of ["unreachable", "timeout"] as const) {
    expect(all()).toEqual(["alice"]);
    witnesses.failed("alice", { type: failure });
    expect(all()).toEqual([]);
    expect(witnesses.restMs()).toBe(30_000);
    now.ms += 30_000;
  }
  expect(all()).toEqual(["alice"]);
  witnesses.failed("alice", { type: "refused", status: 503 });
  expect(witnesses.restMs()).toBeUndefined();
  expect(witnesses.givenUp()).toEqual(["alice"]);
  witnesses.forgive();
  expect(all()).toEqual(["alice"]);
});

test("who lies or says no is given up at once, and a liar is never forgiven", () => {
  const { witnesses, all } = stage(["alice", "bob"]);
  all();
  witnesses.failed("alice", { type: "unbelieved" });
  witnesses.failed("bob", { type: "refused", status: 403 });
  witnesses.forgive();
  expect(all()).toEqual([]);
  expect(witnesses.givenUp()).toEqual(["alice", "bob"]);
});

test("who could not be asked is asked again, without blame", () => {
  const { witnesses, all } = stage(["alice"]);
  all();
  witnesses.excuse("alice");
  expect(all()).toEqual(["alice"]);
});

test("who has left is not asked", () => {
  const { now, witnesses, all } = stage(["alice", "bob"]);
  all();
  witnesses.told("alice", false);
  witnesses.told("bob", false);
  now.names = ["bob"];
  expect(all()).toEqual(["bob"]);
});

test("many false events, more than the true ones, are no accident", () => {
  const taken = (added: number, ...dropped: readonly [DropReason, number][]) => ({
    added,
    dropped: new Map(dropped),
  });
  expect(isMadeUp(taken(5, ["id_mismatch", 6], ["invalid_signature", 4]))).toBe(true);
  expect(isMadeUp(taken(0, ["id_mismatch", 9]))).toBe(false);
  expect(isMadeUp(taken(10, ["id_mismatch", 10]))).toBe(false);
  expect(isMadeUp(taken(0, ["duplicate", 500], ["unknown_sender", 500]))).toBe(false);
});
