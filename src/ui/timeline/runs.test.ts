import { expect, test } from "vitest";
import { sampleEntry } from "../testing/sample-view.ts";
import { runsOf } from "./runs.ts";

const said = (id: string, text: string, detail = "") => ({
  ...sampleEntry(1, "fox", 1e12),
  id,
  text,
  detail,
  signed: true,
});
const told = (...entries: readonly ReturnType<typeof said>[]) =>
  [...runsOf(entries)].map(([{ id }, times]) => [id, times]);

test("what several say word for word, one after the other, is told once and counted", () => {
  expect(
    told(
      said("a", "fox is new"),
      said("b", "fox is new"),
      said("c", "fox is new"),
      said("d", "hm"),
    ),
  ).toEqual([
    ["a", 3],
    ["d", 1],
  ]);
});

test("the same words at another time, or about something else, stay lines of their own", () => {
  expect(
    told(said("a", "hm"), said("b", "well"), said("c", "hm"), said("d", "hm", "again")),
  ).toEqual([
    ["a", 1],
    ["b", 1],
    ["c", 1],
    ["d", 1],
  ]);
});
