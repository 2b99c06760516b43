/** Who may import whom. The layers are those of docs/architecture.md. */

export interface Violation {
  readonly file: string;
  readonly imported: string;
  readonly rule: string;
}

interface Import {
  readonly specifier: string;
  /** Erased by the compiler: `import type`, `export type … from`. */
  readonly typeOnly: boolean;
}

interface Layer {
  /** Path prefix under src/. The first layer that matches a file rules it. */
  readonly folder: string;
  readonly rule: string;
  /** @param target a path under src/, or a package's name. */
  mayImport(target: string, typeOnly: boolean): boolean;
}

const startsWithAny = (target: string, ...prefixes: readonly string[]): boolean =>
  prefixes.some((prefix) => target.startsWith(prefix));

const isOneOf = (target: string, ...names: readonly string[]): boolean =>
  names.some((name) => target === name || target.startsWith(`${name}/`));

const isPackage = (target: string): boolean => !target.startsWith("src/");

const pageProtocol = ["src/worker/protocol.ts", "src/worker/connect.ts"];

const layers: readonly Layer[] = [
  {
    folder: "src/nara/",
    rule: "the nara imports itself, #sha256, noble and valibot: no DOM, no Node, no adapter",
    mayImport: (target) =>
      startsWithAny(target, "src/nara/") ||
      isOneOf(target, "#sha256", "@noble/hashes", "@noble/ciphers", "valibot"),
  },
  {
    folder: "src/ui/",
    rule: "the page imports itself, Solid, the page protocol, and the nara's types only",
    mayImport: (target, typeOnly) =>
      startsWithAny(target, "src/ui/") ||
      pageProtocol.includes(target) ||
      (typeOnly && target.startsWith("src/nara/")) ||
      isOneOf(target, "solid-js"),
  },
  {
    folder: "src/tunnel/",
    rule: "the tunnel imports itself, codecs and contracts of the nara: both its ends use it",
    mayImport: (target) =>
      startsWithAny(target, "src/tunnel/", "src/nara/codec/") ||
      isOneOf(target, "src/nara/outcome.ts", "src/nara/ports.ts", "src/nara/mesh/http.ts"),
  },
  {
    folder: "src/adapters/",
    rule: "an adapter imports the nara's contracts, the tunnel and libraries, no host and no page",
    mayImport: (target) =>
      isPackage(target) || startsWithAny(target, "src/nara/", "src/adapters/", "src/tunnel/"),
  },
  {
    folder: "src/worker/",
    rule: "a browser host imports neither server nor page, nor Node",
    mayImport: (target) =>
      (isPackage(target) && !target.startsWith("node:")) ||
      startsWithAny(target, "src/nara/", "src/adapters/", "src/worker/"),
  },
  {
    folder: "src/relay/",
    rule: "the server imports neither browser host nor page",
    mayImport: (target) =>
      isPackage(target) ||
      startsWithAny(target, "src/nara/", "src/adapters/", "src/tunnel/", "src/relay/"),
  },
];

/** Tests and what serves only them may import anything. */
const isForTests = (path: string): boolean =>
  /\.test\.tsx?$|-acceptance\.ts$|\/test-[^/]+$|\/testing(\/|\.ts$)/.test(path) ||
  isOneOf(path, "vitest", "fast-check", "@playwright/test");

/**
 * What a file imports against the rules of its layer.
 *
 * @param file its path from the repository's root, with `/`.
 * @param source its text.
 */
export function violations(file: string, source: string): readonly Violation[] {
  const layer = layers.find(({ folder }) => file.startsWith(folder));
  if (isForTests(file)) {
    return [];
  }
  if (layer === undefined) {
    return [{ file, imported: "", rule: "every file under src/ belongs to a layer" }];
  }
  return importsOf(source).flatMap(({ specifier, typeOnly }) => {
    const target = targetOf(file, specifier);
    if (isForTests(target)) {
      return [{ file, imported: target, rule: "only tests import what serves tests" }];
    }
    return layer.mayImport(target, typeOnly) ? [] : [{ file, imported: target, rule: layer.rule }];
  });
}

/** Static and dynamic imports, re-exports, and modules named by `new URL(…, import.meta.url)`. */
export function importsOf(source: string): readonly Import[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  const fromClauses = code.matchAll(
    /^\s*(?:import|export)\s+(type\s+)?(?:[\w$*\s{},]+?\s+from\s+)?["']([^"']+)["']/gm,
  );
  const calls = code.matchAll(/\bimport\(\s*["']([^"']+)["']/g);
  const urls = code.matchAll(/\bnew URL\(\s*["']([^"']+)["']\s*,\s*import\.meta\.url/g);
  return [
    ...[...fromClauses].map(([, type, specifier = ""]) => ({
      specifier,
      typeOnly: type !== undefined,
    })),
    ...[...calls, ...urls].map(([, specifier = ""]) => ({ specifier, typeOnly: false })),
  ];
}

function targetOf(file: string, specifier: string): string {
  return specifier.startsWith(".")
    ? new URL(specifier.replace(/\?.*$/, ""), `file:///${file}`).pathname.slice(1)
    : specifier;
}
