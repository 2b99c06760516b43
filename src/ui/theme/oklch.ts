/** Colour arithmetic: `#RRGGBB` ↔ OKLCH (Ottosson's OKLab matrices, CSS Color 4 §10) and WCAG contrast. */

/** `l` 0–1, `c` 0–~0.37, `h` degrees 0–360. */
export interface Oklch {
  readonly l: number;
  readonly c: number;
  readonly h: number;
}

type Rgb = readonly [number, number, number];

/** Undefined for anything but `#RRGGBB`. */
export const parseHex = (hex: string): Rgb | undefined => {
  if (!/^#[0-9a-f]{6}$/i.test(hex)) return undefined;
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
};

export const hexToOklch = (hex: string): Oklch | undefined => {
  const rgb = parseHex(hex);
  if (rgb === undefined) return undefined;
  const [r, g, b] = rgb.map(toLinear) as [number, number, number];
  const long = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const middle = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const short = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const l = 0.2104542553 * long + 0.793617785 * middle - 0.0040720468 * short;
  const a = 1.9779984951 * long - 2.428592205 * middle + 0.4505937099 * short;
  const bb = 0.0259040371 * long + 0.7827717662 * middle - 0.808675766 * short;
  const h = (Math.atan2(bb, a) * 180) / Math.PI;
  return { l, c: Math.hypot(a, bb), h: (h + 360) % 360 };
};

/** Lightness and hue are kept; chroma gives way until the colour exists in sRGB. */
export const oklchToHex = ({ l, c, h }: Oklch): string => {
  let low = 0;
  let high = c;
  let rgb = toRgb(l, c, h);
  if (!inGamut(rgb)) {
    for (let step = 0; step < 14; step++) {
      const middle = (low + high) / 2;
      if (inGamut(toRgb(l, middle, h))) low = middle;
      else high = middle;
    }
    rgb = toRgb(l, low, h);
  }
  return `#${rgb.map(toByte).join("")}`;
};

/** WCAG 2.2 contrast ratio, 1–21. Both are `#RRGGBB`. */
export const contrast = (one: string, other: string): number => {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
};

const luminance = (hex: string): number => {
  const [r, g, b] = (parseHex(hex) ?? [0, 0, 0]).map(toLinear) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

const toRgb = (l: number, c: number, h: number): Rgb => {
  const a = c * Math.cos((h * Math.PI) / 180);
  const b = c * Math.sin((h * Math.PI) / 180);
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const middle = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    fromLinear(4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short),
    fromLinear(-1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short),
    fromLinear(-0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short),
  ];
};

const inGamut = (rgb: Rgb): boolean => rgb.every((part) => part >= -0.001 && part <= 1.001);

const toByte = (part: number): string =>
  Math.round(Math.min(1, Math.max(0, part)) * 255)
    .toString(16)
    .padStart(2, "0");

const toLinear = (part: number): number =>
  part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;

const fromLinear = (part: number): number =>
  part <= 0.0031308 ? part * 12.92 : 1.055 * part ** (1 / 2.4) - 0.055;
