import { expect, test } from "vitest";
import { type FlairPeer, type FlairSituation, flairOf, personalFlair } from "./flair.ts";

const calm: FlairSituation = {
  name: "m",
  bondValid: true,
  gemstone: "💎",
  personalFlair: "",
  host: { hostname: "", raspberryPi: false, nixOs: false, kubernetes: false },
  trend: "",
  trendEmoji: "",
  self: { startTimeS: 50, restarts: 5, lastSeenS: 90_000, lastRestartS: 0 },
  peers: [],
  isNextDoor: () => false,
  chattiness: 50,
  loadAvg: 0.5,
};

const peer = (name: string, known: Partial<FlairPeer["observation"]> = {}): FlairPeer => ({
  name,
  observation: { online: "ONLINE", startTimeS: 0, restarts: 0, ...known },
});

const among = (...peers: FlairPeer[]) => flairOf({ ...calm, peers });

test("without peers a calm nara wears its gem alone", () => {
  expect(flairOf(calm)).toBe("💎");
  expect(flairOf({ ...calm, bondValid: false })).toBe("👤");
});

test("three silent peers leave all ranks to me", () => {
  expect(among(peer("a"), peer("b"), peer("c"))).toBe("💎🧓👑🐤🐦🔁");
});

test("a tie for age or restarts goes to the smaller name, a tie for youth to the larger", () => {
  const equal = { startTimeS: 50, restarts: 5 };
  const withNeighbour = (name: string) =>
    flairOf({ ...calm, peers: [peer(name, equal), peer("b"), peer("c")], isNextDoor: () => true });
  expect(withNeighbour("a")).toBe("💎🐤🐦");
  expect(withNeighbour("z")).toBe("💎🧓👑🔁");
});

test("who lives elsewhere may be older than all, and I am still the eldest of my barrio", () => {
  const older = { startTimeS: 1 };
  expect(among(peer("a", older), peer("b"), peer("c"))).toBe("💎👑🐤🐦🔁");
});

test("names are compared by UTF-8 bytes", () => {
  const self = { ...calm, name: "\uff5e", peers: [peer("𝒶", { startTimeS: 50 })] };
  const crowd = [...self.peers, peer("b"), peer("c")];
  expect(flairOf({ ...self, peers: crowd })).toBe("💎🧓👑🐦🔁");
});

test("whoever is not online takes no rank", () => {
  const older = { startTimeS: 1, restarts: 99 };
  const gone = (["OFFLINE", "MISSING", ""] as const).map((online) =>
    peer(`a${online}`, { ...older, online }),
  );
  expect(among(...gone)).toBe("💎🧓👑🐤🐦🔁");
});

test("a sociable nara has more tastes, and starts with the same", () => {
  const four = personalFlair("alice", 99);
  expect(four.startsWith(personalFlair("alice", 62))).toBe(true);
  expect(four.startsWith(personalFlair("alice", 0))).toBe(true);
  expect([0, 30, 31, 61, 62, 92, 93].map((s) => [...personalFlair("alice", s)].length)).toEqual([
    1, 1, 2, 2, 3, 3, 4,
  ]);
});

test("a window of a browser, a phone and quiet hours have badges of ours", () => {
  const host = { ...calm.host, browser: true, phone: true };
  expect(flairOf({ ...calm, host, quiet: true })).toBe("💎🪟📱🌙");
});

test("of a machine whose load nobody knows it says neither busy nor idle", () => {
  expect(flairOf({ ...calm, loadAvg: undefined })).toBe("💎");
  expect(flairOf({ ...calm, loadAvg: 0 })).toBe("💎🆒");
  expect(flairOf({ ...calm, loadAvg: 0.8 })).toBe("💎📈");
});
