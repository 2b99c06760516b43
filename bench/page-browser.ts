/** Pages of src/ui/testing in Chromium, without a graphics card (`--disable-gpu`). */
import { type Browser, chromium } from "@playwright/test";
import { createServer } from "vite";
import solid from "vite-plugin-solid";
import { findChromium } from "../scripts/find-chromium.mjs";

/**
 * @param work is given a browser and the address, ending in a slash, of the project's root.
 * @throws Error without Chromium.
 */
export async function withPages(
  work: (browser: Browser, address: string) => Promise<void>,
): Promise<void> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Error("this needs Chromium: install one, or set CHROMIUM");
  }
  const server = await createServer({
    configFile: false,
    logLevel: "error",
    plugins: [solid()],
    server: { host: "127.0.0.1", port: 0 },
  });
  await server.listen();
  try {
    const browser = await chromium.launch({
      executablePath,
      args: ["--disable-gpu", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
    });
    await work(browser, server.resolvedUrls?.local[0] ?? "").finally(() => browser.close());
  } finally {
    await server.close();
  }
}
