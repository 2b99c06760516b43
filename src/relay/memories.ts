/** The residents' memories in files: brought back at the start, written when somebody wants them. */
import { createReadStream, createWriteStream } from "node:fs";
import { access, constants, rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type BroughtBack, bringBack, type Rememberer } from "../nara/backup/bring-back.ts";
import { dumpLines } from "../nara/backup/dump.ts";
import { isSigned, type SyncEvent } from "../nara/events/sync-event.ts";
import { accept, type Outcome, refuse } from "../nara/outcome.ts";
import type { Log } from "../nara/ports.ts";
import { dropMeanings } from "../nara/runtime/drops.ts";
import type { Options } from "./options.ts";

export interface MemoriesParts {
  readonly options: Pick<Options, "memories" | "dump">;
  readonly log: Log;
  /** How many residents will come. */
  readonly expected: number;
}

export interface Memories {
  /** Whether the file to start with, if there is to be one, can be read. */
  findFile(): Promise<Outcome<void>>;
  /** Gives a resident the memories of that file. */
  bringBack(name: string, resident: Pick<Rememberer, "remember">): void;
  /**
   * Writes what these remember, if it is to be written. Never rejects; tells how it went. While
   * memories are still being brought back nothing is written: less would take the place of more.
   */
  write(residents: readonly Pick<Rememberer, "memories">[]): Promise<void>;
}

export function createMemories({ options, log, expected }: MemoriesParts): Memories {
  const { memories: source, dump: target } = options;
  let missing = source === undefined ? 0 : expected;
  let writing = Promise.resolve();

  const tell = (level: "info" | "warn" | "error", service: string, text: string): void =>
    log({ level, service, text });

  const bringFileBack = async (
    file: string,
    name: string,
    resident: Pick<Rememberer, "remember">,
  ): Promise<void> => {
    const open = (): AsyncIterable<string> => createReadStream(file, { encoding: "utf8" });
    try {
      const report = await bringBack(open, resident.remember);
      tell("info", name, summary(report));
      if (report.firstBad.length > 0) tell("warn", name, complaint(file, report));
      missing -= 1;
    } catch (error) {
      tell("error", name, `memories file ${file} broke off${codeOf(error)}`);
    }
  };

  const writeTo = async (
    file: string,
    residents: readonly Pick<Rememberer, "memories">[],
  ): Promise<void> => {
    if (missing > 0) {
      tell("warn", "server", `not all memories are back: nothing is written to ${file}`);
      return;
    }
    const written = await writeDump(file, residents);
    if (written.ok) tell("info", "server", `${written.value} events are written to ${file}`);
    else tell("error", "server", written.refusal);
  };

  return {
    async findFile() {
      try {
        if (source !== undefined) await access(source, constants.R_OK);
        return accept(undefined);
      } catch (error) {
        return refuse(`memories file ${source} cannot be read${codeOf(error)}`);
      }
    },
    bringBack(name, resident) {
      if (source !== undefined) void bringFileBack(source, name, resident);
    },
    write(residents) {
      if (target !== undefined) writing = writing.then(() => writeTo(target, residents));
      return writing;
    },
  };
}

/**
 * What they remember together, each event once, the signed copy where there is one. The file is
 * there whole or not at all.
 *
 * @returns how many events were written.
 */
async function writeDump(
  file: string,
  residents: readonly Pick<Rememberer, "memories">[],
): Promise<Outcome<number>> {
  const unfinished = `${file}.part`;
  const events = together(residents.flatMap((resident) => resident.memories()));
  try {
    await pipeline(Readable.from(dumpLines(events)), createWriteStream(unfinished));
    await rename(unfinished, file);
    return accept(events.length);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {
      // The fault that is told says what is wrong with the place.
    });
    return refuse(`memories cannot be written to ${file}${codeOf(error)}`);
  }
}

function together(events: readonly SyncEvent[]): readonly SyncEvent[] {
  const one = new Map<string, SyncEvent>();
  for (const event of events) {
    const known = one.get(event.id);
    if (known === undefined || (isSigned(event) && !isSigned(known))) one.set(event.id, event);
  }
  return [...one.values()];
}

function summary({ events, remembered, refused }: BroughtBack): string {
  const { duplicate = 0, ...others } = refused;
  const reasons = Object.entries(others).map(([reason, count]) => `${count} ${reason}`);
  const known = duplicate === 0 ? "" : `, knew ${duplicate} already`;
  const not = reasons.length === 0 ? "" : `; refused ${reasons.join(", ")}`;
  return `remembers ${remembered} of ${events} events${known}${not}`;
}

function complaint(file: string, { lines, events, firstBad }: BroughtBack): string {
  const [first] = firstBad;
  const why = first === undefined ? "" : `, line ${first.line}: ${dropMeanings[first.reason]}`;
  return `${lines - events} lines of ${file} are no events${why}`;
}

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? ` (${error.code})` : "";
