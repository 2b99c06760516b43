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

/** Whether a source is newer than the last build. */
export const needsBuild = () => !existsSync(stamp) || newestMs(sources) >= statSync(stamp).mtimeMs;

/** The stamp carries the time the build began: what is edited meanwhile is built next time. */
async function buildAll() {
  const { build } = await import("vite");
  const startedAt = new Date();
  rmSync(stamp, { force: true });
  await build({ root, configFile: join(root, "vite.config.ts"), logLevel: "warn" });
  await build(serverBuild);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, "");
  utimesSync(stamp, startedAt, startedAt);
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

const isProgram = import.meta.url === pathToFileURL(process.argv[1] ?? "").href;
if (isProgram && (!process.argv.includes("--if-needed") || needsBuild())) {
  await buildAll();
}
