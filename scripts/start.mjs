/**
 * `npm start`: builds when a source changed, then runs the server in this very process, so that
 * options and signals reach it as they are.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { needsBuild, serverEntry } from "./build.mjs";

if (needsBuild()) {
  console.log("Building the page and the server …");
  const script = fileURLToPath(new URL("./build.mjs", import.meta.url));
  const { status } = spawnSync(process.execPath, [script], { stdio: "inherit" });
  if (status !== 0) {
    process.exit(1);
  }
}
await import(pathToFileURL(serverEntry).href);
