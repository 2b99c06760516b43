/** Other programs that a test needs beside it. Each is ended by its own handle, never by name. */
import { type ChildProcess, spawn } from "node:child_process";

export interface Program {
  /** What it said so far, on both of its outputs. */
  said(): string;
  /** Asks it to end and waits until it has. */
  stop(): Promise<void>;
}

/**
 * Starts a program and waits until it says that it is ready.
 *
 * @param ready looks for the sign in what it said so far.
 * @throws when it ends before.
 */
export async function startProgram(
  command: string,
  options: readonly string[],
  ready: RegExp,
): Promise<Program & { readonly sign: RegExpExecArray }> {
  const child = spawn(command, options, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const sign = await new Promise<RegExpExecArray>((resolve, reject) => {
    const listen = (chunk: Buffer): void => {
      output += chunk.toString();
      const found = ready.exec(output);
      if (found !== null) {
        resolve(found);
      }
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.once("error", reject);
    child.once("close", (code) => reject(new Error(`${command} ended with ${code}:\n${output}`)));
  });
  return { sign, said: () => output, stop: () => stopped(child) };
}

function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    child.once("close", () => resolve());
    child.kill("SIGTERM");
  });
}
