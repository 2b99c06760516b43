/**
 * The folder of golden vectors and what it holds. `VECTORS=<folder>` names another one, with other
 * cases under the same file names.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export type Sections = { readonly [section: string]: unknown };

export interface Section {
  readonly file: string;
  readonly section: string;
  readonly cases: number;
  /** It says what the file's cases share, and need not be covered for itself. */
  readonly shared: boolean;
}

/** The vectors that belong to this repository. */
export const ownVectorsFolder = dirname(fileURLToPath(import.meta.url));

const sharedKeys = new Set([
  "about",
  "fingerprintHex",
  "me",
  "now",
  "people",
  "signers",
  "version",
]);

/** Where the vectors are: `VECTORS`, or this folder. Throws when there are none. */
export function vectorsFolder(): string {
  const asked = process.env.VECTORS;
  const folder = asked === undefined || asked === "" ? ownVectorsFolder : resolve(asked);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new Error(`VECTORS: no such folder: ${folder}`);
  }
  if (vectorFilesIn(folder).length === 0) {
    throw new Error(`VECTORS: no .json or .jsonl files in ${folder}`);
  }
  return folder;
}

/**
 * A file's top-level values; none where the file is missing. A file that is one list has one
 * section, `cases`; a `.jsonl` file one section, `lines`: its lines as text, unparsed.
 */
export function readVectors(folder: string, fileName: string): Sections {
  const path = join(folder, fileName);
  if (!existsSync(path)) {
    return {};
  }
  const text = readFileSync(path, "utf8");
  if (fileName.endsWith(".jsonl")) {
    return { lines: text.split("\n").filter((line) => line !== "") };
  }
  const parsed: unknown = JSON.parse(text);
  return Array.isArray(parsed) ? { cases: parsed } : (parsed as Sections);
}

/** Every section of every file in the folder that has cases. */
export function sectionsIn(folder: string): readonly Section[] {
  return vectorFilesIn(folder).flatMap((file) =>
    Object.entries(readVectors(folder, file))
      .map(([section, data]) => ({
        file,
        section,
        cases: caseCount(data),
        shared: sharedKeys.has(section),
      }))
      .filter(({ cases }) => cases > 0),
  );
}

/** How many cases a section holds: a list's items or an object's keys. */
export function caseCount(data: unknown): number {
  return typeof data === "object" && data !== null ? Object.keys(data).length : 0;
}

function vectorFilesIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json") || name.endsWith(".jsonl"))
    .sort();
}
