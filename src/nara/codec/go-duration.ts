/** Spans of time as Go prints them: `30.001s`, `-1m0s`, `960h0m0s` (time.Duration). */

const nsPerS = 1_000_000_000n;
const greatest = 2n ** 63n - 1n;

/** @param ns brought into what an int64 holds, as Go's subtraction of times does. */
export function goDuration(ns: bigint): string {
  const bounded = ns > greatest ? greatest : ns < -greatest - 1n ? -greatest - 1n : ns;
  const size = bounded < 0n ? -bounded : bounded;
  return `${bounded < 0n ? "-" : ""}${size < nsPerS ? belowOneSecond(size) : fromOneSecond(size)}`;
}

function fromOneSecond(ns: bigint): string {
  const minutes = ns / (60n * nsPerS);
  const seconds = `${decimal(ns % (60n * nsPerS), 9)}s`;
  if (minutes === 0n) return seconds;
  if (minutes < 60n) return `${minutes}m${seconds}`;
  return `${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

function belowOneSecond(ns: bigint): string {
  if (ns === 0n) return "0s";
  if (ns < 1000n) return `${ns}ns`;
  if (ns < 1_000_000n) return `${decimal(ns, 3)}µs`;
  return `${decimal(ns, 6)}ms`;
}

/** `value` / 10^`places`, without trailing zeros. */
function decimal(value: bigint, places: number): string {
  const unit = 10n ** BigInt(places);
  const fraction = String(value % unit)
    .padStart(places, "0")
    .replace(/0+$/, "");
  return fraction === "" ? String(value / unit) : `${value / unit}.${fraction}`;
}
