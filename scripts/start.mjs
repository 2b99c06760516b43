/** `npm start`: builds what changed, then runs the server in this very process. */
import { pathToFileURL } from "node:url";
import { buildIfNeeded, serverEntry } from "./build.mjs";

await buildIfNeeded();
await import(pathToFileURL(serverEntry).href);
