/** What a tab costs in the background, where nothing happens but the life of its neighbours. */
import { spawnSync } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { type CDPSession, chromium } from "@playwright/test";
import { freePort } from "../e2e/support/free-port.ts";
import { startProgram } from "../e2e/support/program.ts";
import { findChromium } from "../scripts/find-chromium.mjs";

const residents = 3;
/** The page has been painted, the residents have been greeted, and the script is compiled. */
const restMs = 40_000;
const measuredMs = 40_000;

/**
 * Percent of a core that the tab's process takes, its page and SharedWorker together, with a few
 * residents on the plaza. Another tab lies in front of it. What painting costs a tab that is seen
 * depends on the graphics card, which benchmarks do without.
 *
 * @throws Error without Chromium, or when the tab is not hidden.
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
    // By hand: pages that Playwright opens always take themselves for seen.
    const session = await browser.newBrowserCDPSession();
    const { browserContextId } = await session.send("Target.createBrowserContext");
    const url = `http://127.0.0.1:${port}`;
    const tab = { url, browserContextId, newWindow: true };
    const { targetId } = await session.send("Target.createTarget", tab);
    await session.send("Target.createTarget", { url: "about:blank", browserContextId });
    await pause(restMs);
    const isSeen = await valueIn(session, targetId, "document.visibilityState");
    if (isSeen !== "hidden") throw new Error(`the tab behind another is ${isSeen}`);
    const before = await rendererCpuS(session);
    await pause(measuredMs);
    return ((await rendererCpuS(session)) - before) / (measuredMs / 100_000);
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** What an expression is worth in a page that nobody is attached to. */
async function valueIn(
  session: CDPSession,
  targetId: string,
  expression: string,
): Promise<unknown> {
  const { sessionId } = await session.send("Target.attachToTarget", { targetId });
  const answer = new Promise<string>((resolve) => {
    session.once("Target.receivedMessageFromTarget", ({ message }) => resolve(message));
  });
  const question = { id: 1, method: "Runtime.evaluate", params: { expression } };
  const message = JSON.stringify(question);
  await session.send("Target.sendMessageToTarget", { sessionId, message });
  const { result } = JSON.parse(await answer);
  await session.send("Target.detachFromTarget", { sessionId });
  return result?.result?.value;
}

/** Seconds of the processor that pages and their workers have taken. */
async function rendererCpuS(session: CDPSession): Promise<number> {
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  return processInfo
    .filter(({ type }) => type === "renderer")
    .reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}
