import fc from "fast-check";
import { expect, test } from "vitest";
import { createSlotOrder } from "./slot-order.ts";

/** Slots whose order is that of `keys`, ties by slot. */
function orderOf(keys: readonly number[]) {
  const key = (slot: number): number => keys[slot] ?? 0;
  const goesBefore = (left: number, right: number): boolean =>
    key(left) === key(right) ? left < right : key(left) < key(right);
  const sorted = (slots: Iterable<number>) =>
    [...slots].sort((left, right) => key(left) - key(right) || left - right);
  return { order: createSlotOrder(goesBefore), key, sorted };
}

test("slots come out in order, whatever order they went in and out", () => {
  const ops = fc.array(fc.nat({ max: 1999 }), { maxLength: 4000 });
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 50 }), { minLength: 2000, maxLength: 2000 }), ops, check),
    { numRuns: 30 },
  );
  function check(keys: readonly number[], touched: readonly number[]) {
    const { order, key, sorted } = orderOf(keys);
    const inside = new Set(keys.keys());
    for (const slot of inside) order.add(slot);
    for (const slot of touched) {
      if (inside.delete(slot)) order.remove(slot);
      else order.add(inside.add(slot) && slot);
    }
    const expected = sorted(inside);
    expect([...order.backwards()].reverse()).toEqual(expected);
    expect(order.first()).toBe(expected[0]);
    for (const from of [0, 25, 50, 51]) {
      const reached = expected.filter((slot) => key(slot) >= from);
      expect([...order.from((slot) => key(slot) >= from)]).toEqual(reached);
    }
  }
});

test("it can be emptied from the front and filled again", () => {
  const keys = Array.from({ length: 3000 }, (_, at) => (at * 7919) % 3000);
  const { order, sorted } = orderOf(keys);
  for (let round = 0; round < 2; round++) {
    for (const slot of keys.keys()) order.add(slot);
    for (const slot of sorted(keys.keys())) {
      expect(order.first()).toBe(slot);
      order.remove(slot);
    }
    expect(order.first()).toBeUndefined();
  }
});

test("taking out a slot that is not in changes nothing", () => {
  const { order } = orderOf([1, 2, 3]);
  order.remove(1);
  order.add(2);
  order.remove(0);
  expect([...order.backwards()]).toEqual([2]);
});
