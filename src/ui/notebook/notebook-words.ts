/** What is said of the note and of who keeps it. */
import type { StashView } from "../../nara/view.ts";

type Kept = Pick<StashView, "savedAtMs" | "search" | "confidants" | "wanted">;

/** How safe it is. */
export function safetyLine({ savedAtMs, search, confidants, wanted }: Kept): string {
  const count = confidants.length;
  if (savedAtMs === 0) {
    return search === "searching"
      ? "asking your friends what they keep for you…"
      : "nobody keeps anything for you yet.";
  }
  if (count === 0) {
    return "no friend keeps it yet. it is gone when this page closes before one does.";
  }
  if (count < wanted) {
    return `${count} of ${wanted} friends ${count === 1 ? "keeps" : "keep"} it. more are looked for.`;
  }
  return "it is safe with your friends, as long as one of them stays awake.";
}

/** What I do for others. */
export function keepingLine({ owners, room }: StashView["keeping"]): string {
  if (owners === 0) return `you keep nothing for others. there is room for ${room}.`;
  const whose = owners === 1 ? "somebody" : `${owners} others`;
  return `you keep something for ${whose}, sealed: only they can read it. there is room for ${room}.`;
}

/** UTF-8 bytes beyond what fits; 0 while it does. */
export const tooManyBytes = (text: string, most: number): number =>
  Math.max(0, new TextEncoder().encode(text).length - most);
