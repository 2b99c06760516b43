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
  const letters = lettersOf(text);
  const length = decodedLength(letters);
  if (length === undefined) return undefined;
  const bytes = new Uint8Array(length);
  return fill(bytes, letters) ? bytes : undefined;
}

/** The same into `bytes`; false, with anything in them, unless they are filled exactly. */
export function decodeBase64Into(text: string, bytes: Uint8Array): boolean {
  const letters = lettersOf(text);
  return decodedLength(letters) === bytes.length && fill(bytes, letters);
}

/**
 * `text` as `encodeBase64` spells its bytes, which others may spell in several ways; "" for what has
 * no bytes.
 */
export const usualBase64 = (text: string): string =>
  usualForm.test(text) ? text : encodeBase64(decodeBase64(text) ?? new Uint8Array());

/** Padded, in one line, and without spare bits: all but always, so that nothing is decoded. */
const usualForm =
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/;

const lettersOf = (text: string): string =>
  /[\r\n]/.test(text) ? text.replace(/[\r\n]/g, "") : text;

const paddingOf = (letters: string): number =>
  letters.endsWith("==") ? 2 : letters.endsWith("=") ? 1 : 0;

const decodedLength = (letters: string): number | undefined =>
  letters.length % 4 === 0 ? (letters.length / 4) * 3 - paddingOf(letters) : undefined;

function fill(bytes: Uint8Array, letters: string): boolean {
  const padding = paddingOf(letters);
  const whole = padding === 0 ? letters.length : letters.length - 4;
  let written = 0;
  for (let at = 0; at < whole; at += 4) {
    const first = sextetAt(letters, at);
    const second = sextetAt(letters, at + 1);
    const third = sextetAt(letters, at + 2);
    const fourth = sextetAt(letters, at + 3);
    if ((first | second | third | fourth) > lastSextet) return false;
    bytes[written++] = (first << 2) | (second >> 4);
    bytes[written++] = (second << 4) | (third >> 2);
    bytes[written++] = (third << 6) | fourth;
  }
  if (padding > 0) {
    const first = sextetAt(letters, whole);
    const second = sextetAt(letters, whole + 1);
    const third = padding === 1 ? sextetAt(letters, whole + 2) : 0;
    if ((first | second | third) > lastSextet) return false;
    bytes[written++] = (first << 2) | (second >> 4);
    if (padding === 1) bytes[written++] = (second << 4) | (third >> 2);
  }
  return true;
}

const lastSextet = 63;
const sextetAt = (letters: string, at: number): number =>
  sextets[letters.charCodeAt(at)] ?? invalid;
const byteAt = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0;
const letter = (sextet: number): string => alphabet.charAt(sextet & 63);
