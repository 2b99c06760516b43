/**
 * Go's types as its JSON package sees them: how each is read, and printed again.
 *
 * Reading follows Go: keys match without regard to case, unknown keys are skipped, `null` leaves
 * what was there, a missing field has its zero value, and a repeated key is read onto the value
 * of its first occurrence (structs and list elements merge). Bounds come on top (json-reader.ts).
 * Sources: docs/protocol/identity.md §11, docs/protocol/events-and-ledger.md, Traps.
 */
import { accept, type Outcome, refuse } from "../outcome.ts";
import { foldKey } from "./fold-key.ts";
import { goFloat, goMap as printMap, goString as printString } from "./go-json.ts";
import {
  hasMember,
  type JsonLimits,
  type JsonReader,
  type JsonRefusal,
  jsonReader,
  kindOf,
  peek,
  plazaLimits,
  readArray,
  readEnd,
  readKey,
  readNull,
  readNumber,
  readObject,
  readRaw,
  readString,
  readWord,
  refuseJson,
  skipText,
  skipValue,
} from "./json-reader.ts";
import {
  type PlainForm,
  type PlainMember,
  plainBool,
  plainFloat,
  plainInteger,
  plainStruct,
  plainText,
} from "./plain-form.ts";

export interface GoType<Value> {
  /** Left out of a struct when empty (Go's `omitempty`). */
  readonly omitEmpty?: boolean;
  zero(): Value;
  /** `null` is a value of its own; for all other types it leaves what was there. */
  readonly readsNull?: boolean;
  /** Reads one value onto `before`. */
  read(reader: JsonReader, before: Value): Value;
  isEmpty(value: Value): boolean;
  print(value: Value): string;
  /** How it looks without peculiarities, for fast reading of many; undefined for no such form. */
  readonly plain?: PlainForm<Value> | undefined;
}

export type ValueOf<Type> = Type extends GoType<infer Value> ? Value : never;

/** The whole of `text` as a `type`. */
export function decodeGo<Value>(
  type: GoType<Value>,
  text: string,
  limits: JsonLimits = plazaLimits,
): Outcome<Value, JsonRefusal> {
  return decode(type, text, limits, readEnd);
}

/** The first value in `text` as a `type`; anything may follow, as in the reference's HTTP bodies. */
export function decodeGoStream<Value>(
  type: GoType<Value>,
  text: string,
  limits: JsonLimits = plazaLimits,
): Outcome<Value, JsonRefusal> {
  return decode(type, text, limits, () => undefined);
}

/** `value` as Go prints a `type`. */
export const encodeGo = <Value>(type: GoType<Value>, value: Value): string => type.print(value);

/** `type` with Go's `omitempty`. */
export const omitEmpty = <Value>(type: GoType<Value>): GoType<Value> => ({
  ...type,
  omitEmpty: true,
});

export const text: GoType<string> = {
  zero: () => "",
  read: (reader) => {
    if (kindOf(peek(reader)) === "string") return readString(reader);
    return wrongType(reader, "");
  },
  isEmpty: (value) => value === "",
  print: printString,
  plain: plainText,
};

export const bool: GoType<boolean> = {
  zero: () => false,
  read: (reader) => {
    const kind = kindOf(peek(reader));
    if (kind !== "true" && kind !== "false") return wrongType(reader, false);
    readWord(reader, kind);
    return kind === "true";
  },
  isEmpty: (value) => !value,
  print: String,
  plain: plainBool,
};

export const float64: GoType<number> = {
  zero: () => 0,
  read: (reader) => {
    if (kindOf(peek(reader)) !== "number") return wrongType(reader, 0);
    const value = Number(readNumber(reader));
    return Number.isFinite(value) ? value : refused(reader, "out_of_range", 0);
  },
  isEmpty: (value) => value === 0,
  print: goFloat,
  plain: plainFloat,
};

export const int64: GoType<bigint> = integer((value) => BigInt.asIntN(64, value) === value);

/** `-0` is refused, as Go does. */
export const uint64: GoType<bigint> = integer((value, written) =>
  written.startsWith("-") ? false : BigInt.asUintN(64, value) === value,
);

/** An int64 for which a double is enough: refused beyond ±(2⁵³ − 1). */
export const safeInt: GoType<number> = {
  zero: () => 0,
  read: (reader, before) => {
    const value = Number(int64.read(reader, BigInt(before)));
    return Number.isSafeInteger(value) ? value : refused(reader, "out_of_range", 0);
  },
  isEmpty: (value) => value === 0,
  print: String,
};

/** A value of any shape, kept as the text it was sent as; "" when it was absent. */
export const raw: GoType<string> = {
  readsNull: true,
  zero: () => "",
  read: (reader) => readRaw(reader),
  isEmpty: (value) => value === "",
  print: (value) => (value === "" ? "null" : value),
};

/** A pointer: undefined when absent or null. */
export const pointer = <Value>(type: GoType<Value>): GoType<Value | undefined> => ({
  readsNull: true,
  zero: () => undefined,
  read: (reader, before) =>
    readNull(reader) ? undefined : type.read(reader, before ?? type.zero()),
  isEmpty: (value) => value === undefined,
  print: (value) => (value === undefined ? "null" : type.print(value)),
});

/** A slice: null when absent or null, which Go prints differently from an empty one. */
export const list = <Value>(type: GoType<Value>): GoType<readonly Value[] | null> => ({
  readsNull: true,
  zero: () => null,
  read: (reader, before) => {
    if (readNull(reader)) return null;
    if (kindOf(peek(reader)) !== "array") return wrongType(reader, null);
    const values: Value[] = [];
    readArray(reader, (index) => {
      values.push(readOnto(type, reader, before?.[index] ?? type.zero()));
    });
    return values;
  },
  isEmpty: (value) => value === null || value.length === 0,
  print: (value) =>
    value === null ? "null" : `[${value.map((item) => type.print(item)).join(",")}]`,
});

/** A map with string keys: null when absent or null. Repeated keys do not merge. */
export const map = <Value>(type: GoType<Value>): GoType<ReadonlyMap<string, Value> | null> => ({
  readsNull: true,
  zero: () => null,
  read: (reader, before) => {
    if (readNull(reader)) return null;
    if (kindOf(peek(reader)) !== "object") return wrongType(reader, null);
    const values = new Map(before ?? []);
    readObject(reader, (key) => {
      values.set(key, readOnto(type, reader, type.zero()));
    });
    return values;
  },
  isEmpty: (value) => value === null || value.size === 0,
  print: (value) => (value === null ? "null" : printMap(value, (item) => type.print(item))),
});

export type Fields = Readonly<Record<string, GoType<unknown>>>;
type StructOf<F extends Fields> = { readonly [Name in keyof F]: ValueOf<F[Name]> };

/** A struct: fields in the order of their declaration, named as on the wire. */
export function struct<const F extends Fields>(fields: F): GoType<StructOf<F>> {
  const members = Object.entries(fields).map(([name, type], place) => ({
    name,
    type,
    place,
    label: `${printString(name)}:`,
  }));
  const exact = new Map(members.map((member) => [member.name, member]));
  const folded = new Map(members.map((member) => [foldKey(member.name), member]));
  // One for all who ask: a Status is made of thirty zeros before a word of it is read.
  const zero = Object.freeze(
    Object.fromEntries(members.map(({ name, type }) => [name, type.zero()])),
  ) as StructOf<F>;
  return {
    plain: plainStruct<StructOf<F>>(plainMembers(fields)),
    zero: () => zero,
    read: (reader, before) => {
      if (kindOf(peek(reader)) !== "object") return wrongType(reader, before);
      const value: Record<string, unknown> = { ...before };
      let next = 0;
      for (let index = 0; hasMember(reader, index); index++) {
        // Go prints fields in their order, so the next key is most often known without reading it.
        const expected = members[next];
        let member =
          expected !== undefined && skipText(reader, expected.label) ? expected : undefined;
        if (member === undefined) {
          const key = readKey(reader);
          if (reader.refusal !== undefined) break;
          member = exact.get(key) ?? folded.get(foldKey(key));
        }
        if (member === undefined) {
          skipValue(reader);
        } else {
          next = member.place + 1;
          value[member.name] = readOnto(member.type, reader, value[member.name]);
        }
      }
      return value as StructOf<F>;
    },
    isEmpty: () => false,
    print: (value) => {
      let printed = "";
      for (const { name, type, label } of members) {
        const inner = value[name];
        if (type.omitEmpty === true && type.isEmpty(inner)) continue;
        printed += printed === "" ? label : `,${label}`;
        printed += type.print(inner);
      }
      return `{${printed}}`;
    },
  };
}

/** The fields of a struct as its fast lane sees them. */
export const plainMembers = (fields: Fields): readonly PlainMember[] =>
  Object.entries(fields).map(([name, type]) => ({
    name,
    label: `${printString(name)}:`,
    form: type.plain,
    omitEmpty: type.omitEmpty === true,
    zero: type.zero,
  }));

function decode<Value>(
  type: GoType<Value>,
  source: string,
  limits: JsonLimits,
  finish: (reader: JsonReader) => void,
): Outcome<Value, JsonRefusal> {
  const reader = jsonReader(source, limits);
  const value = readOnto(type, reader, type.zero());
  finish(reader);
  return reader.refusal === undefined ? accept(value) : refuse(reader.refusal);
}

/** Reads one value onto `before`, as a struct reads its fields. */
export function readOnto<Value>(type: GoType<Value>, reader: JsonReader, before: Value): Value {
  if (type.readsNull !== true && readNull(reader)) return before;
  return type.read(reader, before);
}

function integer(fits: (value: bigint, written: string) => boolean): GoType<bigint> {
  return {
    zero: () => 0n,
    read: (reader) => {
      if (kindOf(peek(reader)) !== "number") return wrongType(reader, 0n);
      const written = readNumber(reader);
      if (!/^-?\d+$/.test(written)) return refused(reader, "mistyped", 0n);
      const value = BigInt(written);
      return fits(value, written) ? value : refused(reader, "out_of_range", 0n);
    },
    isEmpty: (value) => value === 0n,
    print: String,
    plain: plainInteger(fits),
  };
}

/** Refuses the value that comes next. */
const wrongType = <Value>(reader: JsonReader, value: Value): Value =>
  refused(reader, kindOf(peek(reader)) === "none" ? "malformed" : "mistyped", value);

function refused<Value>(reader: JsonReader, refusal: JsonRefusal, value: Value): Value {
  refuseJson(reader, refusal);
  return value;
}
