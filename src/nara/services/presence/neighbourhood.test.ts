import { expect, test } from "vitest";
import { createNeighbourhood, type Neighbour } from "./neighbourhood.ts";
import { noObservation } from "./observation.ts";
import { zeroStatus } from "./status.ts";

const neighbour = (
  name: string,
  online: "ONLINE" | "MISSING" | "",
  lastSeenS: number,
  isMet = true,
): Neighbour => ({
  name,
  status: zeroStatus,
  observation: { ...noObservation, online, lastSeenS },
  isMet,
  greetedMe: false,
});

test("a neighbour is kept by name and replaced whole", () => {
  const street = createNeighbourhood();
  street.put(neighbour("alice", "", 1));
  street.put(neighbour("alice", "ONLINE", 2));
  expect(street.size).toBe(1);
  expect(street.get("alice")?.observation.lastSeenS).toBe(2);
});

test("hearsay makes room first, then the longest absent", () => {
  const street = createNeighbourhood({ max: 3 });
  street.put(neighbour("gone", "MISSING", 5));
  street.put(neighbour("longgone", "MISSING", 1));
  street.put(neighbour("rumour", "", 9, false));
  expect(street.put(neighbour("alice", "ONLINE", 10))).toEqual({
    taken: true,
    forgotten: "rumour",
  });
  expect(street.put(neighbour("bob", "ONLINE", 11)).forgotten).toBe("longgone");
  expect(street.put(neighbour("carol", "ONLINE", 12)).forgotten).toBe("gone");
});

test("a full street of those present takes nobody in", () => {
  const street = createNeighbourhood({ max: 1 });
  street.put(neighbour("alice", "ONLINE", 1));
  expect(street.put(neighbour("bob", "ONLINE", 9))).toEqual({ taken: false, forgotten: undefined });
  expect(street.all().map(({ name }) => name)).toEqual(["alice"]);
});

test("rumours do not displace rumours", () => {
  const street = createNeighbourhood({ max: 1 });
  street.put(neighbour("rumour", "", 0, false));
  expect(street.put(neighbour("other", "", 0, false)).taken).toBe(false);
});

test("who is removed is gone", () => {
  const street = createNeighbourhood();
  street.put(neighbour("alice", "", 1));
  expect(street.remove("alice")).toBe(true);
  expect(street.has("alice")).toBe(false);
});
