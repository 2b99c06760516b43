/**
 * At most so much about one nara within a stretch of event time, whoever says it
 * (docs/protocol/events-and-ledger.md §5, rate limit).
 */

export interface SubjectLimiter {
  /** Counts one more about `subject` at `tS`, Unix seconds; false, uncounted, when it is too much. */
  allow(subject: string, tS: number): boolean;
  /** Forgets what lies more than a window before `nowS`. */
  tidy(nowS: number): void;
  /** Subjects that are watched. */
  readonly size: number;
}

export interface SubjectLimits {
  readonly events: number;
  readonly windowS: number;
  /** Subjects watched at a time; the one asked about longest ago is forgotten. */
  readonly subjects: number;
}

/** Of the reference, which never applies them; the bound on subjects is ours. */
export const observationLimits: SubjectLimits = { events: 10, windowS: 300, subjects: 5000 };

export function createSubjectLimiter(limits: SubjectLimits = observationLimits): SubjectLimiter {
  const { events, windowS, subjects } = limits;
  const counted = new Map<string, readonly number[]>();

  const forgetOldest = (): void => {
    const [oldest] = counted.keys();
    if (oldest !== undefined) counted.delete(oldest);
  };

  return {
    allow(subject, tS) {
      // The window has no end: what was said later counts too, so that dating back helps nobody.
      const within = (counted.get(subject) ?? []).filter((earlierS) => earlierS >= tS - windowS);
      if (within.length >= events) return false;
      counted.delete(subject);
      if (counted.size >= subjects) forgetOldest();
      counted.set(subject, [...within, tS]);
      return true;
    },
    tidy(nowS) {
      for (const [subject, times] of counted) {
        const within = times.filter((tS) => tS >= nowS - windowS);
        if (within.length === 0) counted.delete(subject);
        else counted.set(subject, within);
      }
    },
    get size() {
      return counted.size;
    },
  };
}
