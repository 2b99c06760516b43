import { expect, test } from "vitest";
import { createClockSkew } from "./clock-skew.ts";

test("nobody heard, nothing known", () => {
  expect(createClockSkew().medianMs()).toBeNull();
});

test("one author's odd clock does not decide, however often it speaks", () => {
  const skew = createClockSkew();
  skew.note("alice", 20);
  skew.note("bob", 30);
  for (let n = 0; n < 10; n++) skew.note("mallory", 9_000_000);
  expect(skew.medianMs()).toBe(30);
});

test("only the last fifty authors count", () => {
  const skew = createClockSkew();
  for (let n = 0; n < 50; n++) skew.note(`old-${n}`, 1000);
  for (let n = 0; n < 50; n++) skew.note(`new-${n}`, 5);
  expect(skew.medianMs()).toBe(5);
});
