import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The tests run what `npm start` runs: the built page and server. */
export default function buildIfNeeded(): void {
  const script = fileURLToPath(new URL("../../scripts/build.mjs", import.meta.url));
  const { status } = spawnSync(process.execPath, [script, "--if-needed"], { stdio: "inherit" });
  if (status !== 0) {
    throw new Error("the build failed");
  }
}
