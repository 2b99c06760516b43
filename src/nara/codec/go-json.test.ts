import { expect, test } from "vitest";
import { goFloat, goMap, goString } from "./go-json.ts";

test("strings are escaped as Go does", () => {
  expect(goString('<a>&"\\/\u2028\u2029\u0000\u001f\u007f\b\f\n\r\t\ud83e\udd8a')).toBe(
    '"\\u003ca\\u003e\\u0026\\"\\\\/\\u2028\\u2029\\u0000\\u001f\u007f\\b\\f\\n\\r\\t\ud83e\udd8a"',
  );
  expect(goString("\ud800x\udc00")).toBe('"\\ufffdx\\ufffd"');
  expect(goString("\\ud800")).toBe('"\\\\ud800"');
});

test("numbers print as float64", () => {
  const numbers = [0, -0, 1, 0.1, 1e-6, 1e-7, 1e20, 1e21, 5e-324, 1.7976931348623157e308];
  expect(numbers.map(goFloat).join()).toBe(
    "0,-0,1,0.1,0.000001,1e-7,100000000000000000000,1e+21,5e-324,1.7976931348623157e+308",
  );
  expect(() => goFloat(Number.NaN)).toThrow(RangeError);
  expect(() => goFloat(Number.POSITIVE_INFINITY)).toThrow(RangeError);
});

test("maps are sorted by the bytes of their keys", () => {
  const map = new Map([
    ["\ud83e\udd8a", 1],
    ["\uffee", 2],
    ["a", 3],
  ]);
  expect(goMap(map, String)).toBe('{"a":3,"\uffee":2,"\ud83e\udd8a":1}');
});
