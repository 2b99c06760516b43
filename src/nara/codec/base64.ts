/** Standard base64 with Go's idea of what is well formed (docs/protocol/identity.md, Traps). */

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const invalid = 255;
const sextets: Uint8Array = (() => {
  const table = new Uint8Array(128).fill(invalid);
  for (let value = 0; value < alphabet.length; value++) table[alphabet.charCodeAt(value)] = value;
  return table;
})();

/** Padded text of `bytes`. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = "";
  let at = 0;
  for (; at + 2 < bytes.length; at += 3) {
    const group = (byteAt(bytes, at) << 16) | (byteAt(bytes, at + 1) << 8) | byteAt(bytes, at + 2);
    text += letter(group >> 18) + letter(group >> 12) + letter(group >> 6) + letter(group);
  }
  if (at + 1 === bytes.length) {
    const group = byteAt(bytes, at) << 16;
    text += `${letter(group >> 18)}${letter(group >> 12)}==`;
  } else if (at + 2 === bytes.length) {
    const group = (byteAt(bytes, at) << 16) | (byteAt(bytes, at + 1) << 8);
    text += `${letter(group >> 18)}${letter(group >> 12)}${letter(group >> 6)}=`;
  }
  return text;
}

/**
 * The bytes of `text`, undefined when Go's decoder would refuse it: padding is required, CR and
 * LF are skipped anywhere, the spare low bits of the last letter are ignored.
 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  const letters = /[\r\n]/.test(text) ? text.replace(/[\r\n]/g, "") : text;
  if (letters.length % 4 !== 0) return undefined;
  const padding = letters.endsWith("==") ? 2 : letters.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((letters.length / 4) * 3 - padding);
  const end = letters.length - padding;
  let written = 0;
  let group = 0;
  for (let at = 0; at < end; at++) {
    const sextet = sextets[letters.charCodeAt(at)] ?? invalid;
    if (sextet === invalid) return undefined;
    group = (group << 6) | sextet;
    if (at % 4 === 3) {
      bytes[written++] = group >> 16;
      bytes[written++] = group >> 8;
      bytes[written++] = group;
      group = 0;
    }
  }
  if (padding === 1) {
    bytes[written++] = group >> 10;
    bytes[written++] = group >> 2;
  } else if (padding === 2) {
    bytes[written++] = group >> 4;
  }
  return bytes;
}

const byteAt = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0;
const letter = (sextet: number): string => alphabet.charAt(sextet & 63);
