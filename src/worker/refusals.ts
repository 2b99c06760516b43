/** Why events of a file were not remembered, in words. */
import type { BroughtBack } from "../nara/backup/bring-back.ts";
import { type DropReason, dropMeanings } from "../nara/runtime/drops.ts";
import type { DropCount } from "../nara/view.ts";

/** Most frequent first; lines that are no events among them. */
export function refusalsIn({ bad, refused }: BroughtBack): readonly DropCount[] {
  const counts = new Map<DropReason, number>();
  for (const [reason, count] of [...Object.entries(bad), ...Object.entries(refused)]) {
    counts.set(reason as DropReason, (counts.get(reason as DropReason) ?? 0) + count);
  }
  return [...counts]
    .map(([reason, count]) => ({ reason, meaning: dropMeanings[reason], count }))
    .sort((one, other) => other.count - one.count || (one.reason < other.reason ? -1 : 1));
}
