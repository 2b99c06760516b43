/** Serves the source's modules, so that a page can import one as it stands. */
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { createServer } from "vite";
import { freePort } from "./free-port.ts";

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
  });
  await vite.listen();
  return {
    open: async (page) => {
      const empty = `http://127.0.0.1:${port}/empty`;
      await page.route(empty, (route) => route.fulfill({ contentType: "text/html", body: "" }));
      await page.goto(empty);
    },
    stop: () => vite.close(),
  };
}
