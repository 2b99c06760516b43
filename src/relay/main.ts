/** `npm start`: the page, a plaza and a few naras, in one process. `--help` tells the rest. */
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { createNara } from "../nara/nara.ts";
import { createWebApi } from "../nara/web-api/web-api.ts";
import { createNodeMachine } from "./machine.ts";
import { run } from "./run.ts";
import { startServer } from "./server.ts";

/** The build puts the page beside the server. */
const pageFolder = join(dirname(fileURLToPath(import.meta.url)), "..", "page");

const host = createNodeMachine();

await run(
  {
    words: process.argv.slice(2),
    environment: process.env,
    print: (text) => console.log(text),
    complain: (line) => console.error(line),
    exit: (code) => process.exit(code),
    onSignal: (heard) => {
      process.on("SIGINT", heard);
      process.on("SIGTERM", heard);
    },
    onDumpSignal: (heard) => process.on("SIGUSR2", heard),
    onUncaught: (caught) => process.on("uncaughtException", caught),
  },
  (options, log) =>
    startServer({
      options,
      log,
      pageFolder,
      createResident: (identity, ports) =>
        createNara({
          ...{ identity, ports, host },
          ...(options.api !== undefined && { webApi: createWebApi }),
        }),
    }),
);
