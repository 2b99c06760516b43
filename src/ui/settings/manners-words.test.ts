import { expect, test } from "vitest";
import { clockTime, mannersLine, minuteOf } from "./manners-words.ts";

test("times of day are read as they are written", () => {
  for (const minute of [0, 425, 1320, 1439]) expect(minuteOf(clockTime(minute))).toBe(minute);
  expect(minuteOf("22:00:00")).toBe(1320);
  for (const typed of ["", "24:00", "12:60", "noon", "7:5"])
    expect(minuteOf(typed)).toBeUndefined();
});

test("what was chosen is said in one line", () => {
  const open = { readOnly: false, stealth: false, quietHours: null };
  const night = { fromMinute: 1320, toMinute: 420 };
  expect(mannersLine(open)).toBe("from now on it speaks its mind.");
  expect(mannersLine({ ...open, readOnly: true })).toBe("from now on it only listens.");
  expect(mannersLine({ ...open, stealth: true, quietHours: night })).toBe(
    "from now on it keeps to itself how it lives and is quiet from 22:00 to 07:00.",
  );
});
