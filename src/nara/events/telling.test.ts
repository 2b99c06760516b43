import { expect, test } from "vitest";
import type { EventService, Payloads } from "./event-kinds.ts";
import { quip } from "./quips.ts";
import { newSyncEvent, type SyncEvent, tellEvent } from "./sync-event.ts";

const tell = <Svc extends EventService>(svc: Svc, payload: Partial<Payloads[Svc]>) =>
  tellEvent(newSyncEvent(svc, 1n, payload) as SyncEvent);

test("each kind of social event has its icon", () => {
  const icon = (type: string) => tell("social", { type, actor: "a", target: "b" }).icon;
  expect(["tease", "observed", "gossip", "service"].map(icon)).toEqual(["😈", "👀", "🗣️", "💬"]);
});

test("a tease is told with a quip about its target, any other reason as it stands", () => {
  const tease = { type: "tease", actor: "alice", target: "bob" };
  expect(tell("social", { ...tease, reason: "comeback" })).toEqual({
    icon: "😈",
    text: "alice → bob",
    detail: quip("comeback", "bob"),
  });
  expect(tell("social", { ...tease, reason: "because" }).detail).toBe("because");
  expect(tell("social", { ...tease, reason: "toString" }).detail).toBe("toString");
});

test("the target's code points choose the quip: everyone who teases it says the same", () => {
  const four = ["a", "b", "c", "d"].map((target) => quip("random", target));
  expect(new Set(four).size).toBe(4);
  expect(quip("random", "e")).toBe(four[0]);
  expect(quip("random", "🦊")).toBe(quip("random", String.fromCodePoint(0x1f98a + 4)));
  expect(quip("comeback", "$&")).toContain("$&");
});

test("a ping tells how close two naras are", () => {
  const details = [9.9, 10, 50, 150, 300].map(
    (rtt) => tell("ping", { observer: "a", target: "b", rtt }).detail,
  );
  expect(new Set(details.map((detail) => detail.split(", ")[1])).size).toBe(5);
  expect(details[0]).toMatch(/^9\.9 ms/);
});

test("observations tell about the one who was observed", () => {
  const seen = { observer: "a", subject: "b" };
  const told = [
    tell("observation", { ...seen, type: "restart", restart_num: 22n }),
    tell("observation", { ...seen, type: "first-seen" }),
    ...["ONLINE", "MISSING", "OFFLINE"].map((online_state) =>
      tell("observation", { ...seen, type: "status-change", online_state }),
    ),
  ];
  expect(told.map(({ icon }) => icon)).toEqual(["🔄", "✨", "🟢", "❓", "🔴"]);
  for (const { text } of told) expect(text).toMatch(/^b /);
  expect(told[0]?.detail).toContain("22nd");
});

test("ordinals follow English", () => {
  const nth = (restart_num: bigint) =>
    tell("observation", { subject: "b", type: "restart", restart_num }).detail;
  expect([2n, 3n, 4n, 11n, 12n, 113n, 121n].map((n) => /\d+\w\w/.exec(nth(n))?.[0])).toEqual([
    "2nd",
    "3rd",
    "4th",
    "11th",
    "12th",
    "113th",
    "121st",
  ]);
});

test("arrivals, departures, sightings and portraits", () => {
  expect(tell("hey-there", { From: "a", MeshIP: "10.0.0.1:9" }).detail).toContain("10.0.0.1:9");
  expect(tell("chau", { From: "a" })).toMatchObject({ icon: "👋", text: "a says chau" });
  expect(tell("seen", { observer: "a", subject: "b", via: "owl" }).detail).toContain("owl");
  expect(tell("checkpoint", { subject: "b", voter_ids: ["x", "y"] }).detail).toContain(
    "2 witnesses",
  );
});
