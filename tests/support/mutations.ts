/** Ways to spoil a message: its bytes, or the JSON in it. */
import fc from "fast-check";

/** One thing done to the bytes of a frame; positions count modulo its length. */
export type ByteEdit =
  | { readonly do: "flip"; readonly at: number; readonly bit: number }
  | { readonly do: "cut"; readonly at: number; readonly length: number }
  | { readonly do: "end"; readonly at: number }
  | { readonly do: "put"; readonly at: number; readonly bytes: Uint8Array }
  | { readonly do: "twice"; readonly at: number; readonly length: number };

const at = fc.nat(100_000);
export const byteEdits: fc.Arbitrary<readonly ByteEdit[]> = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant("flip" as const), at, bit: fc.nat(7) }),
    fc.record({ do: fc.constant("cut" as const), at, length: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ do: fc.constant("end" as const), at }),
    fc.record({ do: fc.constant("put" as const), at, bytes: fc.uint8Array({ maxLength: 12 }) }),
    fc.record({ do: fc.constant("twice" as const), at, length: fc.integer({ min: 1, max: 200 }) }),
  ),
  { minLength: 1, maxLength: 3 },
);

export function editBytes(bytes: Uint8Array, edits: readonly ByteEdit[]): Uint8Array {
  let edited = [...bytes];
  for (const edit of edits) {
    const from = edited.length === 0 ? 0 : edit.at % edited.length;
    if (edit.do === "flip") edited[from] = (edited[from] ?? 0) ^ (1 << edit.bit);
    if (edit.do === "cut") edited.splice(from, edit.length);
    if (edit.do === "end") edited = edited.slice(0, from);
    if (edit.do === "put") edited.splice(from, 0, ...edit.bytes);
    if (edit.do === "twice") edited.splice(from, 0, ...edited.slice(from, from + edit.length));
  }
  return Uint8Array.from(edited);
}

/** Values that no nara sends, as JSON. Not all of them are JSON. */
export const hostileValues: readonly string[] = [
  ...["null", "true", "false", "nul", "NaN", "Infinity", ""],
  ...["0", "-0", "-1", "5.0", "1e3", "1E-400", "1e999", "-1e999", "0x10", "01", "+1", "1.", "-"],
  ...["9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775808"],
  ...["-9223372036854775809", "18446744073709551615", "18446744073709551616", "9".repeat(4000)],
  ...['""', '"alice"', '"\\ud800"', '"\\udc00\\ud800"', '"\\u0000"', '"\u0000"', '"\\x"', '"\n"'],
  ...['"\u202eecila"', '"\u2066a\u2069"', '"__proto__"', '"constructor"', '"a/b"', '"#"', '"a:b"'],
  ...[
    '"cafe\u0301"',
    '"<script>alert(1)</script>"',
    `"${"x".repeat(64)}"`,
    `"${"🦊".repeat(2000)}"`,
  ],
  ...["{}", "[]", "[null]", "[[]]", '{"":{}}', '{"__proto__":{"polluted":1}}', '{"toString":1}'],
  ...["[".repeat(10_000), "[".repeat(15) + "]".repeat(15), '{"a":'.repeat(10_000), "]".repeat(50)],
  ...[`[${"0,".repeat(6000)}0]`, `[${"{},".repeat(30)}{}]`, `{"k":0${',"k":0'.repeat(6000)}}`],
];

/** One thing done to the JSON of a message, at one of its values. */
export interface JsonEdit {
  readonly do: "set" | "remove" | "again" | "rename" | "reorder";
  /** Which of the values, modulo their number. */
  readonly where: number;
  readonly value: string;
}

export const jsonEdits: fc.Arbitrary<readonly JsonEdit[]> = fc.array(
  fc.record({
    do: fc.constantFrom("set", "set", "set", "remove", "again", "rename", "reorder"),
    where: fc.nat(1000),
    value: fc.constantFrom(...hostileValues),
  }),
  { minLength: 1, maxLength: 3 },
);

/** @param text JSON; what one edit makes of it need not be, then the next has no effect. */
export function editJson(text: string, edits: readonly JsonEdit[]): string {
  let edited = text;
  for (const edit of edits) edited = editOnce(edited, edit);
  return edited;
}

function editOnce(text: string, edit: JsonEdit): string {
  let value: unknown;
  try {
    // Integers that a double would change travel as marked strings.
    value = JSON.parse(text.replace(/(?<=[:,[])-?\d{16,}(?=[,}\]])/g, '"@$&@"'));
  } catch {
    return text;
  }
  const target = edit.where % countOf(value);
  let index = -1;

  const print = (part: unknown): string => {
    index += 1;
    if (index === target && edit.do === "set") return edit.value;
    if (Array.isArray(part)) return `[${part.map(print).join(",")}]`;
    if (typeof part === "object" && part !== null) return printObject(part);
    return JSON.stringify(part);
  };
  const printObject = (object: object): string => {
    const isTarget = index === target;
    const members = Object.entries(object).flatMap(([key, inner]) => {
      const isHere = index + 1 === target;
      const printed = print(inner);
      if (!isHere) return [`${JSON.stringify(key)}:${printed}`];
      switch (edit.do) {
        case "remove":
          return [];
        case "again":
          return [`${JSON.stringify(key)}:${printed}`, `${JSON.stringify(key)}:${edit.value}`];
        case "rename":
          return [`${JSON.stringify(renamed(key, edit.value))}:${printed}`];
        default:
          return [`${JSON.stringify(key)}:${printed}`];
      }
    });
    if (isTarget && edit.do === "reorder") members.reverse();
    return `{${members.join(",")}}`;
  };
  return print(value).replace(/"@(-?\d+)@"/g, "$1");
}

const renamed = (key: string, value: string): string =>
  value.length % 3 === 0
    ? key.toUpperCase()
    : value.length % 3 === 1
      ? "__proto__"
      : key.replace("s", "\u017f");

const countOf = (value: unknown): number =>
  typeof value === "object" && value !== null
    ? 1 + Object.values(value).reduce((sum: number, inner) => sum + countOf(inner), 0)
    : 1;
