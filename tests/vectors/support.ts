/**
 * Golden vectors: recorded inputs and answers of the reference, one file per chapter.
 *
 * `VECTORS=<folder>` runs the same tests on other cases kept under the same file names. There a
 * missing file or section is reported as absent; in `tests/vectors` itself it is a failure.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, test } from "vitest";

export type Sections = { readonly [section: string]: unknown };

/** Top-level keys that say what the cases share; they hold no cases of their own. */
const contextKeys = new Set([
  "about",
  "fingerprintHex",
  "me",
  "now",
  "people",
  "signers",
  "version",
]);

/** The vectors that belong to this repository. */
const ownFolder = dirname(fileURLToPath(import.meta.url));

/** Test name of a section that `VECTORS` lacks; the reporter counts these. */
export const absentTestName = "absent";

/** The folder that holds the vectors: `VECTORS`, or this one. Throws when it holds none. */
export function vectorsFolder(): string {
  const asked = process.env.VECTORS;
  const folder = asked === undefined || asked === "" ? ownFolder : resolve(asked);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new Error(`VECTORS: no such folder: ${folder}`);
  }
  if (vectorFilesIn(folder).length === 0) {
    throw new Error(`VECTORS: no .json or .jsonl files in ${folder}`);
  }
  return folder;
}

/**
 * All of a file's top-level values, context included. A `.jsonl` file has one section, `lines`:
 * its lines as text, unparsed.
 */
export function vectors<Shape = Sections>(fileName: string): Shape {
  return readVectors(join(vectorsFolder(), fileName)) as Shape;
}

/**
 * Declares one `describe` per covered section, named `<file> <section>`; each function declares
 * the section's tests. Annotate the parameter with the section's shape.
 *
 * @example coverSections("life.json", { trends: (cases: TrendCase[]) => testCases(cases, checkTrend) });
 */
export function coverSections(
  fileName: string,
  covered: { readonly [section: string]: (data: never) => void },
): void {
  const folder = vectorsFolder();
  const path = join(folder, fileName);
  const found: Sections = existsSync(path) ? readVectors(path) : {};
  for (const [section, declareTests] of Object.entries(covered)) {
    const data = found[section];
    describe(`${fileName} ${section}`, () => {
      if (caseCount(data) > 0) {
        declareTests(data as never);
      } else if (folder === ownFolder) {
        throw new Error(`${fileName} has no cases under "${section}"`);
      } else {
        test.todo(absentTestName);
      }
    });
  }
}

/**
 * Declares one test per case, named by its index (or key) and its own name.
 *
 * @param cases a list, or an object whose keys name the cases.
 */
export function testCases<Case>(
  cases: readonly Case[] | { readonly [key: string]: Case },
  check: (vector: Case, key: string) => void | Promise<void>,
): void {
  for (const [key, vector] of Object.entries(cases) as [string, Case][]) {
    test(`${key} ${nameOf(vector)}`.trimEnd(), () => check(vector, key));
  }
}

/** Every section of every file in the folder, with its number of cases. */
export function allSections(
  folder: string,
): readonly { readonly file: string; readonly section: string; readonly cases: number }[] {
  return vectorFilesIn(folder).flatMap((file) =>
    Object.entries(readVectors(join(folder, file)))
      .filter(([key, data]) => !contextKeys.has(key) && caseCount(data) > 0)
      .map(([section, data]) => ({ file, section, cases: caseCount(data) })),
  );
}

function vectorFilesIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json") || name.endsWith(".jsonl"))
    .sort();
}

function readVectors(path: string): Sections {
  const text = readFileSync(path, "utf8");
  if (path.endsWith(".jsonl")) {
    return { lines: text.split("\n").filter((line) => line !== "") };
  }
  const parsed: unknown = JSON.parse(text);
  if (Array.isArray(parsed)) {
    return { cases: parsed };
  }
  return parsed as Sections;
}

function caseCount(data: unknown): number {
  return typeof data === "object" && data !== null ? Object.keys(data).length : 0;
}

function nameOf(vector: unknown): string {
  if (typeof vector === "object" && vector !== null && "name" in vector) {
    return String(vector.name);
  }
  return "";
}
