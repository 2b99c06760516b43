/**
 * From opening the URL to the first hey_there on the plaza, in a Chromium that never saw the page.
 *
 * hey_there follows the last subscription after U[0,5) s, which the protocol asks for
 * (docs/protocol/presence-and-life.md §1). So the figure ends where that pause begins: when the
 * broker got the last subscription. That the pause then is what it should be is checked with every
 * run.
 */
import { spawnSync } from "node:child_process";
import { type AddressInfo, createServer } from "node:net";
import { chromium } from "@playwright/test";
import { Aedes } from "aedes";
import { freePort } from "../e2e/support/free-port.ts";
import { startProgram } from "../e2e/support/program.ts";
import { findChromium } from "../scripts/find-chromium.mjs";
import { line, median } from "./report.ts";

const runs = 5;
const budgetMs = 800;
/** The protocol's pause, and what signing and a busy machine may add. */
const longestPauseMs = 5000 + 250;
const heyThereTopic = "nara/plaza/hey_there";

interface Run {
  /** Until the page's load event. */
  readonly loadedMs: number;
  /** Until the broker got the last subscription. */
  readonly subscribedMs: number;
  /** Until the broker got hey_there. */
  readonly heyThereMs: number;
}

const build = spawnSync(process.execPath, ["scripts/build.mjs", "--if-needed"], {
  stdio: "inherit",
});
if (build.status !== 0) {
  throw new Error("the build failed");
}
const executablePath = findChromium();
if (executablePath === undefined) {
  throw new Error("this needs Chromium: install one, or set CHROMIUM");
}
const broker = await startWatchedBroker();
const url = `http://127.0.0.1:${await freePort()}`;
const server = await startProgram(
  process.execPath,
  ["dist/relay/main.js", "--port", new URL(url).port, "--residents", "0", "--plaza", broker.url],
  /http:\/\/[^\s/]+:\d+/,
);
const browser = await chromium.launch({
  executablePath,
  args: ["--disable-gpu", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
});
try {
  const all: Run[] = [];
  for (let run = 0; run < runs; run += 1) all.push(await openOnce());
  report(all);
} finally {
  await browser.close();
  await server.stop();
  await broker.stop();
}

function report(all: readonly Run[]): void {
  const figure = median(all.map(({ subscribedMs }) => subscribedMs));
  const baseline = median(all.map(({ loadedMs }) => loadedMs));
  const pauses = all.map(({ heyThereMs, subscribedMs }) => heyThereMs - subscribedMs);
  line({
    name: "URL to hey_there, without its pause",
    figure,
    unit: "ms",
    baseline,
    ratio: figure / baseline,
    budget: `≤ ${budgetMs} ms`,
    ok: figure <= budgetMs,
  });
  line({
    name: "longest pause before hey_there",
    figure: Math.max(...pauses),
    unit: "ms",
    budget: `≤ ${longestPauseMs} ms`,
    ok: Math.max(...pauses) <= longestPauseMs,
  });
}

/** A new profile each time: no cache, no soul, no worker. */
async function openOnce(): Promise<Run> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const heyThere = broker.nextHeyThere();
  const startedAt = performance.now();
  await page.goto(url, { waitUntil: "load" });
  const loadedMs = performance.now() - startedAt;
  const heard = await heyThere;
  await context.close();
  return {
    loadedMs,
    subscribedMs: heard.subscribedAt - startedAt,
    heyThereMs: heard.saidAt - startedAt,
  };
}

interface HeyThereHeard {
  readonly subscribedAt: number;
  readonly saidAt: number;
}

/** A broker that notes when it got what, on this process's clock. */
async function startWatchedBroker() {
  const aedes = await Aedes.createBroker();
  let subscribedAt = Number.NaN;
  let hear: (heard: HeyThereHeard) => void = () => {};
  aedes.on("subscribe", () => {
    subscribedAt = performance.now();
  });
  aedes.on("publish", ({ topic }, client) => {
    if (client !== null && topic === heyThereTopic)
      hear({ subscribedAt, saidAt: performance.now() });
  });
  const listener = createServer((socket) => aedes.handle(socket));
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  return {
    url: `mqtt://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    nextHeyThere: () =>
      new Promise<HeyThereHeard>((resolve) => {
        hear = resolve;
      }),
    stop: async () => {
      listener.close();
      await new Promise<void>((resolve) => aedes.close(resolve));
    },
  };
}
