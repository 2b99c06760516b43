/**
 * Builds and runs the simulation in sim/ with the options given (`--help` lists them).
 *
 *     node scripts/sim.mjs --naras 500 --hours 24 --seed 7
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { bundleForNode, inBundleFolder, root } from "./bundle.mjs";
import { simulationOptions } from "./simulation-options.mjs";

process.exitCode = await inBundleFolder("sim", async (folder) => {
  await bundleForNode("sim/main.ts", folder, "sim.mjs");
  const program = join(folder, "sim.mjs");
  const child = spawnSync(
    process.execPath,
    [...simulationOptions, program, ...process.argv.slice(2)],
    {
      cwd: root,
      stdio: "inherit",
    },
  );
  return child.status ?? 1;
});
