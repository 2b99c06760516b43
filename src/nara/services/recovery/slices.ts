/**
 * The old way to share out the remembering: each neighbour tells one slice of what it knows. Slices
 * that failed or were empty are asked for once more, of those who answered.
 * (docs/protocol/presence-and-life.md §3, legacy; docs/protocol/events-and-ledger.md §6, other)
 */
import { maxSyncEvents } from "../../limits.ts";
import type { ServiceContext } from "../../runtime/service.ts";
import { inParallel } from "./in-parallel.ts";
import { patiently } from "./patiently.ts";
import type { Plan } from "./plan.ts";
import { isMadeUp } from "./witnesses.ts";

export interface SlicesParts {
  readonly nara: Pick<ServiceContext, "mesh" | "take" | "after">;
  readonly plan: Pick<Plan, "wanted" | "parallel">;
  /** Who is asked. */
  readonly names: readonly string[];
  /** Whom it is about: all who are here, and me. */
  readonly subjects: readonly string[];
  onTaken(name: string, added: number): void;
}

/** Events asked of one neighbour at least (§3). */
const leastEvents = 100;

interface Slice {
  readonly name: string;
  readonly index: number;
}

/** The slices that are left to nobody, after the second try: those of `names` in turn to `responders`. */
export const secondTry = (
  failed: readonly number[],
  responders: readonly string[],
): readonly Slice[] =>
  failed.flatMap((index, at) => {
    const name = responders[at % Math.max(1, responders.length)];
    return name === undefined ? [] : [{ name, index }];
  });

/** Resolves when all have answered, or not. */
export async function fetchSlices(parts: SlicesParts): Promise<void> {
  const { nara, plan, names, subjects } = parts;
  const maxEvents = Math.min(
    maxSyncEvents,
    Math.max(leastEvents, Math.floor(plan.wanted / Math.max(1, names.length))),
  );

  /** How many events came; undefined for no answer. */
  const fetch = async ({ name, index }: Slice): Promise<number | undefined> => {
    const question = { subjects, sliceIndex: index, sliceTotal: names.length, maxEvents };
    const answer = await patiently(nara, () => nara.mesh.client.sync(name, question));
    if (!answer.ok || answer.value.ids.length > maxEvents) return undefined;
    const taken = await nara.take(answer.value.events, { path: "sync", from: name });
    parts.onTaken(name, taken.added);
    return isMadeUp(taken) ? undefined : answer.value.ids.length;
  };

  const slices = names.map((name, index) => ({ name, index }));
  const counts = await inParallel(slices, plan.parallel, fetch);
  const failed = slices.filter(({ index }) => (counts[index] ?? 0) === 0);
  const responders = names.filter((_, index) => counts[index] !== undefined);
  await inParallel(
    secondTry(
      failed.map(({ index }) => index),
      responders,
    ),
    plan.parallel,
    fetch,
  );
}
