/**
 * Builds and runs the simulation in sim/ with the options given (`--help` lists them).
 *
 *     node scripts/sim.mjs --naras 500 --hours 24 --seed 7
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
// Inside node_modules, so that what stays unbundled is found from there.
const cache = join(root, "node_modules", ".cache");
mkdirSync(cache, { recursive: true });
const built = mkdtempSync(join(cache, "sim-"));
try {
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: "warn",
    build: {
      ssr: join(root, "sim", "main.ts"),
      outDir: built,
      target: "node20",
      minify: false,
      rolldownOptions: { output: { entryFileNames: "sim.mjs" } },
    },
  });
  const child = spawnSync(
    process.execPath,
    // Memory is measured after garbage was collected; hundreds of naras need room.
    ["--expose-gc", "--max-old-space-size=16384", join(built, "sim.mjs"), ...process.argv.slice(2)],
    { cwd: root, stdio: "inherit" },
  );
  process.exitCode = child.status ?? 1;
} finally {
  rmSync(built, { recursive: true, force: true });
}
