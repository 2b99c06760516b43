import { defineConfig } from "vitest/config";
import { createUnderWayReporter } from "./tests/support/under-way-reporter.ts";
import { createPendingReporter } from "./tests/vectors/pending-reporter.ts";

/** Where `npm test` wants the results as JSON; nothing is written without it. */
const report = process.env.TEST_REPORT;

export default defineConfig({
  test: {
    allowOnly: false,
    // No module of ours keeps state, so files can share them; loading them for each took a quarter.
    isolate: false,
    reporters: [
      "default",
      createPendingReporter(),
      createUnderWayReporter(),
      ...(report === undefined ? [] : ["json" as const]),
    ],
    outputFile: report === undefined ? {} : { json: report },
    projects: [
      {
        test: {
          name: "unit",
          include: [
            "src/**/*.test.ts",
            "tests/**/*.test.ts",
            "bench/**/*.test.ts",
            "sim/**/*.test.ts",
          ],
          exclude: ["tests/vectors/**"],
          // Whole networks live hours of virtual time in some; slow machines need real seconds for it.
          testTimeout: 30_000,
        },
      },
      { test: { name: "vectors", include: ["tests/vectors/**/*.test.ts"] } },
    ],
  },
});
