/** The server as a program: options in, lines out, signals, an exit code. */
import type { Outcome } from "../nara/outcome.ts";
import type { Log } from "../nara/ports.ts";
import { banner } from "./banner.ts";
import { dumpDeadlineMs, shutdownDeadlineMs } from "./limits.ts";
import { helpText, type Options, parseOptions } from "./options.ts";
import type { RunningServer } from "./server.ts";
import { createTeller, oneLine } from "./tell.ts";

/** What a program has of its process. */
export interface ProcessHere {
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  print(text: string): void;
  complain(line: string): void;
  exit(code: number): void;
  /** SIGINT and SIGTERM. */
  onSignal(heard: () => void): void;
  /** SIGUSR2. */
  onDumpSignal(heard: () => void): void;
  onUncaught(caught: (error: unknown) => void): void;
}

export type StartServer = (options: Options, log: Log) => Promise<Outcome<RunningServer>>;

export async function run(here: ProcessHere, start: StartServer): Promise<void> {
  const command = parseOptions(here.words, here.environment);
  if (!command.ok) return fail(here, command.refusal);
  if (command.value.type === "help") {
    here.print(helpText());
    return here.exit(0);
  }
  const { options } = command.value;
  const log = createTeller(options.verbose, here.complain);

  let server: RunningServer | undefined;
  let signals = 0;
  const leave = (code: number): void => {
    const deadlineMs = shutdownDeadlineMs + (options.dump === undefined ? 0 : dumpDeadlineMs);
    const deadline = setTimeout(() => {
      here.complain("nara-tab: not everyone could say chau in time");
      here.exit(code === 0 ? 1 : code);
    }, deadlineMs);
    const stopped = server === undefined ? Promise.resolve() : server.stop();
    stopped
      .catch((error: unknown) => here.complain(`nara-tab: ${oneLine(String(error))}`))
      .finally(() => {
        clearTimeout(deadline);
        here.exit(code);
      });
  };
  here.onSignal(() => {
    signals += 1;
    if (signals > 1 || server === undefined) return here.exit(signals > 1 ? 1 : 0);
    leave(0);
  });
  here.onUncaught((error) => {
    if (server?.recover(error) === true) return;
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
    here.complain(`nara-tab broke: ${options.verbose ? told : oneLine(String(error))}`);
    if (signals === 0) leave(1);
    signals += 1;
  });

  const started = await start(options, log);
  if (!started.ok) return fail(here, started.refusal);
  server = started.value;
  if (options.dump !== undefined) here.onDumpSignal(() => void server?.dump());
  here.print(banner(server));
}

function fail(here: ProcessHere, why: string): void {
  here.complain(`nara-tab: ${oneLine(why)}`);
  here.exit(1);
}
