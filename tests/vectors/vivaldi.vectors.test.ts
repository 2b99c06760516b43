/** Places on the map of round trips as the reference moves them (docs/protocol/presence-and-life.md §6). */
import { expect } from "vitest";
import { distanceMs } from "../../src/nara/projections/proximity.ts";
import { movedBy } from "../../src/nara/services/coordinates/vivaldi.ts";
import { coverSections, testCases } from "./support.ts";

/** [x, y, height, error] */
type Place = readonly [number, number, number, number];

interface VivaldiVector {
  readonly start: Place;
  readonly steps: readonly {
    readonly peer: Place;
    readonly rtt: number;
    readonly predicted: number;
    readonly after: Place;
    readonly returned: number;
  }[];
}

const placed = ([x, y, height, error]: Place) => ({ x, y, height, error });
const noChance = {
  fraction: (): number => {
    throw new Error("nothing is drawn between places that differ");
  },
};

coverSections("life.json", {
  vivaldi: (cases: readonly VivaldiVector[]) =>
    testCases(cases, ({ start, steps }) => {
      let me = placed(start);
      for (const { peer, rtt, predicted, after, returned } of steps) {
        expect(distanceMs(me, placed(peer))).toBe(predicted);
        me = movedBy(me, placed(peer), rtt, noChance);
        expect(me).toEqual(placed(after));
        expect(me.error).toBe(returned);
      }
    }),
});
