import { expect, test } from "vitest";
import { protocolVersion, type ToPage } from "../worker/protocol.ts";
import { type Followed, follow, nothingFollowed, withDelta } from "./following.ts";
import { sampleEntry, sampleNeighbour, sampleSettings, sampleView } from "./testing/sample-view.ts";

const now = 1e12;
const snapshot: ToPage = {
  type: "state",
  epoch: "a",
  seq: 3,
  state: { life: "living", view: sampleView(3, now), settings: sampleSettings },
};
const after = (...messages: readonly ToPage[]): Followed => {
  let known = nothingFollowed;
  for (const message of messages) {
    const step = follow(known, message);
    if (step.kind === "followed") known = step.followed;
  }
  return known;
};
const welcome: ToPage = { type: "welcome", protocol: protocolVersion, epoch: "a" };
const delta = (seq: number, epoch = "a"): ToPage => ({
  type: "delta",
  epoch,
  seq,
  delta: { clockSkewMs: seq },
});

test("a page follows a snapshot and the deltas after it", () => {
  const known = after(welcome, snapshot, delta(4), delta(5));
  expect(known.seq).toBe(5);
  expect(known.host.life === "living" && known.host.view.clockSkewMs).toBe(5);
});

test("a gap, another epoch or a delta before any snapshot means saying hello again", () => {
  const known = after(welcome, snapshot);
  expect(follow(known, delta(5)).kind).toBe("lost");
  expect(follow(known, delta(4, "b")).kind).toBe("lost");
  expect(follow(after(welcome), delta(1)).kind).toBe("lost");
});

test("a delta that was already seen changes nothing", () => {
  expect(follow(after(welcome, snapshot), delta(3)).kind).toBe("same");
});

test("a snapshot of a new epoch is followed at once", () => {
  const known = after(welcome, snapshot, { ...snapshot, epoch: "b", seq: 0 } as ToPage);
  expect(known.epoch).toBe("b");
  expect(follow(known, delta(1, "b")).kind).toBe("followed");
});

test("a host of another protocol is an outdated page", () => {
  expect(
    follow(nothingFollowed, { type: "welcome", protocol: protocolVersion + 1, epoch: "a" }).kind,
  ).toBe("outdated");
});

test("neighbours come, change and go by name", () => {
  const view = sampleView(3, now);
  const [one, two] = view.neighbours as [
    ReturnType<typeof sampleNeighbour>,
    ReturnType<typeof sampleNeighbour>,
  ];
  const later = withDelta(view, {
    neighbours: [{ ...one, restarts: 99 }, sampleNeighbour(7, now)],
    gone: [two.name],
  });
  expect(later.neighbours).toHaveLength(3);
  expect(later.neighbours.find(({ name }) => name === one.name)?.restarts).toBe(99);
  expect(later.neighbours.some(({ name }) => name === two.name)).toBe(false);
  expect(later.me).toBe(view.me);
});

test("the timeline keeps the hundred newest", () => {
  const view = sampleView(3, now);
  const timeline = Array.from({ length: 120 }, (_, at) => sampleEntry(1000 + at, "x", now + at));
  const later = withDelta(view, { timeline });
  expect(later.timeline).toHaveLength(100);
  expect(later.timeline.at(-1)?.id).toBe("e1119");
});

test("an unchanged part is the very same part, and unknown skew can be told", () => {
  const view = sampleView(3, now);
  expect(withDelta(view, {}).neighbours).toBe(view.neighbours);
  expect(withDelta(view, { clockSkewMs: null }).clockSkewMs).toBeNull();
});
