/** The table of attacks names tests that exist, and drop reasons that exist. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { dropMeanings } from "../../src/nara/runtime/drops.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));
const read = (name: string): string => readFileSync(`${folder}${name}`, "utf8");
const rows = read("README.md")
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| weakness"))
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .map(([, weakness = "", name = "", reasons = ""]) => ({ weakness, name, reasons }));
const sources = readdirSync(folder)
  .filter((name) => name.endsWith(".test.ts") && name !== "table.test.ts")
  .map(read)
  .join("\n");

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
