/** JSON byte for byte as Go's encoding/json prints it (docs/protocol/identity.md §11). */
import { compareUtf8 } from "./utf8.ts";

/** A string literal with Go's HTML-safe escapes; a lone surrogate is printed as `\ufffd`. */
export function goString(text: string): string {
  if (!needsEscape.test(text)) return `"${text}"`;
  const parts = text.split(/\p{Surrogate}/u).map((part) => JSON.stringify(part).slice(1, -1));
  return `"${parts.join("\\ufffd").replace(htmlUnsafe, unicodeEscape)}"`;
}

/** A float64. JavaScript and Go agree on digits and exponents, but for −0. */
export function goFloat(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} has no JSON`);
  return Object.is(value, -0) ? "-0" : String(value);
}

/** A map, its keys sorted by UTF-8 bytes. */
export function goMap<Value>(
  map: ReadonlyMap<string, Value>,
  print: (value: Value) => string,
): string {
  const entries = [...map].sort(([left], [right]) => compareUtf8(left, right));
  return `{${entries.map(([key, value]) => `${goString(key)}:${print(value)}`).join(",")}}`;
}

const needsEscape = /["\\\p{Cc}<>&\u2028\u2029\ud800-\udfff]/u;
const htmlUnsafe = /[<>&\u2028\u2029]/g;

const unicodeEscape = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
