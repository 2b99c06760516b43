/** The server as `npm start` runs it, on a port of its own. */
import { fileURLToPath } from "node:url";
import { freePort } from "./free-port.ts";
import { type Program, startProgram } from "./program.ts";

const entry = fileURLToPath(new URL("../../dist/relay/main.js", import.meta.url));

export interface Server extends Program {
  /** Where its page is, without a slash at the end. */
  readonly url: string;
  /** Where its plaza is. */
  readonly plazaUrl: string;
}

/** @param options as on the command line; a free port is added. */
export async function startServer(...options: readonly string[]): Promise<Server> {
  const port = ["--port", String(await freePort())];
  const plaza = options.includes("--plaza") ? [] : ["--plaza-tcp", "off"];
  const program = await startProgram(
    process.execPath,
    [entry, ...port, ...plaza, ...options],
    /http:\/\/[^\s/]+:(\d+)/,
  );
  const host = `127.0.0.1:${program.sign[1]}`;
  return { ...program, url: `http://${host}`, plazaUrl: `ws://${host}/mqtt` };
}
