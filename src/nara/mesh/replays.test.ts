import { expect, test } from "vitest";
import { utf8 } from "../codec/utf8.ts";
import { createReplays } from "./replays.ts";

test("requests are forgotten when their signatures are too old to be used", () => {
  let nowMs = 0;
  const replays = createReplays({ monotonicMs: () => nowMs });
  const note = (atMs: bigint) =>
    replays.note({ name: "alice", atMs, signature: "" }, "POST /dm", utf8("{}"));
  expect([note(1n), note(1n), note(2n)]).toEqual([true, false, true]);
  nowMs = 60_000;
  expect(note(1n)).toBe(false);
  nowMs = 60_001;
  expect(note(3n)).toBe(true);
  expect(replays.size).toBe(1);
});

test("however many come, a bounded number is kept in mind", () => {
  const replays = createReplays({ monotonicMs: () => 0 });
  for (let at = 0n; at < 21_000n; at++) {
    replays.note({ name: "alice", atMs: at, signature: "" }, "POST /dm", utf8(""));
  }
  expect(replays.size).toBeLessThanOrEqual(20_001);
});

test("long bodies are told apart by their length and their ends", () => {
  const replays = createReplays({ monotonicMs: () => 0 });
  const body = (length: number, last: number): Uint8Array => {
    const bytes = new Uint8Array(length);
    bytes[length - 1] = last;
    return bytes;
  };
  const signed = { name: "alice", atMs: 1n, signature: "" };
  expect(replays.note(signed, "POST /gossip/zine", body(10_000_000, 1))).toBe(true);
  expect(replays.note(signed, "POST /gossip/zine", body(10_000_000, 1))).toBe(false);
  expect(replays.note(signed, "POST /gossip/zine", body(10_000_000, 2))).toBe(true);
  expect(replays.note(signed, "POST /gossip/zine", body(9_999_999, 1))).toBe(true);
});
