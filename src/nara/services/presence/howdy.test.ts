import { expect, test } from "vitest";
import { chooseNeighbours, decodeHowdy, encodeHowdy, type Howdy, howdyText } from "./howdy.ts";
import { noObservation } from "./observation.ts";
import { zeroStatus } from "./status.ts";

const howdy: Howdy = {
  from: "alice",
  to: "bob",
  seq: 2,
  you: { ...noObservation, startTimeS: 1000 },
  neighbours: [{ name: "carol", publicKey: "K", meshIp: "", id: "ID", observation: noObservation }],
  me: { ...zeroStatus, observations: new Map() },
  signature: "S",
};

const acquaintance = (name: string, online: "ONLINE" | "", lastSeenS: number) => ({
  name,
  observation: { ...noObservation, online, lastSeenS },
});

const greeting = { myName: "me", target: "bob", mentioned: new Set<string>(), shortMemory: false };

test("a howdy survives the wire", () => {
  expect(decodeHowdy(encodeHowdy(howdy))).toEqual({ ok: true, value: howdy });
  expect(howdyText(howdy)).toBe("howdy:alice:bob:2");
});

test("a howdy never carries null observations, and null for no neighbours", () => {
  const wire = encodeHowdy({ ...howdy, neighbours: [], me: zeroStatus });
  expect(wire).toContain('"Observations":{}');
  expect(wire).toContain('"Neighbors":null');
});

test("a howdy from or to a name that nobody may carry is refused", () => {
  for (const broken of [{ from: "a:b" }, { to: "" }, { from: "x".repeat(64) }]) {
    expect(decodeHowdy(encodeHowdy({ ...howdy, ...broken }))).toEqual({
      ok: false,
      refusal: "bad_name",
    });
  }
});

test("neighbours that cannot be are left out", () => {
  const [carol] = howdy.neighbours;
  const neighbours = [
    carol!,
    { ...carol!, name: "with space" },
    { ...carol!, name: "dave", id: "i".repeat(300) },
  ];
  const decoded = decodeHowdy(encodeHowdy({ ...howdy, neighbours }));
  expect(decoded.ok && decoded.value.neighbours.map(({ name }) => name)).toEqual(["carol"]);
});

test("neighbours are those online, the longest unseen first, and nobody twice", () => {
  const known = [
    acquaintance("bob", "ONLINE", 1),
    acquaintance("me", "ONLINE", 1),
    acquaintance("mentioned", "ONLINE", 1),
    acquaintance("away", "", 2),
    acquaintance("lately", "ONLINE", 9),
    acquaintance("longago", "ONLINE", 5),
  ];
  const chosen = chooseNeighbours(known, { ...greeting, mentioned: new Set(["mentioned"]) });
  expect(chosen.map(({ name }) => name)).toEqual(["longago", "lately", "away"]);
});

test("a howdy names ten neighbours, five when memory is short", () => {
  const known = Array.from({ length: 12 }, (_, index) => acquaintance(`n${index}`, "", index + 1));
  expect(chooseNeighbours(known, greeting)).toHaveLength(10);
  expect(chooseNeighbours(known, { ...greeting, shortMemory: true })).toHaveLength(5);
});
