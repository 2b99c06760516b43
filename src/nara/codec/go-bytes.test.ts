import { expect, test } from "vitest";
import { bytes } from "./go-bytes.ts";
import { decodeGo, encodeGo } from "./go-types.ts";

const read = (text: string) => {
  const outcome = decodeGo(bytes, text);
  return outcome.ok ? outcome.value && [...outcome.value] : outcome.refusal;
};

test("bytes travel as base64 text", () => {
  expect(read('"AQID"')).toEqual([1, 2, 3]);
  expect(read('""')).toEqual([]);
  expect(read("null")).toBeNull();
  expect(read('"AQI"')).toBe("mistyped");
  expect(encodeGo(bytes, Uint8Array.of(1, 2, 3))).toBe('"AQID"');
});

test("a list of small whole numbers is read as bytes too", () => {
  expect(read("[]")).toEqual([]);
  expect(read("[0, 255, null]")).toEqual([0, 255, 0]);
  for (const bad of ["[256]", "[-1]", "[-0]", "[1.0]", '["1"]', "[[]]"]) {
    expect(read(bad)).toMatch(/mistyped|out_of_range/);
  }
  expect(read("{}")).toBe("mistyped");
});
