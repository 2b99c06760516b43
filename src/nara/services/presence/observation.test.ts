import { expect, test } from "vitest";
import {
  decodeObservation,
  encodeObservation,
  fillObservation,
  mergeObservation,
  noObservation,
  type Observation,
  plausible,
} from "./observation.ts";

const remembered = (parts: Partial<Observation>): Observation => ({ ...noObservation, ...parts });

test("an observation of nothing is an empty object on the wire", () => {
  expect(encodeObservation(noObservation)).toBe("{}");
  expect(decodeObservation("{}")).toEqual({ ok: true, value: noObservation });
});

test("an observation survives the wire, whatever the case of its keys", () => {
  const observation = remembered({ restarts: 3, online: "ONLINE", avgPingRttMs: 1.5 });
  const wire = '{"restarts":3,"online":"ONLINE","avg_ping_rtt":1.5}';
  expect(encodeObservation(observation)).toBe(wire);
  expect(decodeObservation(wire.replace("restarts", "Restarts"))).toEqual({
    ok: true,
    value: observation,
  });
});

test("a state nobody knows is no state", () => {
  const decoded = decodeObservation('{"online":"ASLEEP"}');
  expect(decoded.ok && decoded.value.online).toBe("");
});

test("a count with a fraction is refused", () => {
  expect(decodeObservation('{"restarts":5.0}').ok).toBe(false);
});

test("a neighbour's memory adds a start time only where I have none", () => {
  const merged = mergeObservation(
    remembered({ restarts: 5 }),
    remembered({ startTimeS: 100, restarts: 7, lastSeenS: 200, online: "ONLINE" }),
  );
  expect(merged).toEqual(remembered({ startTimeS: 100, restarts: 7, lastSeenS: 200 }));
  expect(mergeObservation(remembered({ startTimeS: 50 }), merged).startTimeS).toBe(50);
});

test("hearsay moves nothing that I know myself", () => {
  const mine = remembered({ startTimeS: 100, restarts: 2, lastSeenS: 300 });
  const theirs = remembered({ startTimeS: 90, restarts: 99, lastSeenS: 900, lastRestartS: 250 });
  expect(fillObservation(mine, theirs)).toEqual({ ...mine, lastRestartS: 250 });
});

test("memories of the future or from before all time are no memories", () => {
  const odd = remembered({
    startTimeS: -3,
    lastSeenS: 1001,
    lastRestartS: 1000,
    restarts: 2 ** 40,
  });
  expect(plausible(odd, 1000)).toEqual(remembered({ lastRestartS: 1000, restarts: 1_000_000 }));
});
