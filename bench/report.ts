/** How a benchmark says what it measured. */

export interface Measurement {
  readonly name: string;
  readonly figure: number;
  readonly unit: string;
  /** What the figure is compared to: in the same unit, from the same run. */
  readonly baseline?: number;
  /** Figure to baseline. */
  readonly ratio?: number;
  /** As a person reads it: `≥ 85 % of WebCrypto`. */
  readonly budget: string;
  /** Whether the budget is kept. */
  readonly ok: boolean;
}

/** Prints one measurement: figure, baseline, ratio, budget and whether it is kept. */
export function line(measurement: Measurement): void {
  console.log(formatted(measurement));
}

export function formatted(measurement: Measurement): string {
  const { name, figure, unit, baseline, ratio, budget, ok } = measurement;
  const compared = baseline === undefined ? "" : ` (baseline ${readable(baseline)} ${unit})`;
  return [
    `  ${name.padEnd(58)}`,
    `${readable(figure)} ${unit}${compared}`.padEnd(44),
    (ratio === undefined ? "" : `ratio ${ratio.toPrecision(3)}`).padEnd(14),
    `budget ${budget}`.padEnd(36),
    ok ? "ok" : "miss",
  ].join("");
}

/** The middle one, or the mean of the middle two. NaN of none. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((one, other) => one - other);
  const middle = sorted.slice((sorted.length - 1) >> 1, (sorted.length >> 1) + 1);
  return middle.reduce((sum, figure) => sum + figure, 0) / middle.length;
}

/** Whole above a hundred, else three digits. */
function readable(figure: number): string {
  return Math.abs(figure) >= 100
    ? Math.round(figure).toLocaleString("en-US")
    : String(Number(figure.toPrecision(3)));
}
