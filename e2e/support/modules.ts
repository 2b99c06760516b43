/** Serves the source's modules, so that a page can import one as it stands. */
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { createServer, type Plugin } from "vite";
import { freePort } from "./free-port.ts";

const emptyPath = "/empty";

const emptyPage: Plugin = {
  name: "an empty page",
  configureServer: ({ middlewares }) => {
    middlewares.use(emptyPath, (_request, response) => {
      response.setHeader("content-type", "text/html");
      response.end("<!doctype html>");
    });
  },
};

export interface Modules {
  /** Brings a page to where it may `import("/src/…")`. */
  open(page: Page): Promise<void>;
  stop(): Promise<void>;
}

export async function serveModules(): Promise<Modules> {
  const port = await freePort();
  const vite = await createServer({
    root: fileURLToPath(new URL("../..", import.meta.url)),
    configFile: false,
    logLevel: "error",
    server: { host: "127.0.0.1", port, strictPort: true, hmr: false, watch: null },
    optimizeDeps: { noDiscovery: true, include: [] },
    plugins: [emptyPage],
  });
  await vite.listen();
  return {
    open: async (page) => {
      await page.goto(`http://127.0.0.1:${port}${emptyPath}`);
    },
    stop: () => vite.close(),
  };
}
