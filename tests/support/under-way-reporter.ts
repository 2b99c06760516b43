/** A run that is stopped, for example because a test hangs, says which test files were under way. */
import { relative } from "node:path";
import type { Reporter } from "vitest/node";

export function createUnderWayReporter(print: (line: string) => void = console.error): Reporter {
  const underWay = new Set<string>();
  const say = (signal: NodeJS.Signals): void => {
    for (const file of underWay) print(`${signal} while ${file} was under way`);
    process.exit(1);
  };
  return {
    onInit() {
      process.once("SIGTERM", say);
    },
    onTestModuleStart: ({ moduleId }) => void underWay.add(relative(process.cwd(), moduleId)),
    onTestModuleEnd: ({ moduleId }) => void underWay.delete(relative(process.cwd(), moduleId)),
    onTestRunEnd() {
      process.off("SIGTERM", say);
    },
  };
}
