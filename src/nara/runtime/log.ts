/** One logger per service; each can be silenced on its own. */
import type { Log, LogLevel } from "../ports.ts";

export interface Logger {
  debug(text: string): void;
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
}

export interface Loggers {
  of(service: string): Logger;
  silence(service: string): void;
  restore(service: string): void;
}

export function createLoggers(log: Log): Loggers {
  const silent = new Set<string>();
  const write = (service: string, level: LogLevel, text: string): void => {
    if (!silent.has(service)) log({ level, service, text });
  };
  return {
    of: (service) => ({
      debug: (text) => write(service, "debug", text),
      info: (text) => write(service, "info", text),
      warn: (text) => write(service, "warn", text),
      error: (text) => write(service, "error", text),
    }),
    silence: (service) => void silent.add(service),
    restore: (service) => void silent.delete(service),
  };
}
