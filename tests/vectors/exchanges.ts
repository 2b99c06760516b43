/** What the tests of recorded HTTP share: a line of a recording, its JSON, and the clock of that moment. */

/** One request of one nara to another, and its answer. */
export interface Exchange {
  readonly type: "exchange";
  /** The server's wall clock, ms. */
  readonly at: number;
  readonly server: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
  readonly status: number;
  readonly response_headers: { readonly [name: string]: string };
  readonly response_body: string;
}

/** Times in nanoseconds stay whole: they are read as text. */
export function jsonOf(text: string): { readonly [key: string]: unknown } {
  try {
    const read: unknown = JSON.parse(text.replace(/"ts": ?(\d{16,})/g, '"ts":"$1"'));
    return typeof read === "object" && read !== null ? { ...read } : {};
  } catch {
    return {};
  }
}

/** The clock of who answers, at the moment of its answer; waiting takes no time. */
export const stoppedAt = (nowNs: bigint) => ({
  nowNs: () => nowNs,
  monotonicMs: () => Number(nowNs / 1_000_000n),
  after: (_delayMs: number, task: () => void) => {
    queueMicrotask(task);
    return () => {};
  },
  breathe: async () => {},
});
