/**
 * JSON of unknown shape, for tests: read lossless for integers, printed byte for byte as Go prints
 * it. Naras read and print known shapes only (src/nara/codec/go-types.ts).
 */
import { encodeBase64 } from "../../src/nara/codec/base64.ts";
import { goFloat, goMap, goString } from "../../src/nara/codec/go-json.ts";
import {
  type JsonLimits,
  type JsonReader,
  type JsonRefusal,
  jsonReader,
  kindOf,
  peek,
  plazaLimits,
  readArray,
  readEnd,
  readNumber,
  readObject,
  readString,
  readWord,
  refuseJson,
} from "../../src/nara/codec/json-reader.ts";
import { accept, type Outcome, refuse } from "../../src/nara/outcome.ts";

export type JsonValue = null | boolean | number | bigint | string | JsonValue[] | JsonObject;
export interface JsonObject {
  [key: string]: JsonValue;
}

/**
 * The whole of `text` as one value. Integers of 16 and more digits are bigints, all other numbers
 * are doubles. Of a repeated key the last stays. What Go's decoder calls invalid is refused, and
 * so is a number beyond the range of a double.
 */
export function parseJson(
  text: string,
  limits: JsonLimits = plazaLimits,
): Outcome<JsonValue, JsonRefusal> {
  const reader = jsonReader(text, limits);
  const value = readAny(reader);
  readEnd(reader);
  return reader.refusal === undefined ? accept(value) : refuse(reader.refusal);
}

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

const isList = (value: object): value is readonly GoJsonValue[] => Array.isArray(value);

function readAny(reader: JsonReader): JsonValue {
  const kind = kindOf(peek(reader));
  switch (kind) {
    case "object":
      return readAnyObject(reader);
    case "array": {
      const list: JsonValue[] = [];
      readArray(reader, () => list.push(readAny(reader)));
      return list;
    }
    case "string":
      return readString(reader);
    case "number":
      return readAnyNumber(reader);
    case "null":
      readWord(reader, kind);
      return null;
    case "true":
    case "false":
      readWord(reader, kind);
      return kind === "true";
    case "none":
      refuseJson(reader, "malformed");
      return null;
  }
}

function readAnyObject(reader: JsonReader): JsonObject {
  const object: JsonObject = {};
  readObject(reader, (key) => {
    const value = readAny(reader);
    if (key === "__proto__") {
      Object.defineProperty(object, key, {
        value,
        enumerable: true,
        writable: true,
        configurable: true,
      });
    } else {
      object[key] = value;
    }
  });
  return object;
}

function readAnyNumber(reader: JsonReader): number | bigint {
  const digits = readNumber(reader);
  if (/^-?\d{16,}$/.test(digits)) return BigInt(digits);
  const value = Number(digits);
  if (!Number.isFinite(value)) refuseJson(reader, "out_of_range");
  return value;
}
