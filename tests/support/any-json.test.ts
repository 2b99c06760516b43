import fc from "fast-check";
import { expect, test } from "vitest";
import { plazaLimits } from "../../src/nara/codec/json-reader.ts";
import { goJson, parseJson } from "./any-json.ts";

const value = (text: string): unknown => {
  const outcome = parseJson(text);
  return outcome.ok ? outcome.value : outcome.refusal;
};

test("integers of sixteen digits and more keep every digit", () => {
  expect(
    value('{"ts":1700000000123456789,"s":"1700000000123456789","n":[-9007199254740993]}'),
  ).toEqual({
    ts: 1700000000123456789n,
    s: "1700000000123456789",
    n: [-9007199254740993n],
  });
  expect(value("[123456789012345,1234567890123456.5,1e20,-0]")).toEqual([
    123456789012345, 1234567890123456.5, 1e20, -0,
  ]);
});

test("of a repeated key the last stays, and __proto__ is a key like any other", () => {
  expect(value('{"a":1,"a":2}')).toEqual({ a: 2 });
  const outcome = parseJson('{"__proto__":{"polluted":true},"constructor":1}');
  const object = outcome.ok ? (outcome.value as Record<string, unknown>) : {};
  expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
  expect(Object.keys(object)).toEqual(["__proto__", "constructor"]);
  expect((object as { polluted?: unknown }).polluted).toBeUndefined();
});

test("what Go calls invalid is refused", () => {
  const bad = [
    "",
    " ",
    "{",
    "[1,]",
    '{"a":1,}',
    "{'a':1}",
    "01",
    "+1",
    ".5",
    "5.",
    "1e",
    "0x10",
    "1_0",
  ];
  bad.push(
    "NaN",
    "tru",
    "nul",
    '"\n"',
    '"\\x41"',
    '"\\u00g1"',
    '"',
    "\ufeff1",
    "1 2",
    '{"a"}',
    "[1 2]",
    "-",
  );
  for (const text of bad) expect(value(text), text).toBe("malformed");
  expect(value("1e309")).toBe("out_of_range");
});

test("bounds are kept", () => {
  const tight = { size: 40, depth: 2, entries: 3, stringBytes: 4 };
  const refusal = (text: string): unknown => {
    const outcome = parseJson(text, tight);
    return outcome.ok ? "accepted" : outcome.refusal;
  };
  expect(refusal("[[1],[2],[3]]")).toBe("accepted");
  expect(refusal("[[[1]]]")).toBe("too_deep");
  expect(refusal("[1,2,3,4]")).toBe("too_many_entries");
  expect(refusal('{"a":1,"b":1,"c":1,"d":1}')).toBe("too_many_entries");
  expect(refusal('"\u00f1\u00f1"')).toBe("accepted");
  expect(refusal('"\u00f1\u00f1a"')).toBe("too_long");
  expect(refusal(`"${" ".repeat(40)}"`)).toBe("too_large");
});

test("it reads what native JSON reads and refuses what native JSON refuses", () => {
  const generous = { ...plazaLimits, size: 1e6, depth: 100 };
  fc.assert(
    fc.property(
      fc.json(),
      fc.nat(),
      fc.nat(2),
      fc.string({ maxLength: 2 }),
      (base, at, cut, put) => {
        const from = at % (base.length + 1);
        for (const text of [base, base.slice(0, from) + put + base.slice(from + cut)]) {
          let native: unknown;
          try {
            native = JSON.parse(text);
          } catch {
            expect(parseJson(text, generous).ok).toBe(false);
            continue;
          }
          const outcome = parseJson(text, generous);
          const own = outcome.ok ? outcome.value : outcome.refusal;
          const asNumbers = JSON.parse(
            JSON.stringify(own, (_, item) => (typeof item === "bigint" ? Number(item) : item)),
          );
          if (own !== "out_of_range") expect(asNumbers).toEqual(JSON.parse(JSON.stringify(native)));
        }
      },
    ),
  );
});

test("structs keep their order, maps are sorted by bytes, omitted fields are gone", () => {
  expect(goJson({ z: 1n, a: undefined, "<": null, b: { y: true } })).toBe(
    '{"z":1,"\\u003c":null,"b":{"y":true}}',
  );
  expect(goJson([new Uint8Array(), Uint8Array.of(255), -9223372036854775808n])).toBe(
    '["","/w==",-9223372036854775808]',
  );
});
