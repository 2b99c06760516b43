import fc from "fast-check";
import { expect, test } from "vitest";
import {
  bool,
  decodeGo,
  float64,
  int64,
  list,
  omitEmpty,
  struct,
  text,
  uint64,
} from "./go-types.ts";
import { type JsonReader, jsonReader, plazaLimits } from "./json-reader.ts";
import { type PlainForm, plainReader } from "./plain-form.ts";

const letter = struct({
  id: text,
  ts: int64,
  size: omitEmpty(float64),
  seen: omitEmpty(bool),
  uptime: omitEmpty(uint64),
  inner: struct({ kind: text, key: omitEmpty(text) }),
});
const fast = plainReader(letter.plain as PlainForm<unknown>);
const readFast = (source: string, limits = plazaLimits) => {
  const reader: JsonReader = jsonReader(source, limits);
  return { value: fast(reader), at: reader.at };
};

/** Half of them as most naras write; all of the fields must be so for the fast lane. */
const plainWords = fc.stringMatching(/^[a-z0-9 -]*$/);
const letters = fc.oneof(
  fc.record({
    id: fc.string(),
    ts: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    size: fc.double({ noNaN: true, noDefaultInfinity: true }),
    seen: fc.boolean(),
    uptime: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    inner: fc.record({ kind: fc.string({ unit: "binary" }), key: fc.string() }),
  }),
  fc.record({
    id: plainWords,
    ts: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    size: fc.integer(),
    seen: fc.boolean(),
    uptime: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    inner: fc.record({ kind: plainWords, key: plainWords }),
  }),
);

test("the fast lane finds what the reader finds, or nothing", () => {
  const taken = new Set<boolean>();
  fc.assert(
    fc.property(letters, fc.nat(), fc.string({ maxLength: 2 }), (sent, where, inserted) => {
      const printed = letter.print(sent);
      const at = where % printed.length;
      for (const source of [printed, `${printed.slice(0, at)}${inserted}${printed.slice(at)}`]) {
        const { value, at: end } = readFast(source);
        taken.add(value !== undefined);
        if (value === undefined) continue;
        expect(decodeGo(letter, source.slice(0, end))).toEqual({ ok: true, value });
      }
    }),
    { numRuns: 2000 },
  );
  expect([...taken].sort()).toEqual([false, true]);
});

test("peculiar texts are left to the reader", () => {
  const plain = '{"id":"a","ts":1,"inner":{"kind":"b"}}';
  expect(readFast(plain)).toMatchObject({ value: { id: "a", ts: 1n, seen: false }, at: 38 });
  for (const peculiar of [
    plain.replace("{", "{ "),
    plain.replace('"id"', '"ID"'),
    plain.replace('"a"', '"\\u0061"'),
    plain.replace('"a"', '"🦊"'),
    plain.replace('"a"', `"${"a".repeat(4000)}"`),
    plain.replace('"ts":1', '"ts":1.0'),
    plain.replace('"ts":1', '"ts":01'),
    plain.replace('"ts":1', '"ts":9223372036854775808'),
    plain.replace('"ts":1', '"ts":null'),
    plain.replace('"ts":1', '"ts":1,"ts":2'),
    plain.replace('"ts":1', '"ts":1,"size":1e3'),
    plain.replace('"ts":1', '"ts":1,"uptime":-0'),
    plain.replace('"inner"', '"other":1,"inner"'),
    plain.replace('"id":"a",', ""),
  ]) {
    expect([peculiar, readFast(peculiar).value]).toEqual([peculiar, undefined]);
  }
});

test("narrow limits are the reader's to enforce", () => {
  const plain = '{"id":"a","ts":1,"inner":{"kind":"b"}}';
  expect(readFast(plain, { ...plazaLimits, depth: 2 }).value).toBeUndefined();
  expect(readFast(plain, { ...plazaLimits, entries: 2 }).value).toBeUndefined();
  expect(readFast(plain, { ...plazaLimits, stringBytes: 2 }).value).toBeUndefined();
});

test("a struct with a member of no plain form has none", () => {
  expect(struct({ id: text, voters: list(text) }).plain).toBeUndefined();
});
