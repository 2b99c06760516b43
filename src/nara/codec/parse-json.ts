/** JSON of unknown shape: bounded, and lossless for integers. For known shapes see go-types.ts. */
import { accept, type Outcome, refuse } from "../outcome.ts";
import { foldKey } from "./fold-key.ts";
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
  readRaw,
  readString,
  readWord,
  refuseJson,
} from "./json-reader.ts";

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

/**
 * The text of a top-level field exactly as it was sent, for signatures over raw bytes: Go's choice
 * among several, which is the last whose key matches without regard to case. Undefined when the
 * text is no valid object or has no such field.
 */
export function rawField(
  text: string,
  field: string,
  limits: JsonLimits = plazaLimits,
): string | undefined {
  const reader = jsonReader(text, limits);
  if (kindOf(peek(reader)) !== "object") return undefined;
  const folded = foldKey(field);
  let found: string | undefined;
  readObject(reader, (key) => {
    const raw = readRaw(reader);
    if (key === field || foldKey(key) === folded) found = raw;
  });
  readEnd(reader);
  return reader.refusal === undefined ? found : undefined;
}

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
