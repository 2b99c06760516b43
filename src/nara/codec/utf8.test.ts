import fc from "fast-check";
import { expect, test } from "vitest";
import { compareUtf8, fromUtf8, utf8, utf8Length, wellFormed } from "./utf8.ts";

const fromHex = (hex: string): string => fromUtf8(new Uint8Array(Buffer.from(hex, "hex")));

test("every byte that begins no sequence becomes one replacement character, as in Go", () => {
  expect(fromHex("61f09fa662")).toBe("a\ufffd\ufffd\ufffdb");
  expect(fromHex("eda080")).toBe("\ufffd\ufffd\ufffd");
  expect(fromHex("c0af")).toBe("\ufffd\ufffd");
  expect(fromHex("f4908080")).toBe("\ufffd\ufffd\ufffd\ufffd");
  expect(fromHex("ffc3b1f09fa68a")).toBe("\ufffd\u00f1\ud83e\udd8a");
});

test("a byte order mark stays in the text", () => {
  expect(fromHex("efbbbf61")).toBe("\ufeffa");
});

test("lone surrogates become replacement characters, pairs stay", () => {
  expect(wellFormed("a\ud800b\ud83e\udd8a\udc00")).toBe("a\ufffdb\ud83e\udd8a\ufffd");
  expect(fromUtf8(utf8("\ud800"))).toBe("\ufffd");
});

test("text survives the way there and back", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(fromUtf8(utf8(text))).toBe(text);
      expect(utf8Length(text)).toBe(utf8(text).length);
    }),
  );
});

test("lone surrogates count as the three bytes of their replacement", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(0xffff)), (units) => {
      const text = String.fromCharCode(...units);
      expect(utf8Length(text)).toBe(utf8(text).length);
    }),
  );
});

test("texts compare by their bytes", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (left, right) => {
      expect(Math.sign(compareUtf8(left, right))).toBe(Buffer.compare(utf8(left), utf8(right)));
    }),
  );
  expect(compareUtf8("\uffee", "\ud83e\udd8a")).toBeLessThan(0);
});

test("broken bytes never throw, and what comes out is well formed", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const text = fromUtf8(bytes);
      expect(wellFormed(text)).toBe(text);
    }),
  );
});

test("broken or not, bytes read as Go reads them, and cost no more than their length", () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 4 }),
    fc.string({ unit: "binary", maxLength: 3 }).map((text) => utf8(text)),
  );
  const oneByOne = (bytes: Uint8Array): string => {
    let text = "";
    for (let at = 0; at < bytes.length; ) {
      const end = [1, 2, 3, 4].find((length) => isWhole(bytes.subarray(at, at + length), length));
      text += end === undefined ? "\ufffd" : Buffer.from(bytes.subarray(at, at + end)).toString();
      at += end ?? 1;
    }
    return text;
  };
  const isWhole = (bytes: Uint8Array, length: number): boolean => {
    if (bytes.length !== length) return false;
    try {
      const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
      return [...text].length === 1;
    } catch {
      return false;
    }
  };
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const bytes = new Uint8Array(pieces.flatMap((one) => [...one]));
      expect(fromUtf8(bytes)).toBe(oneByOne(bytes));
    }),
  );
  expect(fromUtf8(new Uint8Array(10_000_000).fill(0xc3))).toHaveLength(10_000_000);
});
