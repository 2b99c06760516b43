import { expect, test } from "vitest";
import { decodeBase64 } from "./base64.ts";
import { base64Fault } from "./base64-fault.ts";

test("the byte at fault is the one that Go names", () => {
  const faults = ["***", "YW*j", "YWJ", "YWJjZ", "Y===", "YW=j", "YW=", "YWI=x", "YWJj=", "é"];
  expect(faults.map(base64Fault)).toEqual([0, 2, 0, 4, 1, 2, 3, 4, 4, 0]);
});

test("there is a fault exactly where decoding fails", () => {
  for (const text of ["", "YWJj", "YWI=", "YQ==", "YW\nJj", "YQ=\n=", "YQ==\n", "***", "YQ", "A"]) {
    expect(base64Fault(text) === undefined, text).toBe(decodeBase64(text) !== undefined);
  }
});
