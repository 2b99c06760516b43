import fc from "fast-check";
import { expect, test } from "vitest";
import { formatRfc3339, parseRfc3339, reencodeRfc3339 } from "./rfc3339.ts";

test("trailing zeros go, the offset stays, offset 0 is Z", () => {
  expect(reencodeRfc3339("2026-01-02T03:04:05.120Z")).toBe("2026-01-02T03:04:05.12Z");
  expect(reencodeRfc3339("2026-01-02T03:04:05.000Z")).toBe("2026-01-02T03:04:05Z");
  expect(reencodeRfc3339("2026-01-02T03:04:05+00:00")).toBe("2026-01-02T03:04:05Z");
  expect(reencodeRfc3339("2026-01-02T03:04:05-00:00")).toBe("2026-01-02T03:04:05Z");
  expect(reencodeRfc3339("2026-01-02T03:04:05.5+01:00")).toBe("2026-01-02T03:04:05.5+01:00");
  expect(reencodeRfc3339("2026-01-02T03:04:05.1234567899-11:30")).toBe(
    "2026-01-02T03:04:05.123456789-11:30",
  );
});

test("times are read to the nanosecond, in their zone", () => {
  expect(parseRfc3339("1970-01-01T00:00:00.000000001Z")?.ns).toBe(1n);
  expect(parseRfc3339("1970-01-01T01:00:00+01:00")?.ns).toBe(0n);
  expect(parseRfc3339("1969-12-31T23:59:59.9Z")?.ns).toBe(-100_000_000n);
  expect(parseRfc3339("2000-02-29T00:00:00Z")?.ns).toBe(951_782_400_000_000_000n);
});

test("what Go refuses is refused", () => {
  const bad = [
    "2026-1-02T03:04:05Z",
    "2026-13-02T03:04:05Z",
    "2026-02-29T03:04:05Z",
    "2026-01-02T24:04:05Z",
    "2026-01-02T03:04:60Z",
    "2026-01-02t03:04:05Z",
    "2026-01-02T03:04:05z",
    "2026-01-02T03:04:05",
    "2026-01-02T03:04:05,5Z",
    "2026-01-02T03:04:05.Z",
    "2026-01-02T03:04:05+24:00",
    "2026-01-02T03:04:05+01:60",
    "2026-01-02 03:04:05Z",
    "",
  ];
  for (const text of bad) expect(parseRfc3339(text), text).toBeUndefined();
});

test("only years of four digits are printed", () => {
  const year10000 = parseRfc3339("9999-12-31T23:59:59.999999999Z");
  expect(formatRfc3339((year10000?.ns ?? 0n) + 1n)).toBeUndefined();
  expect(reencodeRfc3339("0000-01-01T00:00:00Z")).toBe("0000-01-01T00:00:00Z");
  expect(formatRfc3339((parseRfc3339("0000-01-01T00:00:00Z")?.ns ?? 0n) - 1n)).toBeUndefined();
});

test("every time survives the way there and back, and agrees with the platform's clock", () => {
  const span = 250_000_000_000_000_000_000n;
  fc.assert(
    fc.property(
      fc.bigInt({ min: -60_000_000_000_000_000_000n, max: span }),
      fc.integer({ min: -1439, max: 1439 }),
      (ns, offsetMinutes) => {
        const text = formatRfc3339(ns, offsetMinutes) ?? "";
        expect(parseRfc3339(text)).toEqual({ ns, offsetMinutes });
        const wholeS =
          (ns - (((ns % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n)) / 1_000_000_000n;
        expect(formatRfc3339(wholeS * 1_000_000_000n)).toBe(
          new Date(Number(wholeS) * 1000).toISOString().replace(".000", ""),
        );
      },
    ),
  );
});
