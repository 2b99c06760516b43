/** Base58 with the Bitcoin alphabet, for souls and ids (docs/protocol/identity.md §1). */

const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** Text of `bytes`; each leading zero byte is one `1`. */
export function encodeBase58(bytes: Uint8Array): string {
  let zeros = 0;
  while (zeros < bytes.length && bytes[zeros] === 0) zeros++;
  const digits: number[] = [];
  for (let at = zeros; at < bytes.length; at++) shiftIn(digits, 58, 256, bytes[at] ?? 0);
  return (
    "1".repeat(zeros) +
    digits
      .map((digit) => alphabet.charAt(digit))
      .reverse()
      .join("")
  );
}

/** Bytes of `text`, undefined when it holds a foreign character. */
export function decodeBase58(text: string): Uint8Array<ArrayBuffer> | undefined {
  let zeros = 0;
  while (text.charAt(zeros) === "1") zeros++;
  const digits: number[] = [];
  for (let at = zeros; at < text.length; at++) {
    const digit = alphabet.indexOf(text.charAt(at));
    if (digit < 0) return undefined;
    shiftIn(digits, 256, 58, digit);
  }
  const bytes = new Uint8Array(zeros + digits.length);
  bytes.set(digits.reverse(), zeros);
  return bytes;
}

/** number = number · factor + addend, on little-endian digits of `base`. */
function shiftIn(digits: number[], base: number, factor: number, addend: number): void {
  let carry = addend;
  for (let at = 0; at < digits.length; at++) {
    const sum = (digits[at] ?? 0) * factor + carry;
    digits[at] = sum % base;
    carry = Math.floor(sum / base);
  }
  for (; carry > 0; carry = Math.floor(carry / base)) digits.push(carry % base);
}
