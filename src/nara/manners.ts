/** How a nara behaves towards others, as its person chose. Takes effect at once. */

/** Minutes since midnight, 0–1439. From later to earlier goes over midnight. */
export interface QuietHours {
  readonly fromMinute: number;
  readonly toMinute: number;
}

export interface Manners {
  /** Listens and says nothing (docs/protocol/presence-and-life.md §1, Read-only). */
  readonly readOnly: boolean;
  /** Tells who it is, and nothing of its machine, mood, memory and whereabouts. */
  readonly stealth: boolean;
  /** When it says no more than that it is here; null for never. */
  readonly quietHours: QuietHours | null;
}

export const openManners: Manners = { readOnly: false, stealth: false, quietHours: null };

/** @param minuteOfDay undefined where nobody knows the time of day: then it is never quiet. */
export function isQuiet({ quietHours }: Manners, minuteOfDay: number | undefined): boolean {
  if (quietHours === null || minuteOfDay === undefined) return false;
  const { fromMinute, toMinute } = quietHours;
  if (fromMinute <= toMinute) return fromMinute <= minuteOfDay && minuteOfDay < toMinute;
  return minuteOfDay >= fromMinute || minuteOfDay < toMinute;
}
