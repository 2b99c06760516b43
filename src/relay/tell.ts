/** Turns a diary's lines into what a person reads on the terminal. */
import type { Log, LogLevel } from "../nara/ports.ts";

const marks: Readonly<Record<LogLevel, string>> = {
  debug: " ",
  info: "·",
  warn: "!",
  error: "✗",
};

/** @param verbose without it, only warnings and errors are told. */
export function createTeller(verbose: boolean, write: (line: string) => void): Log {
  return ({ level, service, text }) => {
    if (!verbose && level !== "warn" && level !== "error") return;
    write(`${marks[level]} ${service}: ${oneLine(text)}`);
  };
}

/** Text from outside must not move the cursor or fake another line. */
export function oneLine(text: string): string {
  return text.replace(/[\p{C}\s]+/gu, " ").slice(0, 500);
}
