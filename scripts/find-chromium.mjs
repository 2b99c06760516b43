/** Finds a Chromium for the tests, and installs one where there is none. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { chromium } from "@playwright/test";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

const applications = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/**
 * @typedef {object} Surroundings What the search looks at.
 * @property {Record<string, string | undefined>} env
 * @property {(path: string) => boolean} exists
 * @property {() => string} playwrightsOwn Where Playwright would keep its own.
 */

/** @type {Surroundings} */
const here = {
  env: process.env,
  exists: existsSync,
  playwrightsOwn: () => chromium.executablePath(),
};

/**
 * The path of a Chromium: `CHROMIUM`, else a system one, else Playwright's own.
 *
 * @param {Surroundings} surroundings
 * @returns {string | undefined}
 * @throws when `CHROMIUM` names no file.
 */
export function findChromium({ env, exists, playwrightsOwn } = here) {
  const asked = env.CHROMIUM;
  if (asked !== undefined && asked !== "") {
    if (!exists(asked)) {
      throw new Error(`CHROMIUM names no file: ${asked}`);
    }
    return asked;
  }
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const installed = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...installed, ...applications, playwrightsOwn()].find(exists);
}

/**
 * As `findChromium`, installing one first where there is none.
 *
 * @returns {string}
 * @throws with what to do, when none could be installed.
 */
export function ensureChromium() {
  const found = findChromium();
  if (found !== undefined) {
    return found;
  }
  const [how, install] = isDebianRoot()
    ? ["apt-get install chromium", installWithApt]
    : ["npx playwright install chromium", installWithPlaywright];
  console.log(`No Chromium found; installing one: ${how}`);
  install();
  const installed = findChromium();
  if (installed === undefined) {
    throw new Error(
      `The end-to-end tests need Chromium, and "${how}" brought none. ` +
        "Install Chromium or Chrome, or set CHROMIUM to the path of one, and run again.",
    );
  }
  return installed;
}

function isDebianRoot() {
  const release = "/etc/os-release";
  return (
    process.getuid?.() === 0 &&
    existsSync(release) &&
    /^ID=debian$/m.test(readFileSync(release, "utf8"))
  );
}

function installWithApt() {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const options = /** @type {const} */ ({ stdio: "inherit", env });
  spawnSync("apt-get", ["update"], options);
  spawnSync("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], options);
}

function installWithPlaywright() {
  const folder = dirname(createRequire(import.meta.url).resolve("@playwright/test/package.json"));
  const arguments_ = [join(folder, "cli.js"), "install", "chromium"];
  spawnSync(process.execPath, arguments_, { stdio: "inherit" });
}
