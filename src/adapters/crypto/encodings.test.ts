import { Point } from "@noble/ed25519";
import { hexToBytes } from "@noble/hashes/utils.js";
import { expect, test } from "vitest";
import { isCornerCase, isWellFormed } from "./encodings.ts";

const order = Point.CURVE().n;

test("all eight points of small order are corner cases", () => {
  const generator = Point.fromHex(
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
  );
  const points = Array.from({ length: 8 }, (_, times) => generator.multiplyUnsafe(BigInt(times)));
  expect(new Set(points.map((point) => point.toHex())).size).toBe(8);
  expect(points.map((point) => isCornerCase(point.toBytes()))).toEqual(points.map(() => true));
});

test("an x of zero with the sign bit is a corner case", () => {
  for (const point of [Point.ZERO, Point.ZERO.add(new Point(0n, Point.CURVE().p - 1n, 1n, 0n))]) {
    const signed = point.toBytes();
    signed[31] = (signed[31] ?? 0) | 0x80;
    expect(isCornerCase(signed)).toBe(true);
  }
});

test("every y from p on is a corner case, with either sign", () => {
  for (let y = Point.CURVE().p; y < 2n ** 255n; y += 1n) {
    expect(isCornerCase(littleEndian(y))).toBe(true);
    expect(isCornerCase(littleEndian(y + 2n ** 255n))).toBe(true);
  }
});

test("neighbours of corner cases and honest points are none", () => {
  const { p } = Point.CURVE();
  for (const y of [2n, 3n, 255n, 256n, 2n ** 248n, 2n ** 254n, p - 2n, p - 256n]) {
    expect(isCornerCase(littleEndian(y))).toBe(false);
  }
  for (let times = 1n; times < 50n; times += 1n) {
    expect(isCornerCase(Point.BASE.multiply(times).toBytes())).toBe(false);
  }
});

test("S may be anything below L and nothing from L on", () => {
  const claimWith = (s: bigint) => ({
    publicKey: new Uint8Array(32),
    message: new Uint8Array(),
    signature: Uint8Array.of(...new Uint8Array(32), ...littleEndian(s)),
  });
  for (const s of [0n, 1n, 2n ** 252n, order - 256n, order - 1n]) {
    expect(isWellFormed(claimWith(s))).toBe(true);
  }
  for (const s of [order, order + 1n, order + 256n, 2n ** 253n, 2n ** 256n - 1n]) {
    expect(isWellFormed(claimWith(s))).toBe(false);
  }
});

function littleEndian(value: bigint): Uint8Array {
  return hexToBytes(value.toString(16).padStart(64, "0")).reverse();
}
