import { expect, test } from "vitest";
import { longestPostcard } from "../../worker/protocol.ts";
import {
  journeyLine,
  listed,
  messageTrouble,
  nameForMark,
  stampOf,
  whereabouts,
} from "./journey-words.ts";

const underWay = {
  id: "1",
  message: "hello",
  sentAtMs: 10_000,
  takenBy: "",
  seenBy: [],
  isLost: false,
};

test("a message must say something, and fit; blanks around it do not count", () => {
  expect(messageTrouble(" \n ")).toBe("an empty postcard tells nobody anything.");
  expect(messageTrouble(` ${"💌".repeat(longestPostcard)} `)).toBeUndefined();
  expect(messageTrouble("x".repeat(longestPostcard + 1))).toBe(
    "one letter too many for a postcard.",
  );
  expect(messageTrouble("x".repeat(longestPostcard + 7))).toBe("7 letters too many.");
});

test("of a postcard under way no more is told than is known", () => {
  expect(whereabouts(underWay, 52_000)).toBe(
    "under way for 42 s; nobody has said yet who took it.",
  );
  expect(whereabouts({ ...underWay, takenBy: "bob" }, 52_000)).toBe(
    "under way for 42 s; bob took it along.",
  );
  expect(whereabouts({ ...underWay, takenBy: "bob", seenBy: ["bob", "carol"] }, 52_000)).toBe(
    "under way for 42 s; seen by bob and carol.",
  );
  expect(whereabouts({ ...underWay, isLost: true }, 610_000)).toBe(
    "nobody has brought it home for 10 min. lost, perhaps; it may turn up all the same.",
  );
});

test("a journey is told by its hops and how long it took, where that is known", () => {
  const hop = { nara: "bob", stamp: "🌟", atMs: 0 };
  const card = { id: "1", message: "", sentAtMs: 1000, homeAtMs: 13_000, hops: [hop, hop] };
  expect(journeyLine(card)).toBe("2 hops in 12 s");
  expect(journeyLine({ ...card, homeAtMs: 1400 })).toBe("2 hops in a blink");
  expect(journeyLine({ ...card, hops: [hop], sentAtMs: 0 })).toBe("one hop");
});

test("names are listed as people do", () => {
  expect(listed(["a"])).toBe("a");
  expect(listed(["a", "b"])).toBe("a and b");
  expect(listed(["a", "b", "c", "d"])).toBe("a, b and 2 more");
});

test("a stamp is one sign, and a long name is cut to fit its postmark", () => {
  expect(stampOf({ stamp: "👩‍🚀 and a long story" })).toBe("👩‍🚀");
  expect(stampOf({ stamp: "" })).toBe("");
  expect(nameForMark("noisy-bear-189")).toBe("noisy-bear-189");
  expect(nameForMark("a-very-long-name-indeed-001")).toBe("a-very-long-name…");
});
