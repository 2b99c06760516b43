/** Numbers that naras find pleasing (docs/protocol/tables/tease-reasons.json, nice_numbers). */
import { utf8 } from "../../codec/utf8.ts";
import { hash64 } from "../../identity/hash64.ts";

const listed: ReadonlySet<number> = new Set([
  42, 67, 69, 100, 111, 123, 200, 222, 300, 333, 365, 404, 420, 444, 500, 555, 666, 777, 888, 999,
  1000, 1234, 1337,
]);
/** Multiples of a hundred are round. */
const round = 100;
const leastPalindrome = 10;

export function isNiceNumber(n: number): boolean {
  if (listed.has(n)) return true;
  if (n >= round && n % round === 0) return true;
  return n >= leastPalindrome && isPalindrome(String(n));
}

/** How loudly a number asks to be noticed, 0–99: the same for everyone (nice_roll). */
export const niceRoll = (n: number): number => Number(hash64(utf8(`nice-${n}`)) % 100n);

/** Whether somebody this sociable remarks on the number. */
export const noticesNumber = (n: number, sociability: number): boolean =>
  isNiceNumber(n) && niceRoll(n) < 60 + Math.trunc(sociability / 5);

const isPalindrome = (digits: string): boolean => [...digits].reverse().join("") === digits;
