/** JSON byte for byte as Go's encoding/json prints it (docs/protocol/identity.md §11). */
import { encodeBase64 } from "./base64.ts";
import { compareUtf8 } from "./utf8.ts";

/** Undefined stands for an omitted field, in objects only. */
export type GoJsonValue =
  | null
  | boolean
  /** float64 */
  | number
  /** int64 or uint64 */
  | bigint
  | string
  /** []byte */
  | Uint8Array
  | readonly GoJsonValue[]
  /** map: keys sorted by their UTF-8 bytes */
  | ReadonlyMap<string, GoJsonValue>
  | GoJsonStruct;

/** struct: fields in the order in which they were set */
export interface GoJsonStruct {
  readonly [field: string]: GoJsonValue | undefined;
}

/** @throws RangeError for NaN and infinities, which have no JSON. */
export function goJson(value: GoJsonValue): string {
  if (value === null) return "null";
  switch (typeof value) {
    case "string":
      return goString(value);
    case "number":
      return goFloat(value);
    case "bigint":
    case "boolean":
      return String(value);
  }
  if (value instanceof Uint8Array) return `"${encodeBase64(value)}"`;
  if (isList(value)) return `[${value.map(goJson).join(",")}]`;
  if (value instanceof Map) return goMap(value, goJson);
  const fields: string[] = [];
  for (const [field, inner] of Object.entries(value)) {
    if (inner !== undefined) fields.push(`${goString(field)}:${goJson(inner)}`);
  }
  return `{${fields.join(",")}}`;
}

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

const isList = (value: object): value is readonly GoJsonValue[] => Array.isArray(value);
