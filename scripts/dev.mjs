/**
 * `npm run dev`: the page with hot reload, before a server of its own with plaza and residents.
 * Options go to that server. What it is made of (src/relay, src/adapters, src/nara) reaches it at
 * the next start.
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createServer } from "vite";

const start = fileURLToPath(new URL("./start.mjs", import.meta.url));
const server = spawn(process.execPath, [start, ...process.argv.slice(2)], {
  stdio: ["ignore", "pipe", "inherit"],
});
const target = await addressOf(server.stdout);

const page = await createServer({
  root: fileURLToPath(new URL("..", import.meta.url)),
  server: { proxy: { "/mqtt": { target, ws: true, changeOrigin: true, rewriteWsOrigin: true } } },
});
await page.listen();
page.printUrls();

const stop = () => {
  server.kill();
  void page.close();
};
process.once("SIGINT", stop);
process.once("SIGTERM", stop);
server.once("close", () => void page.close());

/**
 * The first address that the server prints.
 *
 * @param {import("node:stream").Readable} output
 * @returns {Promise<string>}
 */
function addressOf(output) {
  return new Promise((resolve, reject) => {
    output.once("close", () => reject(new Error("the server did not start")));
    output.on("data", (chunk) => {
      process.stdout.write(chunk);
      const found = /https?:\/\/[^\s/]+/.exec(String(chunk));
      if (found !== null) {
        resolve(found[0]);
      }
    });
  });
}
