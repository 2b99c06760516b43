import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { findChromium } from "../scripts/find-chromium.mjs";

const machine = (env: Record<string, string>, ...files: string[]) => ({
  env,
  exists: (path: string) => files.includes(path),
  playwrightsOwn: () => "/cache/playwright/chrome",
});

test("CHROMIUM comes before everything else", () => {
  const found = findChromium(
    machine({ CHROMIUM: "/mine", PATH: "/usr/bin" }, "/mine", "/usr/bin/chromium"),
  );
  expect(found).toBe("/mine");
});

test("a CHROMIUM that names no file is an error, not a reason to take another", () => {
  const mistaken = machine({ CHROMIUM: "/typo", PATH: "/usr/bin" }, "/usr/bin/chromium");
  expect(() => findChromium(mistaken)).toThrow("/typo");
});

test("a Chromium on the path comes before a Chrome, and before Playwright's own", () => {
  const found = findChromium(
    machine(
      { PATH: "/opt/bin:/usr/bin" },
      "/opt/bin/google-chrome",
      "/usr/bin/chromium",
      "/cache/playwright/chrome",
    ),
  );
  expect(found).toBe("/usr/bin/chromium");
});

test("Playwright's own is the last resort", () => {
  expect(findChromium(machine({ PATH: "/usr/bin" }, "/cache/playwright/chrome"))).toBe(
    "/cache/playwright/chrome",
  );
});

test("without any there is nothing to find", () => {
  expect(findChromium(machine({}))).toBeUndefined();
});

test("on this machine the search finds a file or nothing", () => {
  const found = findChromium();
  expect(found === undefined || existsSync(found)).toBe(true);
});
