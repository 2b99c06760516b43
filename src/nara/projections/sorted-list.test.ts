import fc from "fast-check";
import { expect, test } from "vitest";
import { byTime, byValue, createSortedList, type Dated } from "./sorted-list.ts";

test("whatever comes and goes, what is left is in order", () => {
  const steps = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 20 })));
  fc.assert(
    fc.property(steps, (history) => {
      const list = createSortedList(byValue);
      let expected: number[] = [];
      for (const [comes, value] of history) {
        if (comes) {
          list.add(value);
          expected = [...expected, value].sort((one, other) => one - other);
        } else {
          const at = expected.indexOf(value);
          expect(list.remove(value)).toBe(at >= 0);
          if (at >= 0) expected = expected.toSpliced(at, 1);
        }
        expect(list.size).toBe(expected.length);
        expect(list.last()).toBe(expected.at(-1));
      }
      expect(list.items()).toEqual(expected);
    }),
  );
});

const dated = (id: string, tsNs: bigint): Dated => ({ id, tsNs });

test("newcomers stand behind or before those of the same time, as asked", () => {
  const [first, second] = [dated("first", 1n), dated("second", 1n)];
  const after = createSortedList(byTime("after"));
  const before = createSortedList(byTime("before"));
  for (const list of [after, before]) {
    list.add(first);
    list.add(second);
  }
  expect(after.items()).toEqual([first, second]);
  expect(before.items()).toEqual([second, first]);
});

test("of those at the same time the one with the id leaves", () => {
  const list = createSortedList(byTime("after"));
  for (const id of ["a", "b", "c"]) list.add(dated(id, 1n));
  expect(list.remove(dated("b", 1n))).toBe(true);
  expect(list.remove(dated("b", 1n))).toBe(false);
  expect(list.items().map(({ id }) => id)).toEqual(["a", "c"]);
});
