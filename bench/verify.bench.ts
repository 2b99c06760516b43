/** Verification through our Crypto port, in Node and in a Chromium SharedWorker. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { build } from "vite";
import { findChromium } from "../scripts/find-chromium.mjs";
import { line } from "./report.ts";
import { measureVerifyRates, type VerifyRates } from "./verify-rates.ts";

/** Our port may cost 15 % over the engine's own verification. */
const portShare = 0.85;
/** noble is the fallback where there is no WebCrypto; below this a busy plaza outruns it. */
const noblePerS = 300;
/** A page is never to wait longer for its host. */
const longestPauseMs = 50;

report("Node", await measureVerifyRates());
const executablePath = findChromium();
if (executablePath === undefined) {
  throw new Error("the SharedWorker half needs Chromium: install one, or set CHROMIUM");
}
report("SharedWorker", await measureInSharedWorker(executablePath));

function report(where: string, rates: VerifyRates): void {
  line({
    name: `${rates.kind} port in ${where}`,
    figure: rates.portPerS,
    unit: "/s",
    baseline: rates.rawPerS,
    ratio: rates.portToRaw,
    budget: "≥ 85 % of raw WebCrypto",
    ok: rates.portToRaw >= portShare,
  });
  line({
    name: `noble in ${where}`,
    figure: rates.noblePerS,
    unit: "/s",
    baseline: rates.rawPerS,
    ratio: rates.noblePerS / rates.rawPerS,
    budget: `≥ ${noblePerS} /s`,
    ok: rates.noblePerS >= noblePerS,
  });
  line({
    name: `longest pause, ${where}, ${rates.kind}`,
    figure: rates.portPauseMs,
    unit: "ms",
    budget: `≤ ${longestPauseMs} ms`,
    ok: rates.portPauseMs <= longestPauseMs,
  });
  line({
    name: `longest pause, ${where}, noble`,
    figure: rates.noblePauseMs,
    unit: "ms",
    budget: `≤ ${longestPauseMs} ms`,
    ok: rates.noblePauseMs <= longestPauseMs,
  });
}

type Answer = { readonly rates: VerifyRates } | { readonly error: string };

async function measureInSharedWorker(executablePath: string): Promise<VerifyRates> {
  const script = await bundledWorker();
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
        new Promise<Answer>((resolve) => {
          const worker = new SharedWorker("/worker.js", { type: "module" });
          worker.port.onmessage = (event: MessageEvent<Answer>) => resolve(event.data);
          worker.onerror = () => resolve({ error: "the worker did not start" });
        }),
    );
    if ("error" in answer) {
      throw new Error(answer.error);
    }
    return answer.rates;
  } finally {
    await browser.close();
    server.close();
  }
}

/** The worker as one script. */
async function bundledWorker(): Promise<string> {
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
        lib: { entry: "bench/verify-worker.ts", formats: ["es"], fileName: () => "worker.js" },
      },
    });
    return readFileSync(join(outDir, "worker.js"), "utf8");
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}
