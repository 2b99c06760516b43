import { expect, test } from "vitest";
import { whyNotAccepted } from "./acceptance.ts";
import { newSyncEvent, type SyncEvent } from "./sync-event.ts";

const nowNs = 1_790_000_000_000_000_000n;
const by = (event: SyncEvent, emitter: string): SyncEvent => ({ ...event, emitter, sig: "AA==" });
const tease = (parts: { actor?: string; target?: string; reason?: string; witness?: string }) =>
  by(
    newSyncEvent("social", nowNs, { type: "tease", actor: "alice", target: "bob", ...parts }),
    parts.actor ?? "alice",
  );

test("a sound event is accepted, in any script", () => {
  expect(whyNotAccepted(tease({}), nowNs)).toBeUndefined();
  expect(whyNotAccepted(tease({ actor: "日本語", target: "río" }), nowNs)).toBeUndefined();
});

test("an id that is not its content's own is refused", () => {
  expect(whyNotAccepted({ ...tease({}), id: "ab".repeat(16) }, nowNs)).toBe("id_mismatch");
  expect(whyNotAccepted({ ...tease({}), id: "" }, nowNs)).toBe("id_mismatch");
});

test("nobody may speak for another, but anybody may carry a checkpoint", () => {
  expect(whyNotAccepted(by(tease({}), "mallory"), nowNs)).toBe("not_its_author");
  const checkpoint = newSyncEvent("checkpoint", nowNs, { subject: "bob", as_of_time: 1n });
  expect(whyNotAccepted(by(checkpoint, "carol"), nowNs)).toBeUndefined();
});

test("a minute ahead is tolerated, not more", () => {
  expect(whyNotAccepted(tease({}), nowNs - 60_000_000_000n)).toBeUndefined();
  expect(whyNotAccepted(tease({}), nowNs - 60_000_000_001n)).toBe("future");
});

test("names that no nara may carry are refused wherever they stand", () => {
  for (const bad of ["a:b", "a b", "<i>", "x".repeat(64), "cafe\u0301"]) {
    expect(whyNotAccepted(tease({ actor: bad }), nowNs)).toBe("bad_name");
    expect(whyNotAccepted(tease({ target: bad }), nowNs)).toBe("bad_name");
    expect(whyNotAccepted(tease({ witness: bad }), nowNs)).toBe("bad_name");
  }
  const unsigned = { ...tease({}), emitter: "a:b", sig: "" };
  expect(whyNotAccepted(unsigned, nowNs)).toBe("bad_name");
});

test("a reason with a colon would make two contents one", () => {
  expect(whyNotAccepted(tease({ reason: "random:" }), nowNs)).toBe("invalid");
});

test("no text in it is longer than any nara's", () => {
  const longest = "x".repeat(256);
  const heyThere = { From: "alice", PublicKey: "K", MeshIP: longest, ID: longest };
  expect(whyNotAccepted(by(newSyncEvent("hey-there", nowNs, heyThere), "alice"), nowNs)).toBe(
    undefined,
  );
  for (const field of ["PublicKey", "MeshIP", "ID", "Signature"]) {
    const event = newSyncEvent("hey-there", nowNs, { ...heyThere, [field]: `${longest}x` });
    expect(whyNotAccepted(by(event, "alice"), nowNs)).toBe("too_long");
  }
  expect(whyNotAccepted({ ...tease({}), emitterId: `${longest}x` }, nowNs)).toBe("too_long");
});

test("what is not well formed is invalid before anything else", () => {
  expect(whyNotAccepted(tease({ target: "" }), nowNs)).toBe("invalid");
});
