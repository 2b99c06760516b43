/** Pages of src/ui/testing in Chromium, without a graphics card (`--disable-gpu`). */
import { chromium, type Page } from "@playwright/test";
import { createServer } from "vite";
import solid from "vite-plugin-solid";
import { findChromium } from "../scripts/find-chromium.mjs";

/**
 * Opens a page of src/ui/testing by its address in that folder, in a profile of its own, and closes
 * it when the work on it is done.
 */
export type OnPage = <Result>(
  address: string,
  work: (page: Page) => Promise<Result>,
) => Promise<Result>;

/** @throws Error without Chromium. */
export async function withPages(work: (onPage: OnPage) => Promise<void>): Promise<void> {
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
    const folder = `${server.resolvedUrls?.local[0] ?? ""}src/ui/testing/`;
    const onPage: OnPage = async (address, workOn) => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
      const page = await context.newPage();
      await page.goto(folder + address);
      const result = await workOn(page);
      await context.close();
      return result;
    };
    await work(onPage).finally(() => browser.close());
  } finally {
    await server.close();
  }
}
