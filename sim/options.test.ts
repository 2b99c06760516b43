import { expect, test } from "vitest";
import { parseOptions, sizeOf } from "./options.ts";
import { scenarios } from "./scenarios/all.ts";

const parse = (...words: string[]) => parseOptions(words, scenarios, "drawn");
const why = (...words: string[]) => {
  const parsed = parse(...words);
  return parsed.type === "refused" ? parsed.why : parsed.type;
};

test("without options the first scenario is played, with a drawn seed", () => {
  expect(parse()).toMatchObject({ type: "run", seed: "drawn", summary: "text", twice: false });
});

test("options are taken with a space or an equals sign", () => {
  const parsed = parse(
    "--naras",
    "500",
    "--hours=24",
    "--seed",
    "7",
    "--summary",
    "json",
    "--twice",
  );
  expect(parsed).toMatchObject({ naras: 500, hours: 24, seed: "7", summary: "json", twice: true });
});

test("all scenarios, as small as in the test run", () => {
  const parsed = parse("--scenario", "all", "--small");
  if (parsed.type !== "run") throw new Error("not understood");
  expect(parsed.scenarios).toEqual(scenarios);
  for (const scenario of scenarios) expect(sizeOf(scenario, parsed)).toEqual(scenario.testSize);
});

test.each([
  [["--nars", "5"], "--nars"],
  [["5"], "5"],
  [["--naras"], "--naras"],
  [["--naras", "--hours"], "--naras"],
  [["--naras", "1"], "--naras"],
  [["--naras", "1e3"], "--naras"],
  [["--naras", "-5"], "--naras"],
  [["--naras", "99999999999"], "--naras"],
  [["--naras", "3", "--scenario", "checkpoint-day"], "--naras"],
  [["--hours", "0"], "--hours"],
  [["--hours", "2", "--scenario", "frozen-half"], "--hours"],
  [["--hours", "NaN"], "--hours"],
  [["--hours", "999999"], "--hours"],
  [["--seed", ""], "--seed"],
  [["--seed", "1", "--seed", "2"], "--seed"],
  [["--summary", "xml"], "--summary"],
  [["--keys", "none"], "--keys"],
  [["--twice=yes"], "--twice"],
  [["--scenario", "summer"], "--scenario"],
])("%j is refused by name", (words, option) => {
  expect(why(...words)).toContain(option);
});

test("help is help, whatever else is said", () => {
  expect(why("--help", "--naras", "1")).toBe("help");
});
