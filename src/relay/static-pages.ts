/**
 * Serves the built page out of memory. All files are read once at the start, so that no request
 * ever becomes a path on disk and a rebuild never mixes two versions.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { Hono } from "hono";
import { accept, type Outcome, refuse } from "../nara/outcome.ts";

const contentTypes: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
};

/**
 * The page runs its own scripts and workers only. It may connect to any broker over ws or wss: a
 * person may point it at one. Views set inline styles on elements (colours of an aura), which is
 * all that `style-src-attr` lets through.
 */
const contentSecurityPolicy = [
  "default-src 'self'",
  "connect-src 'self' ws: wss:",
  "img-src 'self' data:",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "worker-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const headersForAll: Readonly<Record<string, string>> = {
  "content-security-policy": contentSecurityPolicy,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
};

/** Files whose name carries a hash of what is in them. */
const hashedName = /^\/assets\/[^/]+-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$/;
const forever = "public, max-age=31536000, immutable";
const askAgain = "no-cache";
/** Smaller answers fit into one packet anyway. */
const worthPackingBytes = 1024;

interface Page {
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly packed: Uint8Array<ArrayBuffer> | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly etag: string;
}

/** Refuses a folder without an `index.html`. */
export function createStaticPages(folder: string): Outcome<Hono> {
  const pages = readPages(folder);
  if (pages === undefined) return refuse(`the page is not built: ${folder} has no index.html`);
  const app = new Hono();
  app.on(["GET", "HEAD"], "*", ({ req }) => {
    const path = new URL(req.url).pathname;
    const page = pages.get(path === "/" ? "/index.html" : path);
    if (page === undefined) return nothingHere(404, "There is nothing here. The nara is at /\n");
    if (req.header("if-none-match") === page.etag) {
      return new Response(null, { status: 304, headers: page.headers });
    }
    const wantsPacked = /\bgzip\b/.test(req.header("accept-encoding") ?? "");
    const body = wantsPacked && page.packed !== undefined ? page.packed : page.plain;
    const headers = body === page.plain ? {} : { "content-encoding": "gzip" };
    return new Response(req.method === "HEAD" ? null : body, {
      headers: { ...page.headers, ...headers, "content-length": String(body.length) },
    });
  });
  app.all("*", () => nothingHere(405, "Pages can only be read.\n", { allow: "GET, HEAD" }));
  app.onError(() => nothingHere(500, "Something broke here.\n"));
  return accept(app);
}

function nothingHere(status: number, text: string, headers: Record<string, string> = {}): Response {
  return new Response(text, {
    status,
    headers: {
      ...headersForAll,
      ...headers,
      "content-type": "text/plain; charset=utf-8",
      "cache-control": askAgain,
    },
  });
}

function readPages(folder: string): ReadonlyMap<string, Page> | undefined {
  const pages = new Map<string, Page>();
  const walk = (below: string): void => {
    for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
      if (entry.name.startsWith(".")) continue;
      const path = `${below}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      if (entry.isFile()) pages.set(encodeURI(path), readPage(path, join(folder, path)));
    }
  };
  try {
    walk("");
  } catch {
    return undefined;
  }
  return pages.has("/index.html") ? pages : undefined;
}

function readPage(path: string, file: string): Page {
  const plain = new Uint8Array(readFileSync(file));
  const type = contentTypes[extname(path)] ?? "application/octet-stream";
  const isText = /^(text\/|application\/(json|manifest)|image\/svg)/.test(type);
  const packed =
    isText && plain.length > worthPackingBytes ? new Uint8Array(gzipSync(plain)) : undefined;
  const etag = `W/"${createHash("sha256").update(plain).digest("base64url").slice(0, 22)}"`;
  return {
    plain,
    packed,
    etag,
    headers: {
      ...headersForAll,
      "content-type": type,
      "cache-control": hashedName.test(path) ? forever : askAgain,
      etag,
      ...(packed === undefined ? {} : { vary: "accept-encoding" }),
    },
  };
}
