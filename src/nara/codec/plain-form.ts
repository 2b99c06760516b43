/**
 * The fast lane for values written just as Go prints them: one regular expression per type reads
 * in a tenth of the time. It matches only texts without peculiarities (fields in their order,
 * exact keys, no white space, no escapes, no exponents in integers), for which it finds what the
 * reader would find; whatever it does not match, the reader judges (docs/decisions/json-reader.md).
 */
import { copied, type JsonReader } from "./json-reader.ts";

export interface PlainForm<Value> {
  /** Source of a regular expression. */
  readonly source: string;
  /** Capturing groups in it. */
  readonly groups: number;
  /** The value, undefined when it takes the reader to judge. `at` is the first group's index. */
  value(match: RegExpExecArray, at: number, stringUnits: number): Value | undefined;
}

/** Depth and entries that every plain value keeps to. */
const plainDepth = 4;
const plainEntries = 64;
/** The most bytes that UTF-8 needs for one UTF-16 unit. */
const bytesPerUnit = 3;

const scalar = <Value>(
  source: string,
  value: (written: string, stringUnits: number) => Value | undefined,
): PlainForm<Value> => ({
  source,
  groups: 1,
  value: (match, at, stringUnits) => value(match[at] ?? "", stringUnits),
});

export const plainText: PlainForm<string> = scalar(
  '"([^"\\\\\\u0000-\\u001f\\ud800-\\udfff]*)"',
  (written, stringUnits) => (written.length > stringUnits ? undefined : copied(written)),
);

/** This one word, without peculiarities, in the same memory for all who read it. */
export const plainWord = (word: string): PlainForm<string> => scalar(`"(${word})"`, () => word);

export const plainBool: PlainForm<boolean> = scalar(
  "(true|false)",
  (written) => written === "true",
);

export const plainFloat: PlainForm<number> = scalar(
  "(-?(?:0|[1-9]\\d*)(?:\\.\\d+)?)",
  (written) => {
    const value = Number(written);
    return Number.isFinite(value) ? value : undefined;
  },
);

/** @param fits what the type can hold. */
export const plainInteger = (
  fits: (value: bigint, written: string) => boolean,
): PlainForm<bigint> =>
  scalar("(-?(?:0|[1-9]\\d{0,19}))", (written) => {
    const value = BigInt(written);
    return fits(value, written) ? value : undefined;
  });

export interface PlainMember {
  readonly name: string;
  /** As printed before its value: `"name":`. */
  readonly label: string;
  readonly form: PlainForm<unknown> | undefined;
  readonly omitEmpty: boolean;
  zero(): unknown;
}

/**
 * A struct of plain members, undefined when one of them is not. The first member must be there;
 * later ones may be left out where Go would leave them out.
 *
 * @param blank further fields that every value has
 */
export function plainStruct<Value>(
  members: readonly PlainMember[],
  blank: object = {},
): PlainForm<Value> | undefined {
  let source = "";
  let groups = 0;
  const places: { name: string; form: PlainForm<unknown>; at: number }[] = [];
  // A copy of a whole object is much cheaper than one that grows field by field.
  const zeros: Record<string, unknown> = { ...blank };
  for (const { name, label, form, omitEmpty, zero } of members) {
    if (form === undefined) return undefined;
    const entry = `${source === "" ? "" : ","}${label}${form.source}`;
    source += source !== "" && omitEmpty ? `(?:${entry})?` : entry;
    places.push({ name, form, at: groups });
    zeros[name] = zero();
    groups += form.groups;
  }
  return {
    source: `\\{${source}\\}`,
    groups,
    value(match, start, stringUnits) {
      const value = { ...zeros };
      for (const { name, form, at } of places) {
        if (match[start + at] === undefined) continue;
        const inner = form.value(match, start + at, stringUnits);
        if (inner === undefined) return undefined;
        value[name] = inner;
      }
      return value as Value;
    },
  };
}

/** Reads one value and moves the reader behind it; undefined, and unmoved, when it is not plain. */
export type PlainReader<Value> = (reader: JsonReader) => Value | undefined;

export function plainReader<Value>(form: PlainForm<Value>): PlainReader<Value> {
  const pattern = new RegExp(form.source, "y");
  return (reader) => {
    const { limits } = reader;
    if (reader.depth + plainDepth > limits.depth || limits.entries < plainEntries) return undefined;
    pattern.lastIndex = reader.at;
    const match = pattern.exec(reader.text);
    if (match === null) return undefined;
    const value = form.value(match, 1, Math.floor(limits.stringBytes / bytesPerUnit));
    if (value !== undefined) reader.at = pattern.lastIndex;
    return value;
  };
}
