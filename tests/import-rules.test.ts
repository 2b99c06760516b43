import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { importsOf, violations } from "./import-rules.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter((path) => /(?<!\.d)\.tsx?$/.test(path))
  .map((path) => join("src", path).replaceAll("\\", "/"));

const broken = (file: string, source: string): readonly string[] =>
  violations(file, source).map(({ imported }) => imported);

test("every source file keeps to its layer", () => {
  const found = sources.flatMap((file) => violations(file, readFileSync(join(root, file), "utf8")));
  expect(found).toEqual([]);
  expect(sources.length).toBeGreaterThan(50);
});

test("the nara may import itself, #sha256, noble and valibot, and nothing else", () => {
  const source = `
    import * as v from "valibot";
    import { sha256 } from "#sha256";
    import { hmac } from "@noble/hashes/hmac.js";
    import type { Clock } from "../ports.ts";
    import { createClock } from "../../adapters/clock.ts";
    import type { KeyObject } from "node:crypto";
    import { readFileSync } from "fs";
    import "mqtt";
  `;
  expect(broken("src/nara/ledger/ledger.ts", source)).toEqual([
    "src/adapters/clock.ts",
    "node:crypto",
    "fs",
    "mqtt",
  ]);
});

test("the page may import the nara's types, but none of its code", () => {
  expect(broken("src/ui/app.tsx", `import type { NaraView } from "../nara/view.ts";`)).toEqual([]);
  expect(broken("src/ui/app.tsx", `export type { NaraView } from "../nara/view.ts";`)).toEqual([]);
  expect(broken("src/ui/app.tsx", `import { limits } from "../nara/limits.ts";`)).toEqual([
    "src/nara/limits.ts",
  ]);
});

test("the page reaches the worker by its protocol alone", () => {
  const source = `
    import { connect } from "../worker/connect.ts";
    import { protocolVersion } from "../worker/protocol.ts";
    import { loadSoul } from "../worker/soul-store.ts";
    const late = await import("../worker/shared-worker.ts");
    new SharedWorker(new URL("../worker/leader.ts", import.meta.url));
  `;
  expect(broken("src/ui/main.tsx", source)).toEqual([
    "src/worker/soul-store.ts",
    "src/worker/shared-worker.ts",
    "src/worker/leader.ts",
  ]);
});

test("hosts do not import each other, and a browser host no Node", () => {
  expect(broken("src/worker/host.ts", `import { serve } from "../relay/serve.ts";`)).toHaveLength(
    1,
  );
  expect(broken("src/worker/host.ts", `import { join } from "node:path";`)).toHaveLength(1);
  expect(broken("src/relay/main.ts", `import { host } from "../worker/host.ts";`)).toHaveLength(1);
  expect(broken("src/adapters/clock.ts", `import { host } from "../relay/main.ts";`)).toHaveLength(
    1,
  );
});

test("what serves tests is imported by tests alone", () => {
  const source = `import { virtualClock } from "./testing/clock.ts";`;
  expect(broken("src/nara/nara.ts", source)).toEqual(["src/nara/testing/clock.ts"]);
  expect(broken("src/nara/nara.test.ts", source)).toEqual([]);
  expect(broken("src/adapters/clock.ts", `import { expect } from "vitest";`)).toEqual(["vitest"]);
});

test("a file outside every layer is refused", () => {
  expect(violations("src/stray.ts", "")).toHaveLength(1);
});

test("imports over many lines are seen, and those in comments are not", () => {
  const source = `
    /* import { a } from "in-a-comment"; */
    // import { b } from "in-a-line-comment";
    import {
      one,
      type Two,
    } from "many-lines";
    export * from "everything";
    export const text = "words";
  `;
  expect(importsOf(source).map(({ specifier }) => specifier)).toEqual(["many-lines", "everything"]);
});
