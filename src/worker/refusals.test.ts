import { expect, test } from "vitest";
import { refusalsIn } from "./refusals.ts";

test("bad lines and refused events are one account, the most frequent first, in words", () => {
  const told = refusalsIn({
    lines: 20,
    events: 17,
    bad: { malformed: 1, unknown_kind: 2 },
    firstBad: [{ line: 3, reason: "malformed" }],
    remembered: 4,
    refused: { duplicate: 12, malformed: 1 },
  });
  expect(told.map(({ reason, count }) => [reason, count])).toEqual([
    ["duplicate", 12],
    ["malformed", 2],
    ["unknown_kind", 2],
  ]);
  expect(told[0]?.meaning).toBe("I have heard exactly this before");
});
