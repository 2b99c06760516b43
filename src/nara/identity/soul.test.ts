import fc from "fast-check";
import { expect, test } from "vitest";
import { nameFromSeed } from "./names.ts";
import {
  bindSoul,
  bondHolds,
  emptySoul,
  formatSoul,
  mintNamelessSoul,
  mintSoul,
  naraId,
  parseSoul,
  type Soul,
} from "./soul.ts";

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const anySoul: fc.Arbitrary<Soul> = fc.record({ seed: bytes(32), tag: bytes(8) });
const fingerprint = new Uint8Array(32).fill(7);
const otherFingerprint = new Uint8Array(32).fill(8);

test("any soul survives being written down", () => {
  fc.assert(
    fc.property(anySoul, (soul) => {
      const text = formatSoul(soul);
      expect(text.length).toBeLessThanOrEqual(55);
      expect(parseSoul(text)).toEqual({ ok: true, value: soul });
    }),
  );
});

test("leading zero bytes of a seed are kept", () => {
  fc.assert(
    fc.property(anySoul, fc.integer({ min: 1, max: 32 }), ({ seed, tag }, zeros) => {
      const soul = { seed: seed.fill(0, 0, zeros), tag };
      expect(parseSoul(formatSoul(soul))).toEqual({ ok: true, value: soul });
    }),
  );
  expect(formatSoul(emptySoul)).toBe("1".repeat(40));
  expect(parseSoul("1".repeat(40))).toEqual({ ok: true, value: emptySoul });
});

test("no other text is a soul: what is read writes back the same", () => {
  const base58 = fc.string({ unit: fc.constantFrom(..."123BCxyz"), minLength: 38, maxLength: 58 });
  fc.assert(
    fc.property(fc.oneof(base58, fc.string()), (text) => {
      const read = parseSoul(text);
      expect(read.ok ? formatSoul(read.value) : text).toBe(text);
    }),
  );
});

test.each([
  ["", "not 40 bytes"],
  ["abc", "not 40 bytes"],
  ["invalid!@#$", "not base58"],
  ["0OIl", "not base58"],
  ["🦊", "not base58"],
  ["1".repeat(39), "not 40 bytes"],
  ["1".repeat(41), "not 40 bytes"],
  ["z".repeat(1_000_000), "not 40 bytes"],
] as const)("a text that is no soul is refused", (text, refusal) => {
  expect(parseSoul(text)).toEqual({ ok: false, refusal });
});

test("white space round a soul is a foreign character", () => {
  const text = formatSoul(mintSoul(fingerprint, "alice"));
  for (const spoilt of [` ${text}`, `${text}\n`, `\ufeff${text}`]) {
    expect(parseSoul(spoilt).ok).toBe(false);
  }
});

test("a bond holds for the name it was minted for, and for no other", () => {
  const soul = mintSoul(fingerprint, "alice");
  expect(bondHolds(soul, "alice")).toBe(true);
  expect(bondHolds(soul, "Alice")).toBe(false);
  expect(bondHolds(soul, "")).toBe(false);
  expect(bondHolds(bindSoul(soul.seed, ""), "")).toBe(false);
  expect(bondHolds({ ...soul, tag: soul.tag.slice(0, 7) }, "alice")).toBe(false);
});

test("a nara renamed keeps its seed and gets a new bond and id", () => {
  const soul = mintSoul(fingerprint, "alice");
  const renamed = bindSoul(soul.seed, "carol");
  expect(renamed.seed).toEqual(soul.seed);
  expect(bondHolds(renamed, "carol")).toBe(true);
  expect(bondHolds(renamed, "alice")).toBe(false);
  expect(naraId(renamed, "carol")).not.toBe(naraId(soul, "alice"));
});

test("a nameless soul is bonded to the name that its seed gives", () => {
  const soul = mintNamelessSoul(fingerprint);
  expect(bondHolds(soul, nameFromSeed(soul.seed))).toBe(true);
});

test("native souls are the same every time, and differ by fingerprint and by name", () => {
  expect(mintSoul(fingerprint, "alice")).toEqual(mintSoul(fingerprint, "alice"));
  expect(mintSoul(fingerprint, "alice").seed).not.toEqual(mintSoul(fingerprint, "bob").seed);
  expect(mintSoul(fingerprint, "alice").seed).not.toEqual(mintSoul(otherFingerprint, "alice").seed);
  expect(mintNamelessSoul(fingerprint)).not.toEqual(mintNamelessSoul(otherFingerprint));
});

test("an id depends on the soul and on the name", () => {
  const soul = mintSoul(fingerprint, "alice");
  expect(naraId(soul, "alice")).toBe(naraId(soul, "alice"));
  expect(naraId(soul, "alice")).not.toBe(naraId(soul, "bob"));
  expect(naraId(soul, "alice")).not.toBe(naraId(mintSoul(otherFingerprint, "alice"), "alice"));
});
