import fc from "fast-check";
import { expect, test } from "vitest";
import { newSyncEvent, type SyncEvent } from "../events/sync-event.ts";
import { createOnlineStatus, missingAfterGossipNs, missingAfterNs } from "./online-status.ts";

const nowNs = 1_790_000_000_000_000_000n;
const heyThere = (tsNs: bigint, name = "alice") =>
  newSyncEvent("hey-there", tsNs, { From: name, PublicKey: "key" });
const chau = (tsNs: bigint, name = "alice") => newSyncEvent("chau", tsNs, { From: name });
const change = (tsNs: bigint, online_state: string) =>
  newSyncEvent("observation", tsNs, {
    observer: "bob",
    subject: "alice",
    type: "status-change",
    importance: 2n,
    online_state,
  });
const after = (...events: readonly SyncEvent[]) => {
  const status = createOnlineStatus();
  for (const event of events) status.feed(event, nowNs);
  return status;
};

test("a stranger's state is unknown", () => {
  expect(after().statusOf("alice", nowNs)).toBe("");
});

test("every kind of evidence shows the right naras", () => {
  const status = after(
    newSyncEvent("social", nowNs, { type: "tease", actor: "teaser", target: "teased" }),
    newSyncEvent("ping", nowNs, { observer: "pinger", target: "pinged", rtt: 1 }),
    newSyncEvent("seen", nowNs, { observer: "seer", subject: "seen", via: "mesh" }),
    newSyncEvent("observation", nowNs, { observer: "seer", subject: "born", type: "first-seen" }),
    newSyncEvent("observation", nowNs, { observer: "seer", subject: "again", type: "restart" }),
    newSyncEvent("checkpoint", nowNs, { subject: "portrayed" }),
    chau(nowNs, "gone"),
  );
  for (const name of ["teaser", "pinger", "pinged", "seen", "born", "again"]) {
    expect(status.statusOf(name, nowNs), name).toBe("ONLINE");
  }
  for (const name of ["teased", "seer", "portrayed", ""]) {
    expect(status.statusOf(name, nowNs), name).toBe("");
  }
  expect(status.statusOf("gone", nowNs)).toBe("OFFLINE");
  expect(status.evidenceOf("pinged")).toEqual({
    state: "ONLINE",
    tsNs: nowNs,
    svc: "ping",
    observer: "pinger",
  });
});

test("300 s of silence is still online, a nanosecond more is missing", () => {
  const status = after(heyThere(nowNs));
  expect(status.statusOf("alice", nowNs + missingAfterNs)).toBe("ONLINE");
  expect(status.statusOf("alice", nowNs + missingAfterNs + 1n)).toBe("MISSING");
});

test("a nara that speaks by gossip alone has an hour", () => {
  const status = createOnlineStatus((name) =>
    name === "alice" ? missingAfterGossipNs : missingAfterNs,
  );
  status.feed(heyThere(nowNs), nowNs);
  expect(status.statusOf("alice", nowNs + missingAfterGossipNs)).toBe("ONLINE");
  expect(status.statusOf("alice", nowNs + missingAfterGossipNs + 1n)).toBe("MISSING");
});

test("who said goodbye does not go missing", () => {
  expect(after(chau(1n)).statusOf("alice", nowNs)).toBe("OFFLINE");
});

test("a late, older message never wins, and of equal times the first stays", () => {
  expect(after(heyThere(5n), chau(4n)).statusOf("alice", 5n)).toBe("ONLINE");
  expect(after(heyThere(5n), chau(5n)).statusOf("alice", 5n)).toBe("ONLINE");
  expect(after(heyThere(5n), chau(6n)).statusOf("alice", 6n)).toBe("OFFLINE");
});

test("a status change says which state", () => {
  const states = ["ONLINE", "OFFLINE", "MISSING", "online", ""];
  const read = states.map((state) => after(change(nowNs, state)).statusOf("alice", nowNs));
  expect(read).toEqual(["ONLINE", "OFFLINE", "MISSING", "", ""]);
});

test("a ping brings a missing nara back at once", () => {
  const status = after(change(nowNs, "MISSING"));
  const later = nowNs + 1_000_000_000n;
  status.feed(newSyncEvent("ping", later, { observer: "bob", target: "alice", rtt: 3 }), later);
  expect(status.statusOf("alice", later)).toBe("ONLINE");
});

test("evidence from the future counts as of now, so that it cannot pin a state", () => {
  const status = after(heyThere(nowNs + 60_000_000_000n));
  expect(status.evidenceOf("alice")?.tsNs).toBe(nowNs);
  status.feed(chau(nowNs + 1n), nowNs + 1n);
  expect(status.statusOf("alice", nowNs + 1n)).toBe("OFFLINE");
});

test("when evidence is forgotten, what came before it decides again", () => {
  const status = after(heyThere(1n), chau(2n), heyThere(1n, "bob"));
  status.forget(chau(2n));
  expect(status.statusOf("alice", 2n)).toBe("ONLINE");
  status.forget(heyThere(1n));
  expect(status.statusOf("alice", 2n)).toBe("");
  expect(status.names()).toEqual(["bob"]);
});

test("evidence from the future can be forgotten too", () => {
  const event = heyThere(nowNs + 5n);
  const status = after(chau(nowNs - 1n), event);
  status.forget(event);
  expect(status.statusOf("alice", nowNs)).toBe("OFFLINE");
});

test("it knows by which event it believes, and what it believed before", () => {
  const status = after(heyThere(5n), chau(7n), change(6n, "MISSING"));
  const reasons = status.why("alice", 2);
  expect(reasons).toEqual([
    { id: chau(7n).id, share: "kept", voice: "alice", value: 0 },
    { id: change(6n, "MISSING").id, share: "superseded", voice: "bob", value: 0 },
  ]);
  expect(status.why("nobody", 2)).toEqual([]);
});

test("the order of arrival does not matter between different times", () => {
  const history = fc
    .uniqueArray(fc.bigInt(1n, 50n), { minLength: 1 })
    .chain((times) =>
      fc.tuple(
        ...times.map((ts) => fc.constantFrom(heyThere(ts), chau(ts), change(ts, "MISSING"))),
      ),
    );
  fc.assert(
    fc.property(history, fc.infiniteStream(fc.nat()), (events, keys) => {
      const shuffled = events
        .map((event) => ({ event, key: keys.next().value ?? 0 }))
        .sort((left, right) => left.key - right.key)
        .map(({ event }) => event);
      expect(after(...shuffled).evidenceOf("alice")).toEqual(after(...events).evidenceOf("alice"));
    }),
  );
});
