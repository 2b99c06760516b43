/** The tables of attacks name tests that exist, and reasons under which something is counted. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { dropMeanings } from "../../src/nara/runtime/drops.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (path: string): string => readFileSync(path, "utf8");

/** All of a folder's files whose names end so, in folders below it only where `isDeep`. */
const textIn = (path: string, isWanted: (name: string) => boolean, isDeep = false): string =>
  readdirSync(path, { recursive: isDeep, encoding: "utf8" })
    .filter((name) => isWanted(name) && name !== "table.test.ts")
    .map((name) => read(`${path}/${name}`))
    .join("\n");

const isTest = (name: string): boolean => name.endsWith(".test.ts");
const isCode = (name: string): boolean => name.endsWith(".ts") && !isTest(name);

const rowsOf = (text: string) =>
  text
    .split("\n")
    .filter((line) => line.startsWith("| ") && !/^\| (weakness|attack) \|/.test(line))
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .map(([, weakness = "", name = "", reasons = ""]) => ({ weakness, name, reasons }));
const [eventsText = "", meshText = ""] = read(`${folder}README.md`).split("## The mesh");
const rows = rowsOf(eventsText);
const meshRows = rowsOf(meshText);
const sources = textIn(folder, isTest);

/** Written out, as all but those of every path. */
const isWritten = (name: string): boolean => sources.includes(`test("${name}"`);
const isMade = (name: string): boolean => {
  const [what = "", rest = ""] = name.split(": ");
  return (
    sources.includes(`what: "${what}"`) && /^[a-z_]+ by (plaza|zine|sync|dm|import)$/.test(rest)
  );
};

test("each weakness in the table has its test", () => {
  expect(rows.length).toBeGreaterThan(40);
  expect(rows.filter(({ name }) => !isWritten(name) && !isMade(name))).toEqual([]);
});

test("each refusal in the table is one that is counted", () => {
  const words = rows.flatMap(({ reasons }) => reasons.split(", "));
  const reasons = words.filter((word) => !word.includes(" ") && word.includes("_"));
  expect(reasons.length).toBeGreaterThan(30);
  expect(reasons.filter((reason) => !(reason in dropMeanings))).toEqual([]);
});

test("each attack on the mesh has its test", () => {
  const tests = [
    textIn(`${root}tests`, isTest),
    textIn(folder, isTest, true),
    ...["relay", "tunnel", "nara/services", "nara/mesh"].map((path) =>
      textIn(`${root}src/${path}`, isTest, true),
    ),
  ].join("\n");
  expect(meshRows.length).toBeGreaterThan(40);
  expect(meshRows.filter(({ name }) => !tests.includes(`test("${name}"`))).toEqual([]);
});

test("each refusal on the mesh is one that is counted", () => {
  const code = textIn(`${root}src/relay`, isCode, true) + textIn(`${root}src/tunnel`, isCode, true);
  // Of a cancelled exchange the code says why alone.
  const isCounted = (reason: string): boolean =>
    reason in dropMeanings ||
    code.includes(`"${reason}"`) ||
    code.includes(`"${reason.replace(/^egress: /, "")}"`);
  const reasons = meshRows.flatMap(({ reasons }) =>
    [...reasons.matchAll(/`([^`]+)`/g)].map(([, reason = ""]) => reason),
  );
  expect(reasons.length).toBeGreaterThan(35);
  expect(reasons.filter((reason) => !isCounted(reason))).toEqual([]);
});
