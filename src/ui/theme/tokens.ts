/**
 * What the page wears: colour tokens derived from a nara's aura, for daylight and for night.
 * Every pair that carries text holds WCAG AA (4.5 : 1), whatever the aura (tokens.test.ts).
 */
import type { Aura } from "../../nara/view.ts";
import { contrast, hexToOklch, type Oklch, oklchToHex } from "./oklch.ts";

export const tokenNames = [
  "surface",
  "card",
  "edge",
  "ink",
  "ink-soft",
  "accent",
  "accent-ink",
  "accent-text",
  "ring",
  "sky-top",
  "sky-low",
  "orb",
  "hill-far",
  "hill-mid",
  "hill-near",
  "wall",
  "roof",
  "lit",
  "unlit",
] as const;

export type TokenName = (typeof tokenNames)[number];
/** `#rrggbb` for each token. */
export type Tokens = Readonly<Record<TokenName, string>>;

/** Worn until a nara is known: apricot evening, plum shade. */
export const aurallessAura: Aura = { primary: "#E8935A", secondary: "#8E6BB5" };

const textContrast = 4.6;
const shapeContrast = 3.1;

export const tokensFromAura = (aura: Aura): { readonly light: Tokens; readonly dark: Tokens } => {
  const one = hexToOklch(aura.primary) ?? (hexToOklch(aurallessAura.primary) as Oklch);
  const other = hexToOklch(aura.secondary) ?? one;
  return { light: daylight(one, other), dark: night(one, other) };
};

const daylight = (one: Oklch, other: Oklch): Tokens => {
  const tint = quiet(one);
  const second = quiet(other);
  const surface = oklchToHex({ l: 0.968, c: 0.022 * tint, h: one.h });
  const card = oklchToHex({ l: 0.99, c: 0.01 * tint, h: one.h });
  const skyTop = oklchToHex({ l: 0.905, c: 0.07 * second, h: other.h });
  const skyLow = oklchToHex({ l: 0.965, c: 0.04 * tint, h: one.h });
  const hillNear = surface;
  const lit = oklchToHex({ l: 0.93, c: 0.085, h: 88 });
  const unlit = oklchToHex({ l: 0.905, c: 0.016 * tint, h: one.h });
  const grounds = [surface, card, skyTop, skyLow, lit, unlit];
  const accent = readable({ l: 0.6, c: Math.min(one.c, 0.17), h: one.h }, [surface, card], -1);
  return {
    surface,
    card,
    edge: oklchToHex({ l: 0.87, c: 0.035 * tint, h: one.h }),
    ink: readable({ l: 0.28, c: 0.055 * tint, h: one.h }, grounds, -1),
    "ink-soft": readable({ l: 0.48, c: 0.05 * tint, h: one.h }, grounds, -1),
    accent,
    "accent-ink": oklchToHex({ l: 0.995, c: 0.004, h: one.h }),
    "accent-text": readable({ l: 0.5, c: Math.min(one.c, 0.16), h: one.h }, grounds, -1),
    ring: readable({ l: 0.5, c: 0.15 * second, h: other.h }, grounds, -1, shapeContrast),
    "sky-top": skyTop,
    "sky-low": skyLow,
    orb: oklchToHex({ l: 0.955, c: 0.075, h: 85 }),
    "hill-far": oklchToHex({ l: 0.88, c: 0.052 * second, h: other.h }),
    "hill-mid": oklchToHex({ l: 0.895, c: 0.062 * tint, h: one.h }),
    "hill-near": hillNear,
    wall: oklchToHex({ l: 0.975, c: 0.018, h: 80 }),
    roof: oklchToHex({ l: 0.66, c: Math.min(0.12, Math.max(0.05, other.c)), h: other.h }),
    lit,
    unlit,
  };
};

const night = (one: Oklch, other: Oklch): Tokens => {
  const tint = quiet(one);
  const second = quiet(other);
  const surface = oklchToHex({ l: 0.215, c: 0.026 * tint, h: one.h });
  const card = oklchToHex({ l: 0.27, c: 0.03 * tint, h: one.h });
  const skyTop = oklchToHex({ l: 0.185, c: 0.045 * second, h: other.h });
  const skyLow = oklchToHex({ l: 0.31, c: 0.07 * tint, h: one.h });
  const lit = oklchToHex({ l: 0.4, c: 0.06, h: 75 });
  const unlit = oklchToHex({ l: 0.225, c: 0.02 * tint, h: one.h });
  const grounds = [surface, card, skyTop, skyLow, unlit];
  return {
    surface,
    card,
    edge: oklchToHex({ l: 0.37, c: 0.045 * tint, h: one.h }),
    ink: readable({ l: 0.945, c: 0.02 * tint, h: one.h }, [...grounds, lit], 1),
    "ink-soft": readable({ l: 0.78, c: 0.035 * tint, h: one.h }, grounds, 1),
    accent: readable({ l: 0.78, c: Math.min(one.c, 0.15), h: one.h }, [surface, card], 1),
    "accent-ink": oklchToHex({ l: 0.19, c: 0.03, h: one.h }),
    "accent-text": readable({ l: 0.8, c: Math.min(one.c, 0.14), h: one.h }, grounds, 1),
    ring: readable({ l: 0.75, c: 0.14 * second, h: other.h }, [...grounds, lit], 1, shapeContrast),
    "sky-top": skyTop,
    "sky-low": skyLow,
    orb: oklchToHex({ l: 0.93, c: 0.04, h: 95 }),
    "hill-far": oklchToHex({ l: 0.345, c: 0.06 * second, h: other.h }),
    "hill-mid": oklchToHex({ l: 0.28, c: 0.05 * tint, h: one.h }),
    "hill-near": surface,
    wall: oklchToHex({ l: 0.42, c: 0.03 * tint, h: one.h }),
    roof: oklchToHex({ l: 0.47, c: 0.075 * second, h: other.h }),
    lit,
    unlit,
  };
};

/** How much of a tint an aura gives: a grey one colours nothing, a loud one not more than twice. */
const quiet = (colour: Oklch): number => Math.min(1.5, colour.c / 0.1);

/** Walks lightness down (-1) or up (+1) until the colour reads on every ground. */
const readable = (
  wish: Oklch,
  grounds: readonly string[],
  direction: -1 | 1,
  least = textContrast,
): string => {
  let l = wish.l;
  let hex = oklchToHex(wish);
  while (grounds.some((ground) => contrast(hex, ground) < least) && l > 0 && l < 1) {
    l = Math.min(1, Math.max(0, l + direction * 0.01));
    hex = oklchToHex({ ...wish, l });
  }
  return hex;
};
