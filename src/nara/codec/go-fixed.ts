/** Go's `%.Nf`: exact decimal value, ties to even (docs/protocol/identity.md §11). */

/** From here on `toFixed` writes exponents. */
const tooLargeForJs = 1e21;

/** `value` with `digits` decimals. NaN and infinities print as Go prints them. */
export function goFixed(value: number, digits: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const size = Math.abs(value);
  // JavaScript rounds as exactly, but ties up; a tie has few binary digits behind the point.
  if (size < tooLargeForJs && !Number.isInteger(size * 2 ** (digits + 1))) {
    return sign + size.toFixed(digits);
  }
  const units = roundedUnits(size, digits)
    .toString()
    .padStart(digits + 1, "0");
  if (digits === 0) return sign + units;
  return `${sign}${units.slice(0, -digits)}.${units.slice(-digits)}`;
}

/** value · 10^digits, rounded to the nearest integer, ties to even. `value` is not negative. */
function roundedUnits(value: number, digits: number): bigint {
  const { mantissa, exponent } = exactParts(value);
  const scaled = mantissa * 10n ** BigInt(digits);
  if (exponent >= 0) return scaled << BigInt(exponent);
  const shift = BigInt(-exponent);
  const floor = scaled >> shift;
  const twiceRest = (scaled - (floor << shift)) << 1n;
  const unit = 1n << shift;
  const up = twiceRest > unit || (twiceRest === unit && (floor & 1n) === 1n);
  return up ? floor + 1n : floor;
}

/** value = mantissa · 2^exponent, exactly (IEEE 754 binary64). */
function exactParts(value: number): { mantissa: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & ((1n << 52n) - 1n);
  if (biased === 0) return { mantissa: fraction, exponent: -1074 };
  return { mantissa: fraction | (1n << 52n), exponent: biased - 1075 };
}
