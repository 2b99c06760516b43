/** A ledger that was made smaller forgets bit by bit; everything else has its turn in between. */
import type { Clock } from "../ports.ts";
import type { Ledger } from "./ledger-types.ts";

export function trimInSteps(ledger: Pick<Ledger, "trim">, clock: Pick<Clock, "after">): void {
  if (!ledger.trim()) clock.after(0, () => trimInSteps(ledger, clock));
}
