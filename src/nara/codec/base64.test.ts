import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeBase64, encodeBase64, usualBase64 } from "./base64.ts";

test("bytes survive the way there and back, padded", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const text = encodeBase64(bytes);
      expect(text).toBe(Buffer.from(bytes).toString("base64"));
      expect(decodeBase64(text)).toEqual(bytes);
    }),
  );
});

test("line breaks are skipped wherever they stand", () => {
  expect(decodeBase64("\rYW\nJj\r\n")).toEqual(Uint8Array.of(97, 98, 99));
  expect(decodeBase64("YQ=\n=\n")).toEqual(Uint8Array.of(97));
});

test("the spare low bits of the last letter are ignored", () => {
  expect(decodeBase64("YR==")).toEqual(Uint8Array.of(97));
});

test("what Go refuses is refused", () => {
  const bad = [
    "YQ",
    "YQ=",
    "YQ==A",
    "YQ==YQ==",
    "Y===",
    "====",
    "=",
    "Y Q=",
    "-_8=",
    "YWJ",
    "\u00e9AAA",
  ];
  for (const text of bad) expect(decodeBase64(text), text).toBeUndefined();
});

test("however its bytes are spelled, there is one usual spelling", () => {
  const unit = fc.constantFrom(..."AQgwBEx9+/", "=", "\n", "-");
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 70 }),
      fc.string({ unit, maxLength: 9 }),
      (bytes, end) => {
        const usual = encodeBase64(bytes);
        expect(usualBase64(usual)).toBe(usual);
        expect(usualBase64(`${usual.slice(0, 3)}\n${usual.slice(3)}`)).toBe(usual);
        const text = `QUJD${end}`;
        expect(usualBase64(text)).toBe(encodeBase64(decodeBase64(text) ?? new Uint8Array()));
      },
    ),
    { numRuns: 2000 },
  );
  expect(usualBase64("QR==")).toBe("QQ==");
});
