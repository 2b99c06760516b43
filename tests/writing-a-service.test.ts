/** docs/writing-a-service.md shows the code as it is. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const read = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), "utf8");

const folder = "src/nara/services/rock-paper-scissors/";
const page = read("docs/writing-a-service.md");
const excerpts = [...page.matchAll(/^```ts\n\/\/ (\S+)\n(.*?)^```$/gms)].map(
  ([, file = "", code = ""]) => ({ path: file.includes("/") ? file : folder + file, code }),
);

test("every excerpt stands in the file that it names", () => {
  expect(excerpts.length).toBe(page.split("```ts\n").length - 1);
  expect(excerpts.length).toBeGreaterThan(10);
  const strange = excerpts.filter(({ path, code }) =>
    code.split(/\n\n/).some((part) => !read(path).includes(part.trimEnd())),
  );
  expect(strange).toEqual([]);
});

test("the files and reasons that the page names exist", () => {
  const links = [...page.matchAll(/\]\(([^)]+)\)/g)].map(([, target = ""]) => target);
  expect(links.length).toBeGreaterThan(10);
  const isThere = (target: string): boolean =>
    existsSync(new URL(target, new URL("../docs/", import.meta.url)));
  expect(links.filter((target) => !isThere(target))).toEqual([]);
  const reasons = [...page.matchAll(/counted `([^/]*?)`[;.]? ?\|/g)].flatMap(([, said = ""]) =>
    said.split("`, `"),
  );
  expect(reasons).toContain("broken_seal");
  for (const reason of reasons)
    expect(read("src/nara/runtime/drops.ts")).toContain(`  ${reason}: "`);
});

test("the whole example has less than 200 lines", () => {
  const lines = ["messages.ts", "rules.ts", "rock-paper-scissors.ts"].map(
    (file) => read(folder + file).split("\n").length - 1,
  );
  expect(lines.reduce((sum, count) => sum + count, 0)).toBeLessThan(200);
});
