import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createStaticPages } from "./static-pages.ts";

let folder = "";
let get = async (_path: string, _init?: RequestInit): Promise<Response> => new Response();

beforeAll(() => {
  const root = mkdtempSync(join(tmpdir(), "nara-pages-"));
  folder = join(root, "page");
  mkdirSync(join(folder, "assets"), { recursive: true });
  mkdirSync(join(folder, ".vite"));
  writeFileSync(join(root, "secret.txt"), "outside");
  writeFileSync(join(folder, ".vite", "manifest.json"), "{}");
  writeFileSync(join(folder, "index.html"), "<!doctype html><title>nara</title>");
  writeFileSync(join(folder, "nara-worker.js"), "export {};");
  writeFileSync(join(folder, "assets", "index-BkQ1x9_z.js"), `// ${"x".repeat(5000)}`);
  writeFileSync(join(folder, "icon.svg"), "<svg/>");
  const pages = createStaticPages(folder);
  if (!pages.ok) throw new Error(pages.refusal);
  const app = pages.value;
  get = async (path, init) => app.request(`http://localhost:8080${path}`, init);
});
afterAll(() => rmSync(join(folder, ".."), { recursive: true }));

test("the page is served at / and is asked for again each time", async () => {
  const response = await get("/?x=1");
  expect(response.status).toBe(200);
  expect(await response.text()).toContain("<title>nara</title>");
  expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(response.headers.get("cache-control")).toBe("no-cache");
});

test("hashed assets may be kept for good, the worker may not", async () => {
  const asset = await get("/assets/index-BkQ1x9_z.js");
  expect(asset.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  expect(asset.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
  const worker = await get("/nara-worker.js");
  expect(worker.headers.get("cache-control")).toBe("no-cache");
});

test("every answer carries the security headers", async () => {
  for (const path of ["/", "/icon.svg", "/nothing"]) {
    const { headers } = await get(path);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("connect-src 'self' ws: wss:");
    expect(policy).not.toMatch(/script-src|unsafe-eval/);
  }
});

test("nothing outside the folder and nothing hidden is served, however it is asked for", async () => {
  const paths = [
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/assets/..%2f..%2fsecret.txt",
    "/..\\secret.txt",
    "/%5c..%5csecret.txt",
    "//secret.txt",
    "/assets/",
    "/assets",
    "/.vite/manifest.json",
    "/index.html%00",
    "/%",
    "/__proto__",
  ];
  for (const path of paths) {
    const response = await get(path);
    expect([path, response.status]).toEqual([path, 404]);
    expect(await response.text()).not.toContain("outside");
  }
});

test("what a browser has already is not sent again, and text travels packed", async () => {
  const etag = (await get("/")).headers.get("etag") ?? "";
  expect((await get("/", { headers: { "if-none-match": etag } })).status).toBe(304);
  const packed = await get("/assets/index-BkQ1x9_z.js", {
    headers: { "accept-encoding": "gzip, br" },
  });
  expect(packed.headers.get("content-encoding")).toBe("gzip");
  expect((await packed.arrayBuffer()).byteLength).toBeLessThan(1000);
});

test("pages are only read", async () => {
  expect((await get("/", { method: "POST", body: "x" })).status).toBe(405);
  const head = await get("/", { method: "HEAD" });
  expect([head.status, await head.text()]).toEqual([200, ""]);
});

test("a page that is not built is refused with its folder", () => {
  const empty = join(folder, "assets");
  const pages = createStaticPages(empty);
  expect(pages.ok ? "" : pages.refusal).toBe(`the page is not built: ${empty} has no index.html`);
});
