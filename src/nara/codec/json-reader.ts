/**
 * Reads JSON text from left to right as strictly as Go does, within bounds, and without losing a
 * digit. A refusal is kept in the reader, which then stands at the end of its text: every later
 * read is harmless, so callers look at `refusal` once, at the end.
 */
import { maxDepth, maxEntries, maxFrameBytes, maxStringBytes } from "../limits.ts";
import { utf8Length, wellFormed } from "./utf8.ts";

/** Why a text was not read: drop reasons of the runtime (runtime/drops.ts). */
export type JsonRefusal =
  | "malformed"
  | "mistyped"
  | "out_of_range"
  | "too_large"
  | "too_deep"
  | "too_many_entries"
  | "too_long";

export interface JsonLimits {
  /** UTF-16 units of the whole text, never more than its bytes. */
  readonly size: number;
  readonly depth: number;
  /** Entries of any one list or object. */
  readonly entries: number;
  /** UTF-8 bytes of any one string or key. */
  readonly stringBytes: number;
}

/** What fits a plaza message (limits.ts). */
export const plazaLimits: JsonLimits = {
  size: maxFrameBytes,
  depth: maxDepth,
  entries: maxEntries,
  stringBytes: maxStringBytes,
};

export interface JsonReader {
  readonly text: string;
  readonly limits: JsonLimits;
  at: number;
  depth: number;
  refusal: JsonRefusal | undefined;
}

export function jsonReader(text: string, limits: JsonLimits): JsonReader {
  const reader: JsonReader = { text, limits, at: 0, depth: 0, refusal: undefined };
  if (text.length > limits.size) refuseJson(reader, "too_large");
  return reader;
}

/** Keeps the first refusal and moves to the end of the text. */
export function refuseJson(reader: JsonReader, refusal: JsonRefusal): void {
  reader.refusal ??= refusal;
  reader.at = reader.text.length;
}

/** Code of the next character after white space, NaN at the end. */
export function peek(reader: JsonReader): number {
  const { text } = reader;
  let code = text.charCodeAt(reader.at);
  while (code === space || code === lineFeed || code === tab || code === carriageReturn) {
    code = text.charCodeAt(++reader.at);
  }
  return code;
}

/** Refuses anything but white space behind the value. */
export function readEnd(reader: JsonReader): void {
  peek(reader);
  if (reader.at < reader.text.length) refuseJson(reader, "malformed");
}

/** Steps over `expected` if it comes next, and says whether it did. */
export function skipText(reader: JsonReader, expected: string): boolean {
  if (!reader.text.startsWith(expected, reader.at)) return false;
  reader.at += expected.length;
  return true;
}

/** Reads `null`, `true` or `false`. */
export function readWord(reader: JsonReader, word: "null" | "true" | "false"): void {
  if (reader.text.startsWith(word, reader.at)) reader.at += word.length;
  else refuseJson(reader, "malformed");
}

/** Reads `null` if it comes next and says whether it did. */
export function readNull(reader: JsonReader): boolean {
  if (peek(reader) !== letterN) return false;
  readWord(reader, "null");
  return true;
}

/** Before the next key of an object; steps over the opening brace, a comma or the closing brace. */
export const hasMember = (reader: JsonReader, index: number): boolean =>
  hasEntry(reader, closeBrace, index);

/** Before the next element of an array, likewise. */
export const hasElement = (reader: JsonReader, index: number): boolean =>
  hasEntry(reader, closeBracket, index);

/** Calls `entry` once per key, standing before the value, which `entry` must read. */
export function readObject(reader: JsonReader, entry: (key: string) => void): void {
  for (let index = 0; hasMember(reader, index); index++) {
    const key = readKey(reader);
    if (reader.refusal === undefined) entry(key);
  }
}

/** Calls `element` once per element, standing before it; `element` must read it. */
export function readArray(reader: JsonReader, element: (index: number) => void): void {
  for (let index = 0; hasElement(reader, index); index++) element(index);
}

/** Reads a string, standing at its quote. Lone surrogates become U+FFFD, as in Go. */
export function readString(reader: JsonReader): string {
  const { text, limits } = reader;
  const start = reader.at + 1;
  let end = start;
  let plain = true;
  let code = text.charCodeAt(end);
  while (code !== quote) {
    if (!(code >= space)) {
      refuseJson(reader, "malformed");
      return "";
    }
    if (code === backslash) {
      plain = false;
      end++;
    } else if (code >= firstSurrogate && code <= lastSurrogate) {
      plain = false;
    }
    code = text.charCodeAt(++end);
  }
  reader.at = end + 1;
  const raw = text.slice(start, end);
  const value = plain ? copied(raw) : wellFormed(unescaped(reader, raw));
  if (value.length * 3 > limits.stringBytes && utf8Length(value) > limits.stringBytes) {
    refuseJson(reader, "too_long");
    return "";
  }
  return value;
}

/**
 * The same text with memory of its own, and no more than it needs: engines let a part of a text keep
 * all of it alive, so a key that is remembered would hold on to the 256 KiB that it came with.
 */
export const copied = (part: string): string =>
  part.length < longestAlwaysCopied ? part : [part.slice(0, 1), part.slice(1)].join("");

/** V8 copies parts shorter than this anyway; others are free to share so little. */
const longestAlwaysCopied = 13;

/** Reads a number and gives it as written; "" after a refusal. */
export function readNumber(reader: JsonReader): string {
  const { text } = reader;
  const start = reader.at;
  let end = start;
  if (text.charCodeAt(end) === minus) end++;
  end = text.charCodeAt(end) === digit0 ? end + 1 : endOfDigits(reader, end);
  if (text.charCodeAt(end) === dot) end = endOfDigits(reader, end + 1);
  const code = text.charCodeAt(end);
  if (code === letterE || code === capitalE) {
    const sign = text.charCodeAt(end + 1);
    end = endOfDigits(reader, sign === plus || sign === minus ? end + 2 : end + 1);
  }
  if (reader.refusal !== undefined) return "";
  reader.at = end;
  return text.slice(start, end);
}

/** Reads a value of any kind, checks it as strictly, and forgets it. Depth costs it no call stack. */
export function skipValue(reader: JsonReader): void {
  const open: { readonly close: number; entries: number }[] = [];
  do {
    const close = skipScalarOrOpen(reader);
    if (close !== undefined) open.push({ close, entries: 0 });
  } while (skipToValue(reader, open));
}

/** Reads a value of any kind and gives its text exactly as sent. */
export function readRaw(reader: JsonReader): string {
  peek(reader);
  const start = reader.at;
  skipValue(reader);
  return reader.refusal === undefined ? reader.text.slice(start, reader.at) : "";
}

export type JsonKind =
  | "object"
  | "array"
  | "string"
  | "number"
  | "null"
  | "true"
  | "false"
  | "none";

/** What kind of value begins with the character `code`. */
export function kindOf(code: number): JsonKind {
  switch (code) {
    case openBrace:
      return "object";
    case openBracket:
      return "array";
    case quote:
      return "string";
    case letterN:
      return "null";
    case letterT:
      return "true";
    case letterF:
      return "false";
    case minus:
      return "number";
    default:
      return code >= digit0 && code <= digit9 ? "number" : "none";
  }
}

const tab = 0x09;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const quote = 0x22;
const plus = 0x2b;
const comma = 0x2c;
const minus = 0x2d;
const dot = 0x2e;
const digit0 = 0x30;
const digit9 = 0x39;
const colon = 0x3a;
const capitalE = 0x45;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const letterE = 0x65;
const letterF = 0x66;
const letterN = 0x6e;
const letterT = 0x74;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const firstSurrogate = 0xd800;
const lastSurrogate = 0xdfff;

/** Steps over the opening character or a comma; false behind the closing one, or when refused. */
function hasEntry(reader: JsonReader, close: number, index: number): boolean {
  if (index === 0) {
    if (++reader.depth > reader.limits.depth) refuseJson(reader, "too_deep");
    reader.at++;
  }
  const code = peek(reader);
  if (code === close) {
    reader.at++;
    reader.depth--;
    return false;
  }
  if (index > 0) {
    if (code !== comma) refuseJson(reader, "malformed");
    reader.at++;
    if (peek(reader) === close) refuseJson(reader, "malformed");
  }
  if (index >= reader.limits.entries) refuseJson(reader, "too_many_entries");
  return reader.refusal === undefined;
}

/** Skips a value without entries, or stays at the bracket of one with entries and says what closes it. */
function skipScalarOrOpen(reader: JsonReader): number | undefined {
  const kind = kindOf(peek(reader));
  switch (kind) {
    case "object":
      return closeBrace;
    case "array":
      return closeBracket;
    case "string":
      readString(reader);
      break;
    case "number":
      readNumber(reader);
      break;
    case "none":
      refuseJson(reader, "malformed");
      break;
    default:
      readWord(reader, kind);
  }
  return undefined;
}

/** Moves to the next value inside what is still open; false when there is none. */
function skipToValue(
  reader: JsonReader,
  open: { readonly close: number; entries: number }[],
): boolean {
  for (let inner = open.at(-1); inner !== undefined; inner = open.at(-1)) {
    if (hasEntry(reader, inner.close, inner.entries++)) {
      if (inner.close === closeBrace) readKey(reader);
      return true;
    }
    open.pop();
  }
  return false;
}

/** Reads a key and its colon. */
export function readKey(reader: JsonReader): string {
  if (peek(reader) !== quote) {
    refuseJson(reader, "malformed");
    return "";
  }
  const key = readString(reader);
  if (peek(reader) !== colon) refuseJson(reader, "malformed");
  reader.at++;
  return key;
}

/** The position behind at least one digit. */
function endOfDigits(reader: JsonReader, start: number): number {
  let end = start;
  let code = reader.text.charCodeAt(end);
  while (code >= digit0 && code <= digit9) code = reader.text.charCodeAt(++end);
  if (end === start) refuseJson(reader, "malformed");
  return end;
}

const shortEscapes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

function unescaped(reader: JsonReader, raw: string): string {
  let value = "";
  let from = 0;
  for (let at = raw.indexOf("\\"); at >= 0; at = raw.indexOf("\\", from)) {
    value += raw.slice(from, at);
    const short = shortEscapes.get(raw.charAt(at + 1));
    const hex = raw.slice(at + 2, at + 6);
    if (short !== undefined) {
      value += short;
      from = at + 2;
    } else if (raw.charAt(at + 1) === "u" && /^[0-9a-fA-F]{4}$/.test(hex)) {
      value += String.fromCharCode(Number.parseInt(hex, 16));
      from = at + 6;
    } else {
      refuseJson(reader, "malformed");
      return "";
    }
  }
  return value + raw.slice(from);
}
