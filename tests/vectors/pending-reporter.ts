/**
 * Says at the end of a whole vector run which sections no test covers yet (pending) and which
 * covered ones the folder lacks (absent). A section is covered when a test file declared it with
 * `coverSections`.
 */
import { readdirSync } from "node:fs";
import { basename } from "node:path";
import type { Reporter } from "vitest/node";
import { ownVectorsFolder, type Section, sectionsIn, vectorsFolder } from "./folder.ts";

export function createPendingReporter(print: (line: string) => void = console.log): Reporter {
  return {
    onTestRunEnd(modules) {
      const ofVectors = modules.filter((module) => module.project.name === "vectors");
      const files = new Set(ofVectors.map((module) => basename(module.moduleId)));
      if (ofVectors.length === 0 || !testFiles().every((file) => files.has(file))) {
        return;
      }
      const covered = ofVectors.flatMap((module) => [...module.children.suites()]);
      for (const line of coverage(
        sectionsIn(vectorsFolder()),
        covered.map((suite) => suite.name),
      )) {
        print(line);
      }
    },
  };
}

/**
 * The lines to print.
 *
 * @param sections what the folder holds.
 * @param covered names of the declared suites, `<file> <section>`.
 */
export function coverage(
  sections: readonly Section[],
  covered: readonly string[],
): readonly string[] {
  const declared = new Set(covered);
  const held = new Set(sections.map(nameOf));
  const pending = sections.filter((section) => !section.shared && !declared.has(nameOf(section)));
  const present = sections.filter((section) => declared.has(nameOf(section)));
  const absent = [...declared].filter((name) => /^\S+\.jsonl? \S+$/.test(name) && !held.has(name));
  return [
    ...pending.map((section) => `pending: ${nameOf(section)} (${section.cases} cases)`),
    ...absent.map((name) => `absent: ${name}`),
    `${pending.length} sections pending, ${absent.length} absent, ${present.length} covered`,
  ];
}

const nameOf = (section: Section): string => `${section.file} ${section.section}`;

function testFiles(): readonly string[] {
  return readdirSync(ownVectorsFolder).filter((name) => name.endsWith(".test.ts"));
}
