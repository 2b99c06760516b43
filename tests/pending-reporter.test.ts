import { expect, test } from "vitest";
import { coverage } from "./vectors/pending-reporter.ts";

const trends = { file: "life.json", section: "trends", cases: 79, shared: false };
const vibes = { file: "life.json", section: "vibes", cases: 30, shared: false };

test("a section that no test declares is pending, with its number of cases", () => {
  expect(coverage([trends, vibes], ["life.json vibes"])).toEqual([
    "pending: life.json trends (79 cases)",
    "1 sections pending, 0 absent, 1 covered",
  ]);
});

test("a declared section that the folder lacks is absent", () => {
  expect(coverage([trends], ["life.json trends", "life.json vibes"])).toEqual([
    "absent: life.json vibes",
    "0 sections pending, 1 absent, 1 covered",
  ]);
});

test("what a file's cases share need not be covered, but may be", () => {
  const signers = { file: "life.json", section: "signers", cases: 10, shared: true };
  expect(coverage([signers], [])).toEqual(["0 sections pending, 0 absent, 0 covered"]);
  expect(coverage([signers], ["life.json signers"])).toEqual([
    "0 sections pending, 0 absent, 1 covered",
  ]);
});

test("a suite of another name covers nothing", () => {
  expect(coverage([], ["a helper's own suite"])).toEqual([
    "0 sections pending, 0 absent, 0 covered",
  ]);
});
