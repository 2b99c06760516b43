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
  const checkpoint = newSyncEvent("checkpoint", nowNs, {
    subject: "bob",
    as_of_time: nowNs / 1_000_000_000n,
  });
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

test("numbers beyond what can be are out of range", () => {
  const nowS = nowNs / 1_000_000_000n;
  const restart = { observer: "alice", subject: "bob", type: "restart", importance: 3n };
  const told = (parts: object) =>
    whyNotAccepted(
      newSyncEvent("observation", nowNs, { ...restart, start_time: nowS, ...parts }),
      nowNs,
    );
  expect(told({})).toBeUndefined();
  expect(told({ start_time: nowS + 61n })).toBe("out_of_range");
  expect(told({ start_time: 2n ** 62n })).toBe("out_of_range");
  expect(told({ restart_num: 1_000_001n })).toBe("out_of_range");
  expect(told({ last_restart: nowS + 61n })).toBe("out_of_range");
  expect(told({ last_restart: -1n })).toBe("out_of_range");
  expect(told({ observer_uptime: 2n ** 64n - 1n })).toBe("out_of_range");
  const ping = (rtt: number) =>
    whyNotAccepted(newSyncEvent("ping", nowNs, { observer: "alice", target: "bob", rtt }), nowNs);
  expect([ping(60_000), ping(60_001), ping(1e308), ping(Number.NaN)]).toEqual([
    undefined,
    "out_of_range",
    "out_of_range",
    "invalid",
  ]);
  const before1970 = newSyncEvent("ping", -1n, { observer: "alice", target: "bob", rtt: 1 });
  expect(whyNotAccepted(before1970, nowNs)).toBe("out_of_range");
});

test("a checkpoint speaks of a moment shortly before it was told, and of few voters", () => {
  const nowS = nowNs / 1_000_000_000n;
  const told = (asOfS: bigint, parts: object = {}, facts: object = {}) => {
    const { observation } = newSyncEvent("checkpoint", nowNs, {}).payload;
    const payload = {
      subject: "bob",
      as_of_time: asOfS,
      observation: { ...observation, ...facts },
    };
    return whyNotAccepted(newSyncEvent("checkpoint", nowNs, { ...payload, ...parts }), nowNs);
  };
  expect([told(nowS), told(nowS - 600n), told(nowS + 60n)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect([told(nowS - 601n), told(nowS + 61n)]).toEqual(["out_of_range", "out_of_range"]);
  expect(told(nowS, {}, { start_time: nowS + 1n })).toBe("out_of_range");
  expect(told(nowS, {}, { start_time: -1n })).toBe("out_of_range");
  expect(told(nowS, {}, { total_uptime: nowS + 1n })).toBe("out_of_range");
  expect(told(nowS, {}, { restarts: 1_000_001n })).toBe("out_of_range");
  expect(told(nowS, {}, { restarts: -1n })).toBe("invalid");
  const many = Array.from({ length: 21 }, (_, index) => `voter-${index}`);
  expect(told(nowS, { voter_ids: many, signatures: many })).toBe("out_of_range");
  expect(told(nowS, { version: -1n })).toBe("out_of_range");
});

test("long texts are refused, in lists too", () => {
  const long = "x".repeat(257);
  expect(whyNotAccepted({ ...tease({}), emitterId: long }, nowNs)).toBe("too_long");
  const checkpoint = newSyncEvent("checkpoint", nowNs, {
    subject: "bob",
    as_of_time: nowNs / 1_000_000_000n,
    voter_ids: [long],
    signatures: [""],
  });
  expect(whyNotAccepted(checkpoint, nowNs)).toBe("too_long");
});
