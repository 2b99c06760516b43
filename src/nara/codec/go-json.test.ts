import { expect, test } from "vitest";
import { goJson } from "./go-json.ts";

test("strings are escaped as Go does", () => {
  expect(goJson('<a>&"\\/\u2028\u2029\u0000\u001f\u007f\b\f\n\r\t\ud83e\udd8a')).toBe(
    '"\\u003ca\\u003e\\u0026\\"\\\\/\\u2028\\u2029\\u0000\\u001f\u007f\\b\\f\\n\\r\\t\ud83e\udd8a"',
  );
  expect(goJson("\ud800x\udc00")).toBe('"\\ufffdx\\ufffd"');
  expect(goJson("\\ud800")).toBe('"\\\\ud800"');
});

test("numbers print as float64, bigints as int64", () => {
  expect(goJson([0, -0, 1, 0.1, 1e-6, 1e-7, 1e20, 1e21, 5e-324, 1.7976931348623157e308])).toBe(
    "[0,-0,1,0.1,0.000001,1e-7,100000000000000000000,1e+21,5e-324,1.7976931348623157e+308]",
  );
  expect(goJson(-9223372036854775808n)).toBe("-9223372036854775808");
  expect(() => goJson(Number.NaN)).toThrow(RangeError);
  expect(() => goJson({ a: Number.POSITIVE_INFINITY })).toThrow(RangeError);
});

test("structs keep their order, maps are sorted by bytes, omitted fields are gone", () => {
  expect(goJson({ z: 1n, a: undefined, "<": null, b: { y: true } })).toBe(
    '{"z":1,"\\u003c":null,"b":{"y":true}}',
  );
  expect(
    goJson(
      new Map([
        ["\ud83e\udd8a", 1],
        ["\uffee", 2],
        ["a", 3],
      ]),
    ),
  ).toBe('{"a":3,"\uffee":2,"\ud83e\udd8a":1}');
});

test("bytes are base64", () => {
  expect(goJson([new Uint8Array(), Uint8Array.of(255)])).toBe('["","/w=="]');
});
