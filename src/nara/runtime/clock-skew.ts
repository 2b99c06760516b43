/**
 * How far my clock is from the neighbours': the median of what live, verified messages show.
 * One word per author, so that no single clock decides.
 */
export interface ClockSkew {
  /** @param aheadMs my time of hearing minus the author's time of saying. */
  note(author: string, aheadMs: number): void;
  /** Milliseconds that my clock is ahead, the way of the message included; null without any word. */
  medianMs(): number | null;
}

/** Authors whose last word counts. */
const maxAuthors = 50;

export function createClockSkew(): ClockSkew {
  const words = new Map<string, number>();
  return {
    note(author, aheadMs) {
      words.delete(author);
      words.set(author, aheadMs);
      if (words.size <= maxAuthors) return;
      const [oldest] = words.keys();
      if (oldest !== undefined) words.delete(oldest);
    },
    medianMs() {
      const sorted = [...words.values()].sort((a, b) => a - b);
      return sorted[Math.floor(sorted.length / 2)] ?? null;
    },
  };
}
