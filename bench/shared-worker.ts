/** Measures in a SharedWorker of Chromium: the script answers the page that opened it once. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { build } from "vite";
import { findChromium } from "../scripts/find-chromium.mjs";

export type Answer<Figures> = { readonly figures: Figures } | { readonly error: string };

/**
 * @param entry the script, a path from the project's root; see `answerFromWorker`.
 * @throws Error without Chromium, and when the script fails.
 */
export async function measureInSharedWorker<Figures>(entry: string): Promise<Figures> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Error("the SharedWorker half needs Chromium: install one, or set CHROMIUM");
  }
  const script = await bundledWorker(entry);
  const server = createServer((request, response) => {
    const isScript = request.url === "/worker.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
    response.end(isScript ? script : "<!doctype html><title>bench</title>");
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const browser = await chromium.launch({ executablePath });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const answer = await page.evaluate(
      () =>
        new Promise<Answer<unknown>>((resolve) => {
          const worker = new SharedWorker("/worker.js", { type: "module" });
          worker.port.onmessage = (event: MessageEvent<Answer<unknown>>) => resolve(event.data);
          worker.onerror = () => resolve({ error: "the worker did not start" });
        }),
    );
    if ("error" in answer) throw new Error(answer.error);
    return answer.figures as Figures;
  } finally {
    await browser.close();
    server.close();
  }
}

/** The worker as one script. */
async function bundledWorker(entry: string): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), "bench-worker-"));
  try {
    await build({
      configFile: false,
      publicDir: false,
      logLevel: "warn",
      build: {
        outDir,
        emptyOutDir: true,
        target: "es2022",
        lib: { entry, formats: ["es"], fileName: () => "worker.js" },
      },
    });
    return readFileSync(join(outDir, "worker.js"), "utf8");
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}
