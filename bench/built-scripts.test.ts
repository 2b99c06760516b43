import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { scriptsForFirstPaint, scriptsOfWorker, weigh } from "./built-scripts.ts";

test("first paint needs the entry and its static imports, each once", () => {
  const page = built({
    ".vite/manifest.json": JSON.stringify({
      "index.html": { file: "assets/index.js", imports: ["_a", "_b"], dynamicImports: ["later"] },
      _a: { file: "assets/a.js", imports: ["_b"] },
      _b: { file: "assets/b.js", imports: ["_a"] },
      later: { file: "assets/later.js", imports: ["_a"] },
    }),
  });
  expect(scriptsForFirstPaint(page, "index.html")).toEqual([
    "assets/index.js",
    "assets/a.js",
    "assets/b.js",
  ]);
  expect(() => scriptsForFirstPaint(page, "embed.html")).toThrow('no "embed.html"');
});

test("a worker's scripts are those that it names, however it quotes them, and theirs", () => {
  const page = built({
    "nara-worker.js": "import './assets/a.js';await import(`./assets/lazy.js`);fetch('/gone.js')",
    "assets/a.js": 'import"./b.js"',
    "assets/b.js": 'new URL("/assets/c.js")',
    "assets/c.js": "",
    "assets/lazy.js": 'import"../nara-worker.js"',
    "assets/other.js": "",
  });
  expect([...scriptsOfWorker(page, "nara-worker.js")].sort()).toEqual([
    "assets/a.js",
    "assets/b.js",
    "assets/c.js",
    "assets/lazy.js",
    "nara-worker.js",
  ]);
});

test("files are weighed one by one, as they are and compressed", () => {
  const page = built({ "a.js": "nara ".repeat(1000), "b.js": "x" });
  const weight = weigh(page, ["a.js", "b.js"]);
  expect(weight.bytes).toBe(5001);
  expect(weight.gzipBytes).toBeGreaterThan(40);
  expect(weight.gzipBytes).toBeLessThan(200);
});

/** A folder that holds these files. */
function built(files: { readonly [path: string]: string }): string {
  const page = mkdtempSync(join(tmpdir(), "built-"));
  onTestFinished(() => rmSync(page, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(page, dirname(path)), { recursive: true });
    writeFileSync(join(page, path), text);
  }
  return page;
}
