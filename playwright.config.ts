import { defineConfig } from "@playwright/test";
import { findChromium } from "./scripts/find-chromium.mjs";

const executablePath = findChromium();
if (executablePath === undefined) {
  throw new Error(
    'No Chromium found: run "npm run test:e2e", which installs one, or set CHROMIUM.',
  );
}

/** Where `npm test` wants the results as JSON; nothing is written without it. */
const report = process.env.TEST_REPORT;

/** Chromium refuses its sandbox to root. */
const rootFlags = process.getuid?.() === 0 ? ["--no-sandbox"] : [];

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results/e2e",
  globalSetup: "./e2e/support/build-if-needed.ts",
  timeout: 90_000,
  expect: { timeout: 20_000 },
  retries: 0,
  forbidOnly: true,
  // One more than the cores of the slowest machine: most of a test is waiting for naras.
  workers: 3,
  fullyParallel: true,
  reporter: [
    ["list"],
    ...(report === undefined ? [] : [["json", { outputFile: report }] as const]),
  ],
  use: {
    browserName: "chromium",
    launchOptions: {
      executablePath,
      args: [
        ...rootFlags,
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
    viewport: { width: 1280, height: 800 },
    screenshot: "only-on-failure",
  },
});
