/** Go's []byte in JSON: base64 text, or null for none (docs/protocol/identity.md §11). */
import { decodeBase64, encodeBase64 } from "./base64.ts";
import type { GoType } from "./go-types.ts";
import { kindOf, peek, readNull, readString, refuseJson } from "./json-reader.ts";

export const bytes: GoType<Uint8Array | null> = {
  readsNull: true,
  zero: () => null,
  read: (reader) => {
    if (readNull(reader)) return null;
    if (kindOf(peek(reader)) === "string") {
      const decoded = decodeBase64(readString(reader));
      if (decoded !== undefined) return decoded;
    }
    refuseJson(reader, "mistyped");
    return null;
  },
  isEmpty: (value) => value === null || value.length === 0,
  print: (value) => (value === null ? "null" : `"${encodeBase64(value)}"`),
};
