import { expect, test } from "vitest";
import { newSyncEvent } from "../events/sync-event.ts";
import { createClout } from "./clout.ts";
import { createRoundTrips } from "./round-trips.ts";
import type { Judge } from "./social-weight.ts";
import { createTeases } from "./teases.ts";

const judge: Judge = {
  soulText: "test-soul",
  personality: { agreeableness: 50, sociability: 50, chill: 50 },
};
const tease = (tsNs: bigint, actor: string, target: string, reason = "") =>
  newSyncEvent("social", tsNs, { type: "tease", actor, target, reason });
const journey = (tsNs: bigint, target: string, how: string) =>
  newSyncEvent("social", tsNs, {
    type: "observation",
    actor: "carrier",
    target,
    reason: `journey-${how}`,
  });
const day = 86_400_000_000_000n;

test("journeys that arrive lift, journeys that get lost sink, and both fade", () => {
  const clout = createClout(judge);
  clout.feed(journey(day, "alice", "complete"));
  clout.feed(journey(day, "bob", "timeout"));
  const fresh = clout.scoreOf("alice", 86_400);
  expect(fresh).toBeGreaterThan(0);
  expect(clout.scoreOf("bob", 86_400)).toBeLessThan(0);
  expect(clout.scoreOf("alice", 2 * 86_400)).toBeLessThan(fresh);
  expect(clout.scoreOf("carrier", 86_400)).toBe(0);
});

test("reasons that are no words of ours weigh nothing special", () => {
  const clout = createClout(judge);
  const odd = { type: "observation", actor: "a", target: "b", reason: "constructor" };
  clout.feed(newSyncEvent("social", day, odd));
  expect(clout.scores(86_400)).toEqual(new Map());
});

test("clout that is forgotten is gone", () => {
  const clout = createClout(judge);
  const events = [tease(day, "alice", "bob"), journey(day, "alice", "pass")];
  for (const event of events) clout.feed(event);
  for (const event of events) clout.forget(event);
  expect(clout.scores(86_400)).toEqual(new Map());
});

test("a nara's friends are who teases it most and whom it teases most, never itself", () => {
  const teases = createTeases();
  const told = [
    tease(1n, "bob", "alice"),
    tease(2n, "bob", "alice"),
    tease(3n, "carol", "alice"),
    tease(4n, "alice", "dave"),
    tease(5n, "alice", "carol"),
    tease(6n, "alice", "alice"),
    tease(7n, "alice", "alice"),
  ];
  for (const event of told) teases.feed(event);
  teases.feed(journey(8n, "alice", "pass"));
  expect(teases.friendsOf("alice")).toEqual({
    from: { name: "bob", count: 2 },
    to: { name: "carol", count: 1 },
  });
  expect([teases.given("alice"), teases.received("alice")]).toEqual([4, 5]);
  for (const event of told) teases.forget(event);
  expect(teases.friendsOf("alice")).toEqual({ from: undefined, to: undefined });
  expect(teases.givenByName()).toEqual(new Map());
});

test("of friends who are equally close the first by name is told", () => {
  const teases = createTeases();
  for (const [at, actor] of ["dave", "bob", "carol"].entries()) {
    teases.feed(tease(BigInt(at + 1), actor, "alice"));
  }
  expect(teases.friendsOf("alice").from).toEqual({ name: "bob", count: 1 });
});

test("the side of a barrio is the median of the round trips that are remembered", () => {
  const ping = (tsNs: bigint, rtt: number) =>
    newSyncEvent("ping", tsNs, { observer: "alice", target: "bob", rtt });
  const trips = createRoundTrips();
  expect(trips.gridMs()).toBe(50);
  for (const [at, rtt] of [30, 90, 70].entries()) trips.feed(ping(BigInt(at + 1), rtt));
  expect(trips.gridMs()).toBe(70);
  trips.forget(ping(2n, 90));
  expect(trips.gridMs()).toBe(50);
});
