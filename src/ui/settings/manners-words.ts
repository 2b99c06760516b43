/** Manners in words, and times of day as people write them. */
import type { Manners } from "../../nara/manners.ts";

/** `07:05` for 425. */
export const clockTime = (minute: number): string =>
  [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, "0")).join(":");

/** Undefined for what is no time of day. */
export function minuteOf(typed: string): number | undefined {
  const [, hour, minute] = /^(\d\d):(\d\d)(?::\d\d)?$/.exec(typed) ?? [];
  const minutes = Number(hour) * 60 + Number(minute);
  return Number(hour) < 24 && Number(minute) < 60 ? minutes : undefined;
}

/** What comes of them, from now on. */
export function mannersLine({ readOnly, stealth, quietHours }: Manners): string {
  if (readOnly) return "from now on it only listens.";
  const ways = [
    stealth ? "keeps to itself how it lives" : undefined,
    quietHours === null
      ? undefined
      : `is quiet from ${clockTime(quietHours.fromMinute)} to ${clockTime(quietHours.toMinute)}`,
  ].filter((way) => way !== undefined);
  return ways.length === 0
    ? "from now on it speaks its mind."
    : `from now on it ${ways.join(" and ")}.`;
}
