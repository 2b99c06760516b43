/**
 * Runs the benchmarks in bench/ and prints their figures beside baselines of the same run.
 *
 *     node scripts/bench.mjs             runs all groups
 *     node scripts/bench.mjs verify      runs bench/verify.bench.ts
 *
 * Benchmarks are not tests: a missed budget is printed, and only a benchmark that cannot run is a
 * failure.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, "bench");
const suffix = ".bench.ts";

const groups = existsSync(folder)
  ? readdirSync(folder)
      .filter((name) => name.endsWith(suffix))
      .map((name) => name.slice(0, -suffix.length))
      .sort()
  : [];

const asked = process.argv.slice(2);
const unknown = asked.filter((group) => !groups.includes(group));
if (unknown.length > 0) {
  console.error(`No benchmark group "${unknown.join('", "')}". There are: ${groups.join(", ")}.`);
  process.exitCode = 2;
} else {
  process.exitCode = await runAll(asked.length === 0 ? groups : asked);
}

/**
 * @param {readonly string[]} chosen
 * @returns {Promise<number>} the exit code
 */
async function runAll(chosen) {
  // Inside node_modules, so that what stays unbundled is found from there.
  const cache = join(root, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  const built = mkdtempSync(join(cache, "bench-"));
  try {
    const failed = [];
    for (const group of chosen) {
      console.log(`\n${group}`);
      if (!(await run(group, built))) {
        failed.push(group);
      }
    }
    if (failed.length > 0) {
      console.error(`\nCould not run: ${failed.join(", ")}`);
    }
    return failed.length === 0 ? 0 : 1;
  } finally {
    rmSync(built, { recursive: true, force: true });
  }
}

/**
 * Each group has a process of its own, so that none warms or burdens another.
 *
 * @param {string} group
 * @param {string} built
 * @returns {Promise<boolean>} whether it ran to its end
 */
async function run(group, built) {
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: "warn",
    build: {
      ssr: join(folder, `${group}${suffix}`),
      outDir: join(built, group),
      target: "node20",
      minify: false,
      rolldownOptions: { output: { entryFileNames: "bench.mjs" } },
    },
  });
  const child = spawnSync(process.execPath, [join(built, group, "bench.mjs")], {
    cwd: root,
    stdio: "inherit",
  });
  return child.status === 0;
}
