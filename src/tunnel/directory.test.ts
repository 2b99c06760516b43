import { expect, test } from "vitest";
import { encodeBase64 } from "../nara/codec/base64.ts";
import {
  directoryTarget,
  directoryText,
  maxDirectoryBytes,
  mostListed,
  readDirectory,
} from "./directory.ts";

const publicKey = encodeBase64(new Uint8Array(32).fill(7));
const bob = { name: "bob", publicKey, meshIp: "relay.example:7501" };

test("who is listed is read as it was written", () => {
  expect(readDirectory(directoryText([bob]))).toEqual([bob]);
  expect(readDirectory(directoryText([]))).toEqual([]);
  expect(directoryTarget()).toBe("/naras");
  expect(directoryTarget("señor bob&co")).toBe("/naras?name=se%C3%B1or%20bob%26co");
});

test("sixteen are read and no more, however long their names, within one answer's bytes", () => {
  const long = { ...bob, name: "𝒏".repeat(63), meshIp: "h".repeat(255) };
  const text = directoryText(Array(mostListed).fill(long));
  expect(Buffer.byteLength(text)).toBeLessThan(maxDirectoryBytes);
  expect(readDirectory(directoryText(Array(40).fill(bob)))).toHaveLength(mostListed);
});

test("what makes no sense is left out", () => {
  const { name, meshIp: address } = bob;
  const key = publicKey;
  const naras = [
    ...[null, 7, "bob", [], {}],
    ...[
      { name, key },
      { name, address },
      { key, address },
    ],
    ...[
      { name, key: "AAAA", address },
      { name, key: 7, address },
      { name, key, address: "" },
      { name, key, address: "h".repeat(256) },
    ],
    { name: "carol", key, address },
  ];
  expect(readDirectory(JSON.stringify({ naras }))).toEqual([{ ...bob, name: "carol" }]);
  for (const text of ["", "null", "[]", "{}", '{"naras":{}}', '{"naras":']) {
    expect(readDirectory(text)).toEqual([]);
  }
});
