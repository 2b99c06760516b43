import { expect, test } from "vitest";
import { generateName, isNameWeAccept, isNameWeGive } from "./names.ts";

test("a name is generated from the UTF-8 of the id, and nothing gives unnamed-nara", () => {
  expect(generateName("")).toBe("unnamed-nara");
  expect(generateName("日本")).toMatch(/^[a-z]+-[a-z]+-\d{3}$/);
  expect(generateName("日本")).toBe(generateName("日本"));
});

test("every generated name is one that we give and accept", () => {
  for (let id = 0; id < 50; id++) {
    const name = generateName(`id-${id}`);
    expect(isNameWeGive(name) && isNameWeAccept(name), name).toBe(true);
  }
});

test.each(["a", "0", "blue-jay", "a-", "a".repeat(63)])("we give the name %j", (name) => {
  expect(isNameWeGive(name)).toBe(true);
});

test.each(["", "-a", "Blue", "a_b", "a.b", "a b", "a\n", "río", "a".repeat(64), "a/b", "+"])(
  "we do not give the name %j",
  (name) => {
    expect(isNameWeGive(name)).toBe(false);
  },
);

test.each(["a", "Blue_Jay.7", "río", "日本", "٣", "-", "..", "𐐀".repeat(63)])(
  "we accept the name %j",
  (name) => {
    expect(isNameWeAccept(name)).toBe(true);
  },
);

test.each([
  "",
  "a b",
  "a:b",
  "a/b",
  "#",
  "🦊",
  "<b>",
  "a\n",
  "a\u0000",
  "a\u202eb",
  "a\u200db",
  "ri\u0301o",
  "\ud800",
  "Ⅷ",
  "𐐀".repeat(64),
  "a".repeat(64),
])("we do not accept the name %j", (name) => {
  expect(isNameWeAccept(name)).toBe(false);
});
