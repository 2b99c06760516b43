import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { contrast, hexToOklch, oklchToHex } from "./oklch.ts";
import { aurallessAura, tokensFromAura } from "./tokens.ts";
import { wearAura } from "./wear.ts";

const hex = fc
  .integer({ min: 0, max: 0xffffff })
  .map((value) => `#${value.toString(16).toUpperCase().padStart(6, "0")}`);

test("a colour survives the way to OKLCH and back", () => {
  fc.assert(
    fc.property(hex, (colour) => {
      const back = oklchToHex(hexToOklch(colour)!);
      for (let at = 1; at < 7; at += 2) {
        const drift =
          Number.parseInt(colour.slice(at, at + 2), 16) -
          Number.parseInt(back.slice(at, at + 2), 16);
        expect(Math.abs(drift)).toBeLessThanOrEqual(1);
      }
    }),
  );
});

test("OKLCH agrees with published values", () => {
  const red = hexToOklch("#FF0000")!;
  expect(red.l).toBeCloseTo(0.628, 3);
  expect(red.c).toBeCloseTo(0.2577, 3);
  expect(red.h).toBeCloseTo(29.23, 1);
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
  expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
});

test("whatever the aura, text reads at AA by day and by night", () => {
  fc.assert(
    fc.property(hex, hex, (primary, secondary) => {
      const both = tokensFromAura({ primary, secondary });
      for (const worn of [both.light, both.dark]) {
        for (const ground of ["surface", "card", "sky-top", "sky-low", "unlit"] as const) {
          for (const text of ["ink", "ink-soft", "accent-text"] as const) {
            expect(contrast(worn[text], worn[ground])).toBeGreaterThanOrEqual(4.5);
          }
        }
        expect(contrast(worn.ink, worn.lit)).toBeGreaterThanOrEqual(4.5);
        expect(contrast(worn["accent-ink"], worn.accent)).toBeGreaterThanOrEqual(4.5);
        expect(contrast(worn.ring, worn.surface)).toBeGreaterThanOrEqual(3);
        expect(contrast(worn.ring, worn.card)).toBeGreaterThanOrEqual(3);
      }
    }),
    { numRuns: 300 },
  );
});

test("an unknown or malformed aura wears the default", () => {
  const worn = tokensFromAura(aurallessAura);
  expect(tokensFromAura({ primary: "", secondary: aurallessAura.secondary })).toEqual(worn);
  expect(tokensFromAura({ primary: "red;}", secondary: aurallessAura.secondary })).toEqual(worn);
});

test("the stylesheet's first paint wears exactly the default tokens", async () => {
  const lines: string[] = [];
  wearAura({ setProperty: (name, value) => lines.push(`    ${name}: ${value};`) }, aurallessAura);
  const sheet = `/* The default tokens (tokens.ts, aurallessAura); tokens.test.ts keeps them true. */
@layer tokens {
  :root {
    color-scheme: light dark;
${lines.join("\n")}
  }
}
`;
  await expect(sheet).toMatchFileSnapshot("./tokens.css");
});

test("the browser's frame wears the default sky until an aura is known", () => {
  const page = readFileSync(new URL("../../../index.html", import.meta.url), "utf8");
  const worn = tokensFromAura(aurallessAura);
  expect(page).toContain(
    `content="${worn.light["sky-top"]}" media="(prefers-color-scheme: light)"`,
  );
  expect(page).toContain(`content="${worn.dark["sky-top"]}" media="(prefers-color-scheme: dark)"`);
});
