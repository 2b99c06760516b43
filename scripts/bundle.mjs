/** How programs for Node are made: the server, simulations, benchmarks. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Bundles a program into one file for Node 20. Dependencies stay in node_modules, where they are
 * found from below the project's root alone.
 *
 * @param {string} entry from the root
 * @param {string} outDir is emptied
 * @param {string} fileName
 */
export async function bundleForNode(entry, outDir, fileName) {
  const { build } = await import("vite");
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: "warn",
    build: {
      ssr: entry,
      outDir,
      emptyOutDir: true,
      target: "node20",
      minify: false,
      rolldownOptions: { output: { entryFileNames: fileName } },
    },
  });
}

/**
 * Gives work a folder to bundle into, which is gone afterwards.
 *
 * @template Result
 * @param {string} name
 * @param {(folder: string) => Result | Promise<Result>} work
 */
export async function inBundleFolder(name, work) {
  const cache = join(root, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, `${name}-`));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
