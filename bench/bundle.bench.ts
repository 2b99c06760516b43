/** What a visitor downloads. Builds first, unless the build is newer than its sources. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { scriptsForFirstPaint, scriptsOfWorker, weigh } from "./built-scripts.ts";
import { line } from "./report.ts";

const page = join("dist", "page");
const worker = "nara-worker.js";
const firstPaintKb = 30;
const workerKb = 170;

const building = spawnSync(process.execPath, ["scripts/build.mjs", "--if-needed"], {
  stdio: "inherit",
});
if (building.status !== 0) {
  throw new Error("there is nothing to weigh: the build failed");
}

report("scripts for first paint", scriptsForFirstPaint(page, "index.html"), firstPaintKb);
report("worker with all that it loads later", scriptsOfWorker(page, worker), workerKb);

function report(name: string, scripts: readonly string[], budgetKb: number): void {
  const { bytes, gzipBytes } = weigh(page, scripts);
  line({
    name: `${name} (${scripts.length} files), gzip`,
    figure: gzipBytes / 1000,
    unit: "KB",
    baseline: bytes / 1000,
    ratio: gzipBytes / bytes,
    budget: `≤ ${budgetKb} KB`,
    ok: gzipBytes <= budgetKb * 1000,
  });
}
