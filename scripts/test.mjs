/**
 * `npm test`: runs every part, even after one failed, and ends with one line, `N passed, N failed`.
 *
 *     node scripts/test.mjs [types] [lint] [unit] [vectors] [simulations] [e2e]
 *
 * Types and lint count as one each, simulations as one per scenario. These have a core to themselves
 * while the parts before them run, and are over when browsers need a quiet machine.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureChromium } from "./find-chromium.mjs";
import { playwrightCounts, simulationCounts, vitestCounts } from "./test-counts.mjs";

/** @import { Counts } from "./test-counts.mjs" */

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const reports = join(root, "test-results", "reports");
const require = createRequire(import.meta.url);

/** A quiet machine of two cores takes less than five minutes for each part. */
const longestMs = 15 * 60_000;
/** For saying what was under way. */
const graceMs = 5000;

/** Somebody stopped the whole run. */
let isLeaving = false;

/** @type {{ readonly [part: string]: () => Promise<Counts> }} */
const parts = {
  types: () =>
    asOne(
      ["typescript", "tsc", "--noEmit"],
      ["typescript", "tsc", "-p", "tsconfig.nara.json", "--noEmit"],
    ),
  lint: () => asOne(["@biomejs/biome", "biome", "check", "--error-on-warnings", "."]),
  unit: () => vitest("unit"),
  vectors: () => vitest("vectors"),
  simulations: () => simulations(playing ?? playScenarios()),
  e2e: playwright,
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(
    `No such part: ${unknown.join(", ")}. There are: ${Object.keys(parts).join(", ")}.`,
  );
  process.exit(2);
}

/** @param {string} name */
const isChosen = (name) => chosen.length === 0 || chosen.includes(name);

const playing = isChosen("simulations") ? playScenarios() : undefined;
const total = { passed: 0, failed: 0 };
/** @type {string[]} */
const summary = [];
for (const [name, run] of Object.entries(parts)) {
  if (!isChosen(name)) {
    continue;
  }
  console.log(`\n── ${name}`);
  const { passed, failed, notRun } = await run();
  total.passed += passed;
  total.failed += failed;
  summary.push(
    `${name}: ${passed} passed, ${failed} failed${notRun > 0 ? `, ${notRun} not run` : ""}`,
  );
}
console.log(`\n${summary.join("\n")}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;

/**
 * Runs commands that pass or fail together.
 *
 * @param {...[string, string, ...string[]]} commands package, program, arguments
 * @returns {Promise<Counts>}
 */
async function asOne(...commands) {
  let failed = 0;
  for (const [from, program, ...arguments_] of commands) {
    failed = (await runProgram(from, program, arguments_)) === 0 ? failed : 1;
  }
  return { passed: 1 - failed, failed, notRun: 0 };
}

/** @param {string} project */
async function vitest(project) {
  const report = freshReport(project);
  const code = await runProgram("vitest", "vitest", ["run", "--project", project], {
    TEST_REPORT: report,
  });
  return counted(report, code, vitestCounts);
}

/** Their words are kept until it is their turn. */
function playScenarios() {
  const script = join(root, "scripts", "sim.mjs");
  const words = ["--scenario", "all", "--small", "--seed", "7", "--summary", "json"];
  let said = "";
  const hear = (/** @type {string} */ text) => {
    said += text;
  };
  return runNode("the simulation", [script, ...words], { hear }).then((code) => ({ code, said }));
}

/**
 * @param {ReturnType<typeof playScenarios>} played
 * @returns {Promise<Counts>}
 */
async function simulations(played) {
  const { code, said } = await played;
  const lines = said.trimEnd().split("\n");
  const report = lines.pop();
  console.log(lines.join("\n"));
  return failedUnless(code === 0, simulationCounts(report ?? ""));
}

async function playwright() {
  let chromium = "";
  try {
    chromium = ensureChromium();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return { passed: 0, failed: 1, notRun: 0 };
  }
  const report = freshReport("e2e");
  const code = await runProgram("@playwright/test", "playwright", ["test"], {
    CHROMIUM: chromium,
    TEST_REPORT: report,
  });
  return counted(report, code, playwrightCounts);
}

/** @param {string} name */
function freshReport(name) {
  mkdirSync(reports, { recursive: true });
  const path = join(reports, `${name}.json`);
  rmSync(path, { force: true });
  return path;
}

/**
 * @template Report
 * @param {string} report
 * @param {number} code
 * @param {(report: Report) => Counts} count
 * @returns {Counts}
 */
function counted(report, code, count) {
  const counts = existsSync(report)
    ? count(JSON.parse(readFileSync(report, "utf8")))
    : { passed: 0, failed: 0, notRun: 0 };
  return failedUnless(code === 0, counts);
}

/**
 * A run that ended badly counts at least one failure, whatever its report says.
 *
 * @param {boolean} hasEndedWell
 * @param {Counts} counts
 * @returns {Counts}
 */
function failedUnless(hasEndedWell, counts) {
  return hasEndedWell ? counts : { ...counts, failed: Math.max(1, counts.failed) };
}

/**
 * Runs a dependency's program in this terminal and waits for its exit code.
 *
 * @param {string} from the package it belongs to
 * @param {string} program
 * @param {readonly string[]} arguments_
 * @param {Record<string, string>} [env]
 */
function runProgram(from, program, arguments_, env = {}) {
  const manifest = require.resolve(`${from}/package.json`);
  const { bin } = require(manifest);
  const path = join(dirname(manifest), typeof bin === "string" ? bin : bin[program]);
  return runNode(program, [path, ...arguments_], { env });
}

/**
 * Runs Node and waits for its exit code. What does not end is ended, with all that it started, and
 * fails the run (tests/support/under-way-reporter.ts).
 *
 * @param {string} program for people
 * @param {readonly string[]} arguments_
 * @param {object} options
 * @param {Record<string, string>} [options.env]
 * @param {(text: string) => void} [options.hear] what it says, in place of this terminal
 * @returns {Promise<number>}
 */
function runNode(program, arguments_, { env = {}, hear }) {
  const child = spawn(process.execPath, arguments_, {
    cwd: root,
    stdio: hear === undefined ? "inherit" : ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
    // A group of its own, so that nobody it started outlives it.
    detached: true,
  });
  if (hear !== undefined) {
    child.stdout?.setEncoding("utf8").on("data", hear);
    child.stderr?.setEncoding("utf8").on("data", hear);
  }
  /** @param {NodeJS.Signals} signal */
  const signalAll = (signal) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // Nobody is left.
    }
  };
  /** @param {NodeJS.Signals} signal */
  const end = (signal) => {
    signalAll(signal);
    setTimeout(() => signalAll("SIGKILL"), graceMs).unref();
  };
  const tooLong = setTimeout(() => {
    console.error(`\n${program} did not end within ${longestMs / 60_000} minutes and is ended.`);
    end("SIGTERM");
  }, longestMs);
  /** @param {NodeJS.Signals} signal */
  const leave = (signal) => {
    isLeaving = true;
    end(signal);
  };
  process.once("SIGTERM", leave);
  process.once("SIGINT", leave);
  return new Promise((resolve) => {
    child.once("close", (code) => {
      clearTimeout(tooLong);
      process.off("SIGTERM", leave);
      process.off("SIGINT", leave);
      signalAll("SIGKILL");
      if (isLeaving) process.exit(1);
      resolve(code ?? 1);
    });
  });
}
