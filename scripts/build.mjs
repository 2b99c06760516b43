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
import { pathToFileURL } from "node:url";
import { bundleForNode, root } from "./bundle.mjs";

const stamp = join(root, "dist", "built");

/** Whatever a build reads. */
const sources = [
  "index.html",
  "package-lock.json",
  "package.json",
  "public",
  "scripts/build.mjs",
  "scripts/bundle.mjs",
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
  await bundleForNode("src/relay/main.ts", dirname(serverEntry), "main.js");
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, "");
  utimesSync(stamp, startedAt, startedAt);
}

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
