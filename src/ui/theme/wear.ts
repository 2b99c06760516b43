/** Puts tokens on an element as custom properties; the browser picks day or night by itself. */
import type { Aura } from "../../nara/view.ts";
import { tokenNames, tokensFromAura } from "./tokens.ts";

interface Wardrobe {
  setProperty(name: string, value: string): void;
}

/** Writes `--surface: light-dark(#…, #…)` and its kin to a style declaration. */
export const wearAura = (style: Wardrobe, aura: Aura): void => {
  const { light, dark } = tokensFromAura(aura);
  for (const name of tokenNames) {
    style.setProperty(`--${name}`, `light-dark(${light[name]}, ${dark[name]})`);
  }
};

/** The browser's own frame wears the sky, one meta element for each scheme (index.html). */
export const tintFrame = (page: Document, aura: Aura): void => {
  const worn = tokensFromAura(aura);
  for (const scheme of ["light", "dark"] as const) {
    page
      .querySelector(`meta[name="theme-color"][media*="${scheme}"]`)
      ?.setAttribute("content", worn[scheme]["sky-top"]);
  }
};
