/**
 * Aura: the two colours of a nara, from its soul, its name, its temper and how long it has been
 * up, seen in the light of a lamp that tints everything a little (docs/protocol/identity.md §5).
 */
import { utf8 } from "../codec/utf8.ts";
import type { Aura, Personality } from "../view.ts";
import { clamp, hexUnder, type Oklch, type Tint } from "./oklch.ts";

export interface AuraSource {
  readonly soulText: string;
  readonly name: string;
  readonly personality: Personality;
  /** Last seen minus last restart, whole seconds. Below 0 it wraps as an unsigned 64-bit number. */
  readonly uptimeS: number;
}

type Palette = "neon" | "noir" | "cool" | "warm" | "plain";

/** Traits as fractions of 100, age as a fraction of a long life (logarithmic). */
interface Temper {
  readonly agreeable: number;
  readonly social: number;
  readonly chill: number;
  readonly age: number;
  readonly palette: Palette;
}

/** Tint of a lamp at full strength. */
const lamps = {
  sodium: { a: 0.01, b: 0.1 },
  tungsten: { a: 0.02, b: 0.06 },
  moon: { a: -0.01, b: -0.06 },
  led: { a: -0.02, b: -0.03 },
} as const satisfies { readonly [lamp: string]: Tint };

/** What is drawn from the hash, each with its own salt. */
const salts = {
  lamp: 0x1a11a7ed,
  hue: 0xa2c2a1,
  harmony: 0x51ed270b,
  jitter: 0xc0ffee,
  direction: 0xbadc0de,
} as const;

/** A question to the hash: always the same answer for the same nara, 0–1 inclusive. */
type Draw = (question: keyof typeof salts) => number;

/** At this uptime age is 1: 30 days. */
const longLifeS = 2_592_000;
const goldenAngle = 137.50776405003785;

export function auraOf(source: AuraSource): Aura {
  const hash = fnv1a32(utf8(source.soulText + source.name));
  const draw: Draw = (question) => mixed(hash ^ salts[question]) / 0xffffffff;
  const temper = temperOf(source);
  const tint = tintOf(temper, draw);
  const primary = primaryColour(
    temper,
    wrapHue((hash % 360) + fraction(draw("hue")) * goldenAngle),
  );
  const secondary = secondaryColour(temper, primary, draw);
  return { primary: hexUnder(primary, tint), secondary: hexUnder(secondary, tint) };
}

function temperOf({ personality, uptimeS }: AuraSource): Temper {
  const { agreeableness, sociability, chill } = personality;
  const uptime = Number(BigInt.asUintN(64, BigInt(Math.trunc(uptimeS))));
  return {
    agreeable: clamp(agreeableness / 100, 0, 1),
    social: clamp(sociability / 100, 0, 1),
    chill: clamp(chill / 100, 0, 1),
    age: clamp(Math.log1p(uptime) / Math.log1p(longLifeS), 0, 1),
    palette: paletteOf(sociability, chill),
  };
}

function paletteOf(sociability: number, chill: number): Palette {
  if (sociability > 70 && chill < 40) {
    return "neon";
  }
  if (chill > 70) {
    return "noir";
  }
  if (sociability < 40) {
    return "cool";
  }
  return sociability > 60 && chill > 40 ? "warm" : "plain";
}

function tintOf(temper: Temper, draw: Draw): Tint {
  const { agreeable, chill, age } = temper;
  const lamp = lamps[lampOf(temper, draw("lamp"))];
  const neutral = 0.35 + 0.45 * agreeable;
  const strength =
    clamp(0.12 + 0.55 * age + 0.15 * (1 - chill), 0.08, 0.8) * (1 - 0.55 * agreeable);
  return {
    a: (lamp.a - lamp.a * neutral) * strength,
    b: (lamp.b - lamp.b * neutral) * strength,
  };
}

function lampOf({ social, chill, age, palette }: Temper, drawn: number): keyof typeof lamps {
  const warmBonus = { warm: 0.15, noir: 0.08, cool: 0, neon: 0, plain: 0 }[palette];
  const coolBonus = { warm: 0, noir: 0, cool: 0.15, neon: 0.1, plain: 0 }[palette];
  const warm = clamp(0.55 * age + 0.35 * chill + 0.1 * (1 - social), 0, 1);
  const cool = clamp(0.55 * social + 0.25 * (1 - chill) + 0.2 * (1 - age), 0, 1);
  if (clamp(warm + warmBonus, 0, 1) >= clamp(cool + coolBonus, 0, 1)) {
    return drawn < 0.25 + 0.35 * age ? "sodium" : "tungsten";
  }
  return drawn < 0.2 + 0.25 * (1 - age) ? "moon" : "led";
}

function primaryColour({ social, chill, palette }: Temper, hue: number): Oklch {
  const plain = {
    lightness: 0.52 + 0.18 * chill - 0.06 * social,
    chroma: 0.06 + 0.22 * social + 0.05 * (1 - chill),
    hue,
  };
  const { lightness, chroma, hue: turned } = withPalette(palette, plain);
  return { lightness: clampLightness(lightness), chroma: clamp(chroma, 0.02, 0.4), hue: turned };
}

function withPalette(palette: Palette, { lightness, chroma, hue }: Oklch): Oklch {
  switch (palette) {
    case "warm":
      return { lightness, chroma, hue: wrapHue(hue + 12) };
    case "cool":
      return { lightness, chroma, hue: wrapHue(hue - 12) };
    case "noir":
      return { lightness: lightness - 0.12, chroma: chroma * 0.75, hue };
    case "neon":
      return { lightness: lightness + 0.04, chroma: chroma * 1.18, hue };
    case "plain":
      return { lightness, chroma, hue };
  }
}

/** In harmony with the primary, the closer the more agreeable the nara, and clearly lighter or darker. */
function secondaryColour({ agreeable, social, chill }: Temper, primary: Oklch, draw: Draw): Oklch {
  const angle = harmonyAngle(agreeable, draw("harmony")) + (draw("jitter") - 0.5) * 14;
  const distance = 0.1 + 0.06 * (1 - chill) + (social > 0.65 ? 0.03 : 0);
  const step = draw("direction") > 0.5 ? distance : -distance;
  const wished = primary.lightness + step;
  const lightness = wished < 0.18 || wished > 0.88 ? primary.lightness - step : wished;
  return {
    lightness: clampLightness(lightness),
    chroma: clamp(primary.chroma * (0.78 + 0.44 * (1 - social)), 0.02, 0.38),
    hue: wrapHue(primary.hue + angle),
  };
}

function harmonyAngle(agreeable: number, drawn: number): number {
  if (agreeable >= 0.75) {
    return drawn < 0.85 ? 28 : 150;
  }
  if (agreeable >= 0.45) {
    return drawn < 0.55 ? 150 : 28;
  }
  return drawn < 0.4 ? 120 : 180;
}

const clampLightness = (lightness: number) => clamp(lightness, 0.18, 0.88);

const fraction = (x: number) => x - Math.floor(x);

function wrapHue(degrees: number): number {
  const turned = degrees % 360;
  return turned < 0 ? turned + 360 : turned;
}

/** FNV-1a, 32 bits (Fowler, Noll, Vo). */
function fnv1a32(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash >>> 0;
}

/** Spreads the bits of a 32-bit number (§5, U). */
function mixed(seed: number): number {
  let x = seed;
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  x ^= x >>> 16;
  return x >>> 0;
}
