/**
 * Reads a dump piece by piece, however long it is and wherever the pieces are cut. A line that is
 * no event costs itself alone: it is counted, with its number and why.
 */
import type { JsonRefusal } from "../codec/json-reader.ts";
import { decodeSyncEvent, type SyncEvent } from "../events/sync-event.ts";
import { maxFrameBytes } from "../limits.ts";
import type { DropReason } from "../runtime/drops.ts";

export interface DumpReader {
  /** The events of the lines that this piece completes. */
  push(text: string): readonly SyncEvent[];
  /** The event of a last line without a line feed, if there is one. */
  end(): readonly SyncEvent[];
  report(): DumpReport;
}

export interface DumpReport {
  /** Lines that are not empty. */
  readonly lines: number;
  /** How many of them are events. */
  readonly events: number;
  /** How many are not, by reason. */
  readonly bad: Readonly<Partial<Record<DropReason, number>>>;
  /** The first of those, for a person to look at. */
  readonly firstBad: readonly BadLine[];
}

export interface BadLine {
  /** Counted from 1, empty lines included. */
  readonly line: number;
  readonly reason: DropReason;
}

/** UTF-16 units of one line: an event is no longer than a message of the plaza may be. */
const maxLine = maxFrameBytes;
const maxFirstBad = 20;

export function createDumpReader(): DumpReader {
  let unfinished = "";
  let isTooLong = false;
  let lineNumber = 0;
  let lines = 0;
  let events = 0;
  const bad: Partial<Record<DropReason, number>> = {};
  const firstBad: BadLine[] = [];

  const refuse = (reason: DropReason): void => {
    bad[reason] = (bad[reason] ?? 0) + 1;
    if (firstBad.length < maxFirstBad) firstBad.push({ line: lineNumber, reason });
  };

  const readLine = (raw: string, found: SyncEvent[]): void => {
    lineNumber++;
    const line = (lineNumber === 1 ? raw.replace(/^\ufeff/, "") : raw).trim();
    if (line === "" && !isTooLong) return;
    lines++;
    const event = isTooLong ? tooLong : decodeSyncEvent(line);
    isTooLong = false;
    if (!event.ok) {
      refuse(event.refusal);
      return;
    }
    events++;
    found.push(event.value);
  };

  /** Keeps no more of a line than an event may have. */
  const keep = (piece: string): void => {
    if (unfinished.length + piece.length > maxLine) {
      isTooLong = true;
      unfinished = "";
    } else if (!isTooLong) {
      unfinished += piece;
    }
  };

  const finishLine = (found: SyncEvent[]): void => {
    const line = unfinished;
    unfinished = "";
    readLine(line, found);
  };

  return {
    push(text) {
      const found: SyncEvent[] = [];
      let from = 0;
      for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", from)) {
        keep(text.slice(from, end));
        finishLine(found);
        from = end + 1;
      }
      keep(text.slice(from));
      return found;
    },
    end() {
      const found: SyncEvent[] = [];
      if (unfinished !== "" || isTooLong) finishLine(found);
      return found;
    },
    report: () => ({ lines, events, bad: { ...bad }, firstBad: [...firstBad] }),
  };
}

const tooLong = { ok: false, refusal: "too_large" satisfies JsonRefusal } as const;
