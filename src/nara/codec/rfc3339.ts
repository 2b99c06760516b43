/** Times as Go's JSON reads and prints them: RFC 3339 with nanoseconds (docs/protocol/identity.md §11). */

export interface Rfc3339 {
  /** Unix nanoseconds. */
  readonly ns: bigint;
  /** Minutes east of UTC that the text was written in. */
  readonly offsetMinutes: number;
}

const shape = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))$/;
const nsPerSecond = 1_000_000_000n;
const secondsPerDay = 86_400;
/** Days from 0000-01-01 to 1970-01-01 in the Gregorian calendar. */
const daysToEpoch = 719_528;
const daysPer400Years = 146_097;

/** Undefined when Go would refuse `text`. Digits finer than a nanosecond are cut off, as Go does. */
export function parseRfc3339(text: string): Rfc3339 | undefined {
  const match = shape.exec(text);
  if (match === null) return undefined;
  const part = (index: number): number => Number(match[index] ?? 0);
  const [year, month, day] = [part(1), part(2), part(3)];
  const [hour, minute, second] = [part(4), part(5), part(6)];
  const [offsetHours, offsetRest] = [part(9), part(10)];
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  if (offsetHours > 23 || offsetRest > 59) return undefined;
  const offsetMinutes = (match[8] === "-" ? -1 : 1) * (offsetHours * 60 + offsetRest);
  const seconds =
    (daysSinceYear0(year, month, day) - daysToEpoch) * secondsPerDay +
    hour * 3600 +
    (minute - offsetMinutes) * 60 +
    second;
  const fraction = BigInt((match[7] ?? "").slice(0, 9).padEnd(9, "0"));
  return { ns: BigInt(seconds) * nsPerSecond + fraction, offsetMinutes: offsetMinutes + 0 };
}

/**
 * `2026-01-02T03:04:05.12Z`: no trailing zeros in the fraction, no fraction when it is zero, `Z`
 * for offset 0. Undefined when the year falls outside 0–9999, which Go refuses to print.
 */
export function formatRfc3339(ns: bigint, offsetMinutes = 0): string | undefined {
  const fraction = ((ns % nsPerSecond) + nsPerSecond) % nsPerSecond;
  const local = Number((ns - fraction) / nsPerSecond) + offsetMinutes * 60;
  const days = Math.floor(local / secondsPerDay);
  const inDay = local - days * secondsPerDay;
  const date = dateOf(days + daysToEpoch);
  if (date.year < 0 || date.year > 9999) return undefined;
  const digits = fraction.toString().padStart(9, "0").replace(/0+$/, "");
  const time = [Math.floor(inDay / 3600), Math.floor(inDay / 60) % 60, inDay % 60];
  return (
    `${padded(date.year, 4)}-${padded(date.month, 2)}-${padded(date.day, 2)}` +
    `T${time.map((value) => padded(value, 2)).join(":")}` +
    (digits === "" ? "" : `.${digits}`) +
    formatOffset(offsetMinutes)
  );
}

/** What Go prints for a time that it read as `text`; undefined when it cannot. */
export function reencodeRfc3339(text: string): string | undefined {
  const time = parseRfc3339(text);
  return time === undefined ? undefined : formatRfc3339(time.ns, time.offsetMinutes);
}

function formatOffset(offsetMinutes: number): string {
  if (offsetMinutes === 0) return "Z";
  const size = Math.abs(offsetMinutes);
  return `${offsetMinutes < 0 ? "-" : "+"}${padded(Math.floor(size / 60), 2)}:${padded(size % 60, 2)}`;
}

const padded = (value: number, width: number): string => String(value).padStart(width, "0");

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days from 0000-01-01; negative years count backwards. */
function daysSinceYear0(year: number, month: number, day: number): number {
  const before = year - 1;
  let days =
    year * 365 + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400) + 1;
  for (let earlier = 1; earlier < month; earlier++) days += daysInMonth(year, earlier);
  return days + day - 1;
}

function dateOf(days: number): { year: number; month: number; day: number } {
  let year = Math.floor((days * 400) / daysPer400Years);
  while (daysSinceYear0(year, 1, 1) > days) year--;
  while (daysSinceYear0(year + 1, 1, 1) <= days) year++;
  let month = 12;
  while (daysSinceYear0(year, month, 1) > days) month--;
  return { year, month, day: days - daysSinceYear0(year, month, 1) + 1 };
}
