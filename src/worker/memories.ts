/** A nara's memories as a file, and out of one. */
import { type BroughtBack, bringBack, type Rememberer } from "../nara/backup/bring-back.ts";
import { dumpLines } from "../nara/backup/dump.ts";
import type { SyncEvent } from "../nara/events/sync-event.ts";
import { accept, type Outcome, refuse } from "../nara/outcome.ts";
import type { Clock } from "../nara/ports.ts";

/** JSON lines, one event each (docs/protocol/ui-and-api.md §c, Backup tool). */
const dumpType = "application/x-ndjson";
/** Events printed before pages get their turn: a few milliseconds of work. */
const atOnce = 500;

/** All events as a file. */
export async function dumpOf(events: readonly SyncEvent[], clock: Clock): Promise<Blob> {
  const parts: string[] = [];
  for (let from = 0; from < events.length; from += atOnce) {
    parts.push([...dumpLines(events.slice(from, from + atOnce))].join(""));
    await turnOfOthers(clock);
  }
  return new Blob(parts, { type: dumpType });
}

/**
 * @param isHere whether the nara still lives here; when it does not, reading ends. What came before
 *   is remembered all the same, as when the file cannot be read to its end.
 */
export async function rememberDump(
  dump: Blob,
  nara: Pick<Rememberer, "remember">,
  isHere: () => boolean,
): Promise<Outcome<BroughtBack>> {
  const textOf = async function* (): AsyncIterable<string> {
    const decoder = new TextDecoder();
    for await (const bytes of piecesOf(dump)) yield decoder.decode(bytes, { stream: true });
    yield decoder.decode();
  };
  const take: Rememberer["remember"] = async (events) => {
    if (!isHere()) throw new Error("another nara lives here now");
    return nara.remember(events);
  };
  try {
    return accept(await bringBack(textOf, take));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return refuse(`The memories could not be read to their end: ${why}.`);
  }
}

/** By hand: not every engine can walk through a stream with `for await`. */
async function* piecesOf(dump: Blob): AsyncIterable<Uint8Array> {
  const reader = dump.stream().getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    reader.releaseLock();
  }
}

const turnOfOthers = (clock: Clock): Promise<void> =>
  new Promise((resolve) => void clock.after(0, resolve));
