/** What a tab costs in the background, where nothing happens but the life of its neighbours. */
import { spawnSync } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { type Browser, chromium, type Page } from "@playwright/test";
import { freePort } from "../e2e/support/free-port.ts";
import { startProgram } from "../e2e/support/program.ts";
import { findChromium } from "../scripts/find-chromium.mjs";

const residents = 3;
/** The page has been painted, the residents have been greeted, and the script is compiled. */
const restMs = 40_000;
const measuredMs = 40_000;

/**
 * Percent of a core that the tab's process takes, its page and SharedWorker together, with a few
 * residents on the plaza. Its window is minimised, so that it paints as little as a tab behind
 * others: what painting costs depends on the graphics card, which benchmarks do without.
 *
 * @throws Error without Chromium.
 */
export async function idleTabPercent(): Promise<number> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Error("an idle tab needs Chromium: install one, or set CHROMIUM");
  }
  const build = spawnSync(process.execPath, ["scripts/build.mjs", "--if-needed"], {
    stdio: "inherit",
  });
  if (build.status !== 0) throw new Error("the build failed");
  const port = String(await freePort());
  const server = await startProgram(
    process.execPath,
    ["dist/relay/main.js", "--port", port, "--residents", String(residents)],
    /http:\/\/[^\s/]+:\d+/,
  );
  const browser = await chromium.launch({
    executablePath,
    args: ["--disable-gpu", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
  });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${port}`, { waitUntil: "load" });
    await minimise(page);
    await pause(restMs);
    const before = await rendererCpuS(browser);
    await pause(measuredMs);
    return ((await rendererCpuS(browser)) - before) / (measuredMs / 100_000);
  } finally {
    await browser.close();
    await server.stop();
  }
}

async function minimise(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { windowId } = await session.send("Browser.getWindowForTarget");
  await session.send("Browser.setWindowBounds", {
    windowId,
    bounds: { windowState: "minimized" },
  });
  await session.detach();
}

/** Seconds of the processor that pages and their workers have taken. */
async function rendererCpuS(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  return processInfo
    .filter(({ type }) => type === "renderer")
    .reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}
