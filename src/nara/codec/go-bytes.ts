/**
 * Go's []byte in JSON: base64 text, or null for none (docs/protocol/identity.md §11). A list of
 * numbers up to 255 is read as well, but never printed.
 */
import { decodeBase64, encodeBase64 } from "./base64.ts";
import { type GoType, list, uint64 } from "./go-types.ts";
import { kindOf, peek, readNull, readString, refuseJson } from "./json-reader.ts";

const numberList = list(uint64);

export const bytes: GoType<Uint8Array | null> = {
  readsNull: true,
  zero: () => null,
  read: (reader) => {
    if (readNull(reader)) return null;
    const kind = kindOf(peek(reader));
    if (kind === "string") {
      const decoded = decodeBase64(readString(reader));
      if (decoded !== undefined) return decoded;
    } else if (kind === "array") {
      const numbers = numberList.read(reader, null) ?? [];
      if (numbers.every((number) => number <= 255n)) return Uint8Array.from(numbers, Number);
    }
    refuseJson(reader, "mistyped");
    return null;
  },
  isEmpty: (value) => value === null || value.length === 0,
  print: (value) => (value === null ? "null" : `"${encodeBase64(value)}"`),
};
