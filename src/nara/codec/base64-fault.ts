/** Where Go's base64 decoder stops: its error names the byte, and refusals carry that error. */
import { utf8 } from "./utf8.ts";

const isLetter = (byte: number): boolean =>
  (byte >= 65 && byte <= 90) ||
  (byte >= 97 && byte <= 122) ||
  (byte >= 48 && byte <= 57) ||
  byte === 43 ||
  byte === 47;
const isNewline = (byte: number | undefined): boolean => byte === 10 || byte === 13;
const padding = 61;

/** Index of the byte that padded standard base64 cannot have there; undefined for good text. */
export function base64Fault(text: string): number | undefined {
  const bytes = utf8(text);
  let inQuantum = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (isLetter(byte)) inQuantum = (inQuantum + 1) % 4;
    else if (byte === padding) return paddingFault(bytes, at, inQuantum);
    else if (!isNewline(byte)) return at;
  }
  return inQuantum === 0 ? undefined : bytes.length - inQuantum;
}

/** @param at of the first `=`, after `letters` of a group of four. */
function paddingFault(bytes: Uint8Array, at: number, letters: number): number | undefined {
  if (letters < 2) return at;
  let next = at + 1;
  if (letters === 2) {
    while (isNewline(bytes[next])) next++;
    if (next === bytes.length) return next;
    if (bytes[next] !== padding) return next - 1;
    next++;
  }
  while (isNewline(bytes[next])) next++;
  return next < bytes.length ? next : undefined;
}
