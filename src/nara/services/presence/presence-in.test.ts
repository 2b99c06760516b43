import { expect, test } from "vitest";
import { hearChau } from "./chau-in.ts";
import { hearHeyThere } from "./hey-there-in.ts";
import type { Howdy } from "./howdy.ts";
import { hearHowdy } from "./howdy-in.ts";
import { noOpinion } from "./mark-online.ts";
import type { Neighbour } from "./neighbourhood.ts";
import { readNewspaper } from "./newspaper-in.ts";
import { noObservation } from "./observation.ts";
import { type Listener, stranger } from "./presence-change.ts";
import { zeroStatus } from "./status.ts";

const nowS = 1_772_366_400;
const bob: Listener = { myName: "bob", nowS, booting: false, opinion: noOpinion };
const heyThere = { from: "alice", publicKey: "K", meshIp: "", id: "ID", saidAtS: nowS };

const alice: Neighbour = {
  ...stranger("alice"),
  isMet: true,
  status: { ...zeroStatus, publicKey: "K", id: "ID", meshIp: "100.64.0.9", meshEnabled: true },
  observation: { ...noObservation, online: "ONLINE", startTimeS: 500, lastSeenS: nowS - 10 },
};

const howdyWith = (parts: Partial<Howdy>): Howdy => ({
  from: "alice",
  to: "bob",
  seq: 1,
  you: noObservation,
  neighbours: [],
  me: { ...zeroStatus, publicKey: "K" },
  signature: "S",
  ...parts,
});

const onlyAlice = (name: string): Neighbour | undefined => (name === "alice" ? alice : undefined);

test("a hey_there makes a stranger a neighbour", () => {
  const change = hearHeyThere(undefined, { ...heyThere, meshIp: "10.0.0.1" }, bob);
  expect(change.neighbour).toMatchObject({
    isMet: true,
    status: { publicKey: "K", id: "ID", meshIp: "10.0.0.1", meshEnabled: true },
    observation: { online: "ONLINE", startTimeS: nowS },
  });
  expect(change.buzz).toBe(4);
  expect(change.reports).toHaveLength(1);
});

test("an old hey_there of a stranger is no acquaintance", () => {
  const change = hearHeyThere(undefined, { ...heyThere, saidAtS: nowS - 300 }, bob);
  expect(change).toEqual({ neighbour: undefined, buzz: 1, reports: [] });
});

test("a hey_there from well before the last sign of life, sent again, changes nothing", () => {
  const gone: Neighbour = { ...alice, observation: { ...alice.observation, online: "OFFLINE" } };
  const again = { ...heyThere, meshIp: "10.0.0.66", saidAtS: gone.observation.lastSeenS - 61 };
  expect(hearHeyThere(gone, again, bob)).toEqual({ neighbour: gone, buzz: 1, reports: [] });
  const back = hearHeyThere(gone, { ...again, saidAtS: gone.observation.lastSeenS - 60 }, bob);
  expect(back.neighbour?.observation).toMatchObject({ online: "ONLINE", restarts: 1 });
});

test("a hey_there without a mesh address keeps the old one, and its uncovered id changes nothing", () => {
  const change = hearHeyThere(alice, { ...heyThere, id: "OTHER" }, bob);
  expect(change.neighbour?.status).toMatchObject({ id: "ID", meshIp: "100.64.0.9" });
});

test("the nara's own word replaces hearsay", () => {
  const rumour = { ...alice, isMet: false };
  const change = hearHeyThere(rumour, { ...heyThere, publicKey: "K2", id: "ID2" }, bob);
  expect(change.neighbour?.status).toMatchObject({ publicKey: "K2", id: "ID2" });
});

test("a chau of someone here is worth telling, unless I am booting", () => {
  const chau = { from: "alice", id: "ID", publicKey: "K", saidAtS: nowS };
  const change = hearChau(alice, chau, bob);
  expect(change.neighbour?.observation).toMatchObject({ online: "OFFLINE", lastSeenS: nowS });
  expect(change).toMatchObject({ leftNow: true, buzz: 2 });
  expect(hearChau(alice, chau, { ...bob, booting: true }).leftNow).toBe(false);
  const gone = change.neighbour;
  expect(hearChau(gone, { ...chau, saidAtS: nowS + 1 }, bob).leftNow).toBe(false);
});

test("a chau of a stranger leaves a stranger", () => {
  const chau = { from: "alice", id: "ID", publicKey: "K", saidAtS: nowS };
  expect(hearChau(undefined, chau, bob).neighbour).toBeUndefined();
});

test("an old chau sent again takes nobody offline, a slow clock does", () => {
  const chau = { from: "alice", id: "ID", publicKey: "K", saidAtS: nowS - 71 };
  const change = hearChau(alice, chau, bob);
  expect(change.neighbour?.observation).toEqual(alice.observation);
  expect(change.leftNow).toBe(false);
  const slow = hearChau(alice, { ...chau, saidAtS: nowS - 70 }, bob);
  expect(slow.neighbour?.observation.online).toBe("OFFLINE");
});

test("a howdy to me greets me, votes and tells of others", () => {
  const observation = { ...noObservation, startTimeS: 100, lastSeenS: nowS + 999, restarts: 3 };
  const carol = { name: "carol", publicKey: "KC", meshIp: "10.0.0.3", id: "IC", observation };
  const howdy = howdyWith({ you: { ...noObservation, startTimeS: 77 }, neighbours: [carol] });
  const change = hearHowdy(howdy, bob, () => undefined);
  expect(change.neighbour).toMatchObject({ name: "alice", isMet: true, greetedMe: true });
  expect(change.vote).toEqual({ startTimeS: 77, weightS: 0 });
  expect(change.hearsay).toMatchObject([
    {
      name: "carol",
      isMet: false,
      status: { publicKey: "KC", id: "IC", meshIp: "10.0.0.3", meshEnabled: true },
      observation: { startTimeS: 100, lastSeenS: 0, restarts: 3, online: "" },
    },
  ]);
});

test("a howdy to somebody else only shows that its sender lives", () => {
  const howdy = howdyWith({ to: "dave", you: { ...noObservation, startTimeS: 77 } });
  const change = hearHowdy(howdy, bob, () => undefined);
  expect(change).toMatchObject({ vote: undefined, hearsay: [], buzz: 4 });
  expect(change.neighbour).toMatchObject({ greetedMe: false, observation: { online: "ONLINE" } });
});

test("nobody tells me about myself, and hearsay moves nobody I met", () => {
  const told = { publicKey: "X", meshIp: "6.6.6.6", id: "X", observation: noObservation };
  const lie = { ...told, observation: { ...noObservation, startTimeS: 400, restarts: 99 } };
  const howdy = howdyWith({
    from: "carol",
    neighbours: [
      { ...told, name: "bob" },
      { ...lie, name: "alice" },
    ],
  });
  const change = hearHowdy(howdy, bob, onlyAlice);
  expect(change.hearsay).toEqual([
    { ...alice, observation: { ...alice.observation, restarts: 99 } },
  ]);
});

test("what a howdy says of its sender does not move what the sender signed", () => {
  const me = { ...zeroStatus, publicKey: "K", id: "EVIL", meshIp: "6.6.6.6", flair: "🍀" };
  const { neighbour } = hearHowdy(howdyWith({ me }), bob, onlyAlice);
  expect(neighbour?.status).toMatchObject({ id: "ID", meshIp: "100.64.0.9", flair: "🍀" });
});

test("what others remember is not kept with what a nara says of itself", () => {
  const observations = new Map([["x", noObservation]]);
  const { neighbour } = hearHowdy(
    howdyWith({ me: { ...zeroStatus, observations } }),
    bob,
    () => undefined,
  );
  expect(neighbour?.status.observations).toBeNull();
});

test("a newspaper is believed whole, and its unknown author is worth a hey_there", () => {
  const status = { ...zeroStatus, publicKey: "K", meshIp: "10.0.0.2", buzz: 9 };
  const first = readNewspaper(undefined, { from: "alice", status }, bob);
  expect(first.isFirstMeeting).toBe(true);
  expect(first.neighbour).toMatchObject({ isMet: true, status: { meshIp: "10.0.0.2", buzz: 9 } });
  const again = readNewspaper(alice, { from: "alice", status }, bob);
  expect(again).toMatchObject({ isFirstMeeting: false, buzz: 0, reports: [] });
});

test("what others remember is no count of whom I hold for absent: its return is mine to count", () => {
  for (const online of ["OFFLINE", "MISSING"] as const) {
    const absent: Neighbour = {
      ...alice,
      name: "zoe",
      observation: { ...alice.observation, online },
    };
    const told = { ...noObservation, restarts: 1, lastRestartS: nowS - 5 };
    const zoe = { name: "zoe", publicKey: "Z", meshIp: "", id: "Z", observation: told };
    const change = hearHowdy(howdyWith({ neighbours: [zoe] }), bob, (name) =>
      name === "zoe" ? absent : onlyAlice(name),
    );
    expect(change.hearsay[0]?.observation.restarts).toBe(0);
  }
});

test("a newspaper brings back who was away, and counts no restart: it is undated", () => {
  for (const online of ["OFFLINE", "MISSING"] as const) {
    const away: Neighbour = {
      ...alice,
      observation: { ...alice.observation, online, lastSeenS: nowS - 1000 },
    };
    const change = readNewspaper(away, { from: "alice", status: alice.status }, bob);
    expect(change.neighbour?.observation).toMatchObject({ online: "ONLINE", restarts: 0 });
    expect(change.reports).toEqual([]);
  }
});
