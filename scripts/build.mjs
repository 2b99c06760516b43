/**
 * Builds the page into dist/page and the server into dist/relay/main.js.
 *
 *     node scripts/build.mjs               builds
 *     node scripts/build.mjs --if-needed   builds unless dist is newer than every source
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, "dist", "built");

/** Whatever a build reads. */
const sources = [
  "index.html",
  "package-lock.json",
  "package.json",
  "public",
  "scripts/build.mjs",
  "src",
  "tsconfig.json",
  "vite.config.ts",
].map((name) => join(root, name));

export const serverEntry = join(root, "dist", "relay", "main.js");

/** Builds page and server. The stamp carries the time the build began: edits meanwhile count. */
export async function buildAll() {
  const startedAt = new Date();
  rmSync(stamp, { force: true });
  await build({ root, configFile: join(root, "vite.config.ts"), logLevel: "warn" });
  await build(serverBuild);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, "");
  utimesSync(stamp, startedAt, startedAt);
}

export async function buildIfNeeded() {
  if (existsSync(stamp) && newestMs(sources) < statSync(stamp).mtimeMs) {
    return;
  }
  console.log("Building the page and the server …");
  await buildAll();
}

/** The server keeps its dependencies in node_modules and is one file for Node 20. */
const serverBuild = /** @type {import("vite").InlineConfig} */ ({
  root,
  configFile: false,
  publicDir: false,
  logLevel: "warn",
  build: {
    ssr: "src/relay/main.ts",
    outDir: "dist/relay",
    target: "node20",
    emptyOutDir: true,
    minify: false,
    rolldownOptions: { output: { entryFileNames: "main.js" } },
  },
});

/**
 * The newest modification time under any of the paths. A folder's own time tells of files removed.
 *
 * @param {readonly string[]} paths
 * @returns {number}
 */
function newestMs(paths) {
  return paths.filter(existsSync).reduce((newest, path) => {
    const found = statSync(path);
    const below = found.isDirectory()
      ? newestMs(readdirSync(path).map((name) => join(path, name)))
      : 0;
    return Math.max(newest, found.mtimeMs, below);
  }, 0);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await (process.argv.includes("--if-needed") ? buildIfNeeded() : buildAll());
}
