/** How events reach a nara, and what the gate says of them. (design "What we accept" 1–5) */
import type { CheckedEvent } from "../ledger/checked-event.ts";
import type { DropReason } from "../runtime/drops.ts";

/**
 * The way an event came. Zines, sync responses and imports carry many, signed as a whole by
 * somebody: `from` names who that was, and its signature has been verified.
 */
export type Source =
  | { readonly path: "plaza" | "dm" }
  | { readonly path: "zine" | "sync" | "import"; readonly from: string };

/**
 * | judgement | meaning |
 * |---|---|
 * | proven | its author signed it, or enough known voters did |
 * | vouched | nobody signed it, but `by` signed for telling it |
 * | drop | refused, and why |
 */
export type Judgement =
  | { readonly tier: "proven"; readonly event: CheckedEvent }
  | { readonly tier: "vouched"; readonly event: CheckedEvent; readonly by: string }
  | { readonly drop: DropReason };
