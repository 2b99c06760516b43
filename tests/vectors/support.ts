/**
 * How a test covers golden vectors: recorded inputs and answers of the reference.
 *
 * Under `VECTORS=<folder>` a missing file or section is reported as absent; among the
 * repository's own vectors it is a failure.
 */
import { describe, test } from "vitest";
import {
  caseCount,
  ownVectorsFolder,
  readVectors,
  type Sections,
  vectorsFolder,
} from "./folder.ts";

/** All of a file's top-level values, what its cases share included. Empty where it is missing. */
export function vectors<Shape = Sections>(fileName: string): Shape {
  return readVectors(vectorsFolder(), fileName) as Shape;
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
  const found = readVectors(folder, fileName);
  for (const [section, declareTests] of Object.entries(covered)) {
    const data = found[section];
    describe(`${fileName} ${section}`, () => {
      if (caseCount(data) > 0) {
        declareTests(data as never);
      } else if (folder === ownVectorsFolder) {
        throw new Error(`${fileName} has no cases under "${section}"`);
      } else {
        test.todo("absent");
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

/** A float64 as Go prints it. */
export const goFloat = (text: string): number => Number(text.replace("Inf", "Infinity"));

function nameOf(vector: unknown): string {
  return typeof vector === "object" && vector !== null && "name" in vector
    ? String(vector.name)
    : "";
}
