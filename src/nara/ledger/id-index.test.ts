import fc from "fast-check";
import { expect, test } from "vitest";
import { createIdIndex } from "./id-index.ts";
import { none } from "./slot-lists.ts";

test("it finds what is in and nothing else, however much the ids collide", () => {
  const id = fc
    .tuple(fc.constantFrom("00000000", "000003ff", "ffffffff", "00000400"), fc.nat({ max: 40 }))
    .map(([head, tail]) => head + String(tail).padStart(24, "0"));
  fc.assert(
    fc.property(fc.array(id, { maxLength: 400 }), (touched) => {
      const ids: string[] = [];
      const index = createIdIndex((slot) => ids[slot] ?? "");
      const expected = new Map<string, number>();
      for (const one of touched) {
        if (expected.delete(one)) index.remove(one);
        else {
          expected.set(one, ids.push(one) - 1);
          index.add(one, ids.length - 1);
        }
      }
      for (const one of touched) expect(index.find(one)).toBe(expected.get(one) ?? none);
    }),
  );
});

test("it grows", () => {
  const ids = Array.from({ length: 5000 }, (_, at) =>
    at.toString(16).padStart(8, "0").padEnd(32, "0"),
  );
  const index = createIdIndex((slot) => ids[slot] ?? "");
  for (const [slot, id] of ids.entries()) index.add(id, slot);
  expect(ids.every((id, slot) => index.find(id) === slot)).toBe(true);
  expect(index.find("not an id")).toBe(none);
});
