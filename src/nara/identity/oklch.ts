/** Colours in OKLCH, made visible as sRGB under a tint (docs/protocol/identity.md §5, "Colour"). */

export interface Oklch {
  /** 0 black … 1 white. */
  readonly lightness: number;
  readonly chroma: number;
  /** Degrees. */
  readonly hue: number;
}

/** A shift in OKLab, green to red and blue to yellow. */
export interface Tint {
  readonly a: number;
  readonly b: number;
}

interface LinearRgb {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
}

/** How often, and by how much, chroma is taken back to find a colour that a screen can show. */
const tries = 14;
const fade = 0.88;

/** `#RRGGBB`, upper case. Chroma gives way until the colour fits sRGB; the tint stays whole. */
export function hexUnder(colour: Oklch, tint: Tint): string {
  const angle = colour.hue * (Math.PI / 180);
  const a = colour.chroma * Math.cos(angle);
  const b = colour.chroma * Math.sin(angle);
  let kept = 1;
  for (let attempt = 0; attempt < tries; attempt++) {
    const rgb = linearRgb(colour.lightness, kept * a + tint.a, kept * b + tint.b);
    if (isVisible(rgb)) {
      return hex(rgb);
    }
    kept *= fade;
  }
  return hex(linearRgb(colour.lightness, kept * a + tint.a, kept * b + tint.b));
}

export function clamp(value: number, lowest: number, highest: number): number {
  return Math.min(highest, Math.max(lowest, value));
}

function linearRgb(lightness: number, a: number, b: number): LinearRgb {
  const l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
  const m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
  const s = cube(lightness - 0.0894841775 * a - 1.291485548 * b);
  return {
    red: 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    green: -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    blue: -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  };
}

const cube = (x: number) => x * x * x;

const isVisible = ({ red, green, blue }: LinearRgb) =>
  [red, green, blue].every((channel) => channel >= 0 && channel <= 1);

const hex = ({ red, green, blue }: LinearRgb) => `#${byte(red)}${byte(green)}${byte(blue)}`;

/** Two hexadecimal digits of a linear channel after the sRGB transfer curve. */
function byte(linear: number): string {
  const x = clamp(linear, 0, 1);
  const encoded = x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055;
  return Math.round(255 * encoded)
    .toString(16)
    .toUpperCase()
    .padStart(2, "0");
}
