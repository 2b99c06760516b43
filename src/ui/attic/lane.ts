/**
 * Memories as they are asked for: page after page, as far down as somebody looks. One lane answers
 * one question; another question is another lane.
 */
import { batch, createSignal } from "solid-js";
import type { MemoryQuery, TimelineEntry } from "../../nara/view.ts";
import type { Command, CommandResult } from "../../worker/protocol.ts";

export interface Lane {
  /** Memories that fit the question; undefined until the first answer. */
  readonly total: () => number | undefined;
  /** Undefined while it was not brought yet. */
  at(index: number): TimelineEntry | undefined;
  /** Memories brought so far, from the newest on. */
  readonly loaded: () => number;
  /** Why no more were brought; the next wish tries again. */
  readonly trouble: () => string | undefined;
  /** Brings everything down to this index. */
  want(index: number): void;
}

export type Question = Pick<MemoryQuery, "kinds" | "name">;

/** As many as a host gives at once (src/nara/recall.ts). */
const pageLength = 500;

export const createLane = (
  ask: (command: Command) => Promise<CommandResult>,
  question: Question,
): Lane => {
  const entries: TimelineEntry[] = [];
  const [loaded, setLoaded] = createSignal(0);
  const [total, setTotal] = createSignal<number>();
  const [trouble, setTrouble] = createSignal<string>();
  let cursor = "";
  let isWhole = false;
  let wanted = -1;
  let isBringing = false;

  const bring = async (): Promise<boolean> => {
    const query = { ...question, cursor, limit: pageLength };
    const result = await ask({ type: "recall", query });
    if (!result.ok) {
      setTrouble(result.why);
      return false;
    }
    if (result.type !== "recalled") return false;
    const { page } = result;
    entries.push(...page.entries);
    cursor = page.cursor;
    isWhole = cursor === "";
    batch(() => {
      setTrouble(undefined);
      setLoaded(entries.length);
      setTotal(isWhole ? entries.length : Math.max(entries.length + 1, page.total));
    });
    return true;
  };

  return {
    total,
    loaded,
    trouble,
    at: (index) => (index < loaded() ? entries[index] : undefined),
    async want(index) {
      wanted = Math.max(wanted, index);
      if (isBringing) return;
      isBringing = true;
      while (!isWhole && entries.length <= wanted && (await bring()));
      isBringing = false;
    },
  };
};
