/** An avatar's colours from its aura and personality (docs/protocol/ui-and-api.md §a Avatar). */
import type { NaraLooks } from "../../nara/view.ts";
import { parseHex } from "../theme/oklch.ts";

/** Hue in degrees, the others 0–1. */
interface Hsl {
  readonly h: number;
  readonly s: number;
  readonly l: number;
}

export interface Coat {
  readonly dominant: Hsl;
  readonly shadow: Hsl;
  readonly highlight: Hsl;
}

/** Worn while the aura is unknown: a grey that takes no side. */
const grey = "#9A938C";

export const coatOf = ({ aura, personality }: Pick<NaraLooks, "aura" | "personality">): Coat => {
  const base = hslOf(aura.primary);
  const h = (base.h - 10 + 24 * share(personality.agreeableness) + 360) % 360;
  const wished = 0.5 + 0.22 * share(personality.sociability);
  const l = base.l + (wished - base.l) * 0.35;
  return {
    dominant: { h, s: base.s, l },
    shadow: { h, s: base.s * 0.9, l: l * 0.55 },
    highlight: { h: (h + 6) % 360, s: base.s * 0.8, l: Math.min(1, l + 0.18) },
  };
};

export const paint = ({ h, s, l }: Hsl, alpha: number): string =>
  `hsl(${h.toFixed(1)} ${(s * 100).toFixed(1)}% ${(l * 100).toFixed(1)}% / ${alpha})`;

const hslOf = (hex: string): Hsl => {
  const [r, g, b] = parseHex(hex) ?? (parseHex(grey) as [number, number, number]);
  const max = Math.max(r, g, b);
  const min = Math.min(r, g, b);
  const l = (max + min) / 2;
  const span = max - min;
  if (span === 0) return { h: 0, s: 0, l };
  const s = span / (1 - Math.abs(2 * l - 1));
  const sixth =
    max === r ? ((g - b) / span + 6) % 6 : max === g ? (b - r) / span + 2 : (r - g) / span + 4;
  return { h: sixth * 60, s, l };
};

const share = (trait: number): number =>
  Number.isFinite(trait) ? Math.min(1, Math.max(0, trait / 100)) : 0.5;
