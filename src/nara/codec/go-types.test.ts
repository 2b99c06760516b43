import fc from "fast-check";
import { expect, test } from "vitest";
import { goJson } from "../../../tests/support/any-json.ts";
import {
  bool,
  decodeGo,
  decodeGoStream,
  encodeGo,
  float64,
  int64,
  list,
  map,
  omitEmpty,
  pointer,
  raw,
  safeInt,
  struct,
  text,
  uint64,
} from "./go-types.ts";
import { plazaLimits } from "./json-reader.ts";

const inner = struct({ kind: text, Key: omitEmpty(text) });
const letter = struct({
  id: text,
  ts: int64,
  size: omitEmpty(float64),
  seen: omitEmpty(bool),
  votes: omitEmpty(list(text)),
  inner: omitEmpty(pointer(inner)),
  counts: omitEmpty(map(safeInt)),
  uptime: omitEmpty(uint64),
  rest: omitEmpty(raw),
});
const reencoded = (source: string): string => {
  const outcome = decodeGo(letter, source);
  return outcome.ok ? encodeGo(letter, outcome.value) : outcome.refusal;
};

test("a struct prints its fields in order and leaves empty ones out", () => {
  expect(reencoded("{}")).toBe('{"id":"","ts":0}');
  expect(reencoded('{"votes":[],"rest":null,"ts":9007199254740993,"id":"<x>"}')).toBe(
    '{"id":"\\u003cx\\u003e","ts":9007199254740993,"rest":null}',
  );
});

test("keys match without regard to case, with the long s and the Kelvin sign", () => {
  expect(reencoded('{"ID":"x","T\u017f":3,"inner":{"\u212aind":"a","\u212aey":"b"}}')).toBe(
    '{"id":"x","ts":3,"inner":{"kind":"a","Key":"b"}}',
  );
});

test("a repeated key is read onto the first: structs and lists merge, maps' values do not", () => {
  expect(reencoded('{"inner":{"kind":"a","key":"b"},"inner":{"kind":"c"}}')).toBe(
    '{"id":"","ts":0,"inner":{"kind":"c","Key":"b"}}',
  );
  expect(reencoded('{"inner":{"kind":"a"},"inner":null,"inner":{"key":"k"}}')).toBe(
    '{"id":"","ts":0,"inner":{"kind":"","Key":"k"}}',
  );
  expect(reencoded('{"votes":["a","b"],"votes":[null]}')).toBe('{"id":"","ts":0,"votes":["a"]}');
  expect(reencoded('{"counts":{"a":1},"counts":{"b":2,"a":null}}')).toBe(
    '{"id":"","ts":0,"counts":{"a":0,"b":2}}',
  );
});

test("integers accept no fraction, exponent, overflow or sign where Go does not", () => {
  for (const bad of ["5.0", "1e3", "9223372036854775808", "01", "+1", '"1"', "NaN", "- 1"]) {
    expect(decodeGo(letter, `{"ts":${bad}}`).ok).toBe(false);
  }
  expect(reencoded('{"ts":-9223372036854775808}')).toBe('{"id":"","ts":-9223372036854775808}');
  expect(decodeGo(letter, '{"uptime":-0}').ok).toBe(false);
  expect(reencoded('{"counts":{"a":9007199254740992}}')).toBe("out_of_range");
});

test("refusals name what is wrong", () => {
  expect(reencoded('{"id":5}')).toBe("mistyped");
  expect(reencoded('{"id":x}')).toBe("malformed");
  expect(reencoded('{"size":1e309}')).toBe("out_of_range");
  expect(reencoded(`{"id":"${"x".repeat(4097)}"}`)).toBe("too_long");
  expect(reencoded(`{"other":${"[".repeat(17)}${"]".repeat(17)}}`)).toBe("too_deep");
  expect(reencoded(`{"votes":[${'"",'.repeat(5000)}""]}`)).toBe("too_many_entries");
  expect(reencoded(" ".repeat(300_000))).toBe("too_large");
});

test("what is skipped may be as deep as the bounds allow", () => {
  const deep = 10_000;
  const limits = { ...plazaLimits, size: 1e6, depth: deep };
  const skipped = (depth: number) =>
    decodeGo(letter, `{"other":${'{"a":['.repeat(depth / 2)}1${"]}".repeat(depth / 2)}}`, limits);
  expect(skipped(deep - 2)).toEqual(decodeGo(letter, "{}"));
  expect(skipped(deep)).toEqual({ ok: false, refusal: "too_deep" });
});

test("a stream ends with its first value, a text does not", () => {
  expect(decodeGo(letter, '{"id":"a"} x').ok).toBe(false);
  expect(decodeGoStream(letter, '{"id":"a"} x')).toEqual(decodeGo(letter, '{"id":"a"}'));
});

test("a raw field keeps its text", () => {
  const outcome = decodeGo(letter, '{"rest": {"b":1, "a":[ ]} }');
  expect(outcome.ok && outcome.value.rest).toBe('{"b":1, "a":[ ]}');
});

test("a map decodes and prints sorted by UTF-8 bytes", () => {
  expect(reencoded('{"counts":{"\ud83e\udd8a":1,"\uffee":2,"b":3}}')).toBe(
    '{"id":"","ts":0,"counts":{"b":3,"\uffee":2,"\ud83e\udd8a":1}}',
  );
});

test("what is printed reads back the same", () => {
  const letters = fc.record({
    id: fc.string({ unit: "grapheme" }),
    ts: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    size: fc.double({ noNaN: true, noDefaultInfinity: true }),
    seen: fc.boolean(),
    votes: fc.option(fc.array(fc.string({ unit: "binary" }), { minLength: 1 })),
    inner: fc.option(fc.record({ kind: fc.string(), Key: fc.string() }), { nil: undefined }),
    counts: fc.option(
      fc
        .dictionary(fc.string({ unit: "grapheme" }), fc.maxSafeInteger(), { minKeys: 1 })
        .map((counts) => new Map(Object.entries(counts))),
    ),
    uptime: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    rest: fc.json(),
  });
  fc.assert(
    fc.property(letters, (value) => {
      const normal = { ...value, size: value.size === 0 ? 0 : value.size };
      const outcome = decodeGo(letter, encodeGo(letter, normal));
      expect(outcome).toEqual({ ok: true, value: normal });
    }),
  );
});

test("no text makes a decoder throw, mutated or not", () => {
  const base = encodeGo(letter, {
    ...letter.zero(),
    id: 'caf\u00e9\\"',
    ts: 1700000000123456789n,
    votes: ["a"],
    inner: { kind: "k", Key: "" },
  });
  fc.assert(
    fc.property(fc.nat(base.length), fc.nat(3), fc.string({ unit: "binary" }), (at, cut, put) => {
      const mutated = base.slice(0, at) + put + base.slice(at + cut);
      const outcome = decodeGo(letter, mutated);
      if (outcome.ok) expect(decodeGo(letter, encodeGo(letter, outcome.value)).ok).toBe(true);
    }),
  );
});

test("where native JSON and the reader both know a text, they agree", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), (source) => {
      const outcome = decodeGo(raw, source);
      expect(outcome).toEqual({ ok: true, value: source });
      expect(JSON.parse(goJson(JSON.parse(source)))).toEqual(JSON.parse(source));
    }),
  );
});

test("an integer with a fraction or an exponent is mistyped, wherever it stands", () => {
  const inner = struct({ whole: int64, small: safeInt, natural: uint64 });
  const outer = struct({ inner, list: list(int64), map: map(int64) });
  for (const number of ["5.0", "-5.0", "5e0", "5E+2", "0.0"]) {
    for (const source of [
      ...["whole", "small", "natural"].flatMap((name) => [
        `{"inner":{"${name}":${number}}}`,
        `{"inner":{"${name}":${number} } , "list":null}`,
        `{"list":[1],"inner":{"whole":1,"${name}":${number}}}`,
      ]),
      `{"list":[1,${number}]}`,
      `{"list":[${number}],"map":null}`,
      `{"map":{"a":1,"b":${number}}}`,
    ]) {
      expect({ source, outcome: decodeGo(outer, source) }).toEqual({
        source,
        outcome: { ok: false, refusal: "mistyped" },
      });
    }
  }
});
