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
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { bundleForNode, inBundleFolder, root } from "./bundle.mjs";

const suffix = ".bench.ts";

const groups = readdirSync(join(root, "bench"))
  .filter((name) => name.endsWith(suffix))
  .map((name) => name.slice(0, -suffix.length))
  .sort();

const asked = process.argv.slice(2);
const unknown = asked.filter((group) => !groups.includes(group));
if (unknown.length > 0) {
  console.error(`No benchmark group "${unknown.join('", "')}". There are: ${groups.join(", ")}.`);
  process.exitCode = 2;
} else {
  const chosen = asked.length === 0 ? groups : asked;
  process.exitCode = await inBundleFolder("bench", (folder) => runAll(chosen, folder));
}

/**
 * @param {readonly string[]} chosen
 * @param {string} folder
 * @returns {Promise<number>} the exit code
 */
async function runAll(chosen, folder) {
  const failed = [];
  for (const group of chosen) {
    console.log(`\n${group}`);
    if (!(await run(group, join(folder, group)))) {
      failed.push(group);
    }
  }
  if (failed.length > 0) {
    console.error(`\nCould not run: ${failed.join(", ")}`);
  }
  return failed.length === 0 ? 0 : 1;
}

/**
 * Each group has a process of its own, so that none warms or burdens another.
 *
 * @param {string} group
 * @param {string} folder
 * @returns {Promise<boolean>} whether it ran to its end
 */
async function run(group, folder) {
  await bundleForNode(`bench/${group}${suffix}`, folder, "bench.mjs");
  const child = spawnSync(process.execPath, [join(folder, "bench.mjs")], {
    cwd: root,
    stdio: "inherit",
  });
  return child.status === 0;
}
