import fc from "fast-check";
import { expect, test } from "vitest";
import * as browsers from "../../nara/codec/sha256.ts";
import * as node from "./sha256-node.ts";

const texts = fc.oneof(
  fc.string({ maxLength: 2000 }),
  fc.string({ unit: "grapheme", maxLength: 700 }),
  // Any UTF-16 units, lone surrogates among them.
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 400 }).map(fromUnits),
  fc.array(fc.integer({ min: 0xd7f0, max: 0xe010 }), { maxLength: 400 }).map(fromUnits),
);

test("Node's digests of bytes are those of browsers", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), fc.uint8Array({ maxLength: 200 }), (a, b) => {
      expect(node.sha256(a)).toEqual(browsers.sha256(a));
      expect(node.sha256(a, b)).toEqual(browsers.sha256(a, b));
    }),
  );
  const large = Uint8Array.from({ length: 700_001 }, (_, at) => at * 31 + (at >> 8));
  expect(node.sha256(large)).toEqual(browsers.sha256(large));
  expect(node.sha256(large.subarray(7, 500_000))).toEqual(
    browsers.sha256(large.subarray(7, 500_000)),
  );
  expect(node.sha256()).toEqual(browsers.sha256());
});

test("Node's digests of texts are those of browsers, whatever they spell", () => {
  const hashers = { node: node.createTextHasher(), browsers: browsers.createTextHasher() };
  fc.assert(
    fc.property(texts, texts, (text, other) => {
      const hex = browsers.sha256Hex(text);
      const digest = browsers.sha256(text);
      expect(node.sha256Hex(text)).toBe(hex);
      expect(node.sha256(text)).toEqual(digest);
      expect(node.sha256(text, other)).toEqual(browsers.sha256(text, other));
      for (const hasher of Object.values(hashers)) {
        const into = new Uint8Array(32);
        hasher.digestInto(text, into);
        expect(into).toEqual(digest);
        expect(hasher.digest(text)).toEqual(digest);
        expect(hasher.hasHexStart(text, hex.slice(0, 32))).toBe(true);
        expect(hasher.hasHexStart(text, hex)).toBe(false);
        expect(hasher.hasHexStart(text, hex.slice(0, 31))).toBe(false);
      }
    }),
    { numRuns: 500 },
  );
});

test("either gives the digests of FIPS 180-4", () => {
  for (const { sha256Hex } of [node, browsers]) {
    expect(sha256Hex("abc")).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
  }
});

test("they have the same functions", () => {
  const either: readonly (typeof browsers)[] = [node, browsers];
  expect(new Set(either.map((one) => Object.keys(one).sort().join()))).toHaveLength(1);
});

test("naras on Node hash as Node does", async () => {
  const chosen: typeof browsers = await import("#sha256");
  expect(chosen.sha256Hex).toBe(node.sha256Hex);
});

function fromUnits(units: readonly number[]): string {
  return String.fromCharCode(...units);
}
