/** Which scripts of the built page belong together, and what they weigh on the wire. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { gzipSync } from "node:zlib";

/** One entry of Vite's manifest, as far as it matters here. */
interface Chunk {
  readonly file: string;
  /** Keys of the chunks that it imports statically. */
  readonly imports?: readonly string[];
}

export interface Weight {
  readonly bytes: number;
  /** Each file compressed by itself, as a server does. */
  readonly gzipBytes: number;
}

/**
 * The scripts without which a page shows nothing: its entry and all static imports.
 *
 * @param page folder of the built page.
 * @param entry key in the manifest, `index.html`.
 * @returns paths below `page`.
 * @throws where the manifest or the entry is missing.
 */
export function scriptsForFirstPaint(page: string, entry: string): readonly string[] {
  const manifest: { readonly [key: string]: Chunk } = JSON.parse(
    readFileSync(join(page, ".vite", "manifest.json"), "utf8"),
  );
  const keys = reachable(entry, (key) => chunkOf(manifest, key).imports ?? []);
  return keys.map((key) => chunkOf(manifest, key).file);
}

/**
 * A worker's script and every other that it may load, now or later. Workers are not in the
 * manifest, so this follows what the scripts name.
 *
 * @returns paths below `page`.
 */
export function scriptsOfWorker(page: string, script: string): readonly string[] {
  return reachable(script, (path) => scriptsNamedIn(page, path));
}

export function weigh(page: string, scripts: readonly string[]): Weight {
  const files = scripts.map((script) => readFileSync(join(page, script)));
  const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0);
  return {
    bytes: sum(files.map((file) => file.length)),
    gzipBytes: sum(files.map((file) => gzipSync(file).length)),
  };
}

function chunkOf(manifest: { readonly [key: string]: Chunk }, key: string): Chunk {
  const chunk = manifest[key];
  if (chunk === undefined) {
    throw new Error(`the build's manifest has no "${key}"`);
  }
  return chunk;
}

function scriptsNamedIn(page: string, path: string): readonly string[] {
  const text = readFileSync(join(page, path), "utf8");
  return [...text.matchAll(/["'`]([^"'`\s]+\.js)["'`]/g)]
    .map(([, name = ""]) =>
      name.startsWith("/") ? join(page, name) : resolve(page, dirname(path), name),
    )
    .filter((file) => file.startsWith(resolve(page)) && existsSync(file))
    .map((file) => relative(page, file));
}

/** `start` and all that follows from it, each once. */
function reachable(start: string, next: (from: string) => readonly string[]): readonly string[] {
  const found = new Set([start]);
  for (const from of found) {
    for (const to of next(from)) {
      found.add(to);
    }
  }
  return [...found];
}
