/**
 * Brings the memories of a dump back, through the same gate as everything that comes from outside.
 *
 * The dump is read twice: first for greetings and farewells, which show the keys under which
 * everything else must hold.
 */
import { kindOf, type SyncEvent } from "../events/sync-event.ts";
import type { DropReason } from "../runtime/drops.ts";
import type { Taken } from "../trust/intake.ts";
import { createDumpReader, type DumpReport } from "./dump-reader.ts";

/** What a nara gives for it. */
export interface Rememberer {
  /** All events it remembers, in order of arrival. */
  memories(): readonly SyncEvent[];
  /** Takes its own memories in through its gate. Never rejects. */
  remember(events: readonly SyncEvent[]): Promise<Taken>;
}

export interface BroughtBack extends DumpReport {
  /** Events that are remembered again. */
  readonly remembered: number;
  /** How many are not, by reason; what is known already among them. */
  readonly refused: Readonly<Partial<Record<DropReason, number>>>;
}

/** Events that are handed to the gate together. */
const atOnce = 2000;

/**
 * @param open gives the text of the dump in pieces, anew at each call. When it throws, what came
 *   before is remembered.
 */
export async function bringBack(
  open: () => AsyncIterable<string>,
  take: Rememberer["remember"],
): Promise<BroughtBack> {
  let remembered = 0;
  const refused: Partial<Record<DropReason, number>> = {};

  const hand = async (events: readonly SyncEvent[]): Promise<void> => {
    const { added, dropped } = await take(events);
    remembered += added;
    for (const [reason, count] of dropped) refused[reason] = (refused[reason] ?? 0) + count;
  };

  const read = async (isWanted: (event: SyncEvent) => boolean): Promise<DumpReport> => {
    const reader = createDumpReader();
    const waiting: SyncEvent[] = [];
    const gather = async (events: readonly SyncEvent[]): Promise<void> => {
      for (const event of events) if (isWanted(event)) waiting.push(event);
      while (waiting.length >= atOnce) await hand(waiting.splice(0, atOnce));
    };
    for await (const piece of open()) await gather(reader.push(piece));
    await gather(reader.end());
    if (waiting.length > 0) await hand(waiting);
    return reader.report();
  };

  await read(showsKey);
  const report = await read((event) => !showsKey(event));
  return { ...report, remembered, refused };
}

const showsKey = (event: SyncEvent): boolean => kindOf(event).embeddedKey !== undefined;
